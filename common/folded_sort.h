/* Lines of folded text kept in memory and sorted; sorting texts. */
#ifndef COMMON_FOLDED_SORT_H
#define COMMON_FOLDED_SORT_H

#include "common/folded.h"
#include "common/mem.h"

/* A text to be sorted, and whatever its owner knows it by. */
struct sort_item {
	uint64_t key; /* used by the sort */
	const char *at;
	uint32_t size, number;
};
/* Sorts the texts bytewise; equal ones in no particular order. */
void items_sort(struct sort_item *items, size_t count);
/* The numbers of the texts (at most 2^32) in their bytewise order; the array belongs to the caller. */
uint32_t *texts_order(const struct text *texts, size_t count);

/* Lines that are kept, of stacks shorter than 4 GiB. All zero is empty. */
struct folded_lines {
	struct sort_item *items; /* number: counts of the line; they stand before its stack */
	size_t count, capacity;
	size_t size;   /* bytes of all stacks */
	bool unsorted; /* some stack came before its predecessor */
	struct arena bytes;
};

/* Adds a copy of the line. */
void folded_lines_add(struct folded_lines *lines, const struct folded_line *line);
/* Sorts them bytewise by stack. */
void folded_lines_sort(struct folded_lines *lines);
struct folded_line folded_lines_get(const struct folded_lines *lines, size_t i);
/* Asks the memory for what folded_lines_get will need. */
void folded_lines_prefetch(const struct folded_lines *lines, size_t i);
void folded_lines_free(struct folded_lines *lines);

#endif
