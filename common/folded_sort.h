/* Lines of folded text kept in memory and sorted; sorting texts. */
#ifndef COMMON_FOLDED_SORT_H
#define COMMON_FOLDED_SORT_H

#include "common/folded.h"
#include "common/mem.h"

/* All zero is empty. */
struct folded_lines {
	struct folded_line *lines; /* their stacks are copies that live in `bytes` */
	size_t count, capacity;
	size_t size;   /* bytes of all stacks */
	bool unsorted; /* some stack came before its predecessor */
	struct arena bytes;
};

void folded_lines_add(struct folded_lines *lines, const struct folded_line *line);
/* Sorts them bytewise by stack. */
void folded_lines_sort(struct folded_lines *lines);
void folded_lines_free(struct folded_lines *lines);

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

#endif
