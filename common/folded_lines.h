/* Lines of folded text kept in memory and sorted. */
#ifndef COMMON_FOLDED_LINES_H
#define COMMON_FOLDED_LINES_H

#include "common/folded.h"
#include "common/mem.h"
#include "common/text_sort.h"

/* Lines that are kept, of stacks shorter than 4 GiB. All zero is empty. */
struct folded_lines {
	struct sort_item *items; /* number: the count if it is small and whole, or where it stands in `odd` */
	size_t count, capacity;
	double *odd; /* two for each line there: its count; the old one, NAN if it had one count only */
	size_t odd_count, odd_capacity;
	bool pairs;              /* some line had two counts */
	size_t size;             /* bytes that are kept */
	double sum;              /* of all counts */
	bool unsorted;           /* some stack came before its predecessor */
	struct light_runs light; /* after folded_lines_sort */
	struct arena bytes;
};

/* Adds a line whose stack stays where it is, or a copy of it. */
void folded_lines_add(struct folded_lines *lines, const struct folded_line *line);
void folded_lines_add_copy(struct folded_lines *lines, const struct folded_line *line);
/* Sorts them bytewise by stack, but not those in lines->light: together they weigh less than `share` of the sum. None
 * are if a line had two counts. */
void folded_lines_sort(struct folded_lines *lines, double share);
struct folded_line folded_lines_get(const struct folded_lines *lines, size_t i);
/* How many different frames of the stacks in a run weigh too little by themselves: those behind its shared bytes. */
uint32_t folded_lines_frames(const struct folded_lines *lines, const struct light_run *run);
/* Asks the memory for what folded_lines_get will need. */
void folded_lines_prefetch(const struct folded_lines *lines, size_t i);
void folded_lines_free(struct folded_lines *lines);

#endif
