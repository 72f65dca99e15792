/* Stacks into a table one after the other: what a stack shares with the one before is not looked up again. */
#ifndef COMMON_FOLDED_PATH_H
#define COMMON_FOLDED_PATH_H

#include "common/folded.h"

struct folded_step;
struct folded_aside;

struct folded_path {
	struct stacks *stacks;
	bool sorted;
	double prune;
	struct text last;          /* the stack added before */
	struct folded_step *steps; /* the root, and the frames that it begins with, */
	size_t depth, capacity;
	bool has_tail; /* and behind those frames that nobody needed yet; */
	double tail;   /* their weight */
	double sum;    /* of all weights so far */
	struct folded_aside *asides;
	size_t aside_count, aside_capacity;
};

/* sorted: stacks will come in the order of sorted folded text, so stacks_child is not used on the table before
 * folded_path_end. prune: the share of the sum below which frames are dropped (see folded_rules.prune); only if
 * sorted. */
void folded_path_start(struct folded_path *path, struct stacks *stacks, bool sorted, double prune);
/* Adds the weights of a line to `stack` (its own, or what became of that), which must stay where it is until the next
 * call; or see folded_path_move. False if it does not sort behind the one before while frames are dropped. */
bool folded_path_add(struct folded_path *path, struct text stack, const struct folded_line *line);
/* The last stack stands at another place now: the same bytes, or none (no prefix is shared with the next one; only if
 * not sorted). */
void folded_path_move(struct folded_path *path, struct text last);
/* Completes the table and frees all but that. */
void folded_path_end(struct folded_path *path);

#endif
