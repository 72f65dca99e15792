/* Stacks into a table one after the other: what a stack shares with the one before is not looked up again. */
#ifndef COMMON_FOLDED_PATH_H
#define COMMON_FOLDED_PATH_H

#include "common/folded.h"

struct folded_chain;
struct folded_aside;

/* What is known of the order in which stacks come. */
enum folded_order {
	FOLDED_ANY,
	FOLDED_SORTED_SO_FAR, /* any from the first one on that does not sort behind the one before */
	FOLDED_SORTED,        /* they must */
};

struct folded_path {
	struct stacks *stacks;
	enum folded_order order;
	double prune, least;               /* lighter frames are dropped */
	struct text last;                  /* the stack added before */
	struct folded_chain *chains, *top; /* the root, and the frames of that stack; the last one of these */
	size_t capacity;
	double sum; /* of all weights so far */
	struct folded_aside *asides;
	size_t aside_count, aside_capacity;
};

/* If they are sorted, stacks_child is not used on the table before folded_path_end. prune: the share of the sum below
 * which frames are dropped (see folded_rules.prune); only for FOLDED_SORTED, else 0. sum: what it will be at least, if
 * that is known (the more, the faster), else 0. */
void folded_path_start(
	struct folded_path *path, struct stacks *stacks, enum folded_order order, double prune, double sum);
/* How many bytes at the start of `text` are those of the stack added before. */
size_t folded_path_shared(const struct folded_path *path, struct text text);
/* Adds the weights of a line to `stack` (its own, or what became of that), which must stay where it is until the next
 * call; or see folded_path_move. common: folded_path_shared of the stack. False if it does not sort behind the one
 * before, but must. */
bool folded_path_add(struct folded_path *path, struct text stack, size_t common, const struct folded_line *line);
/* The same for stacks that are dropped, with all frames that do not end in the first `shared` bytes (see light_run):
 * `stack` is one of them, `frames` is how many different frames follow there. Only if they are sorted. */
bool folded_path_add_light(
	struct folded_path *path, struct text stack, size_t common, size_t shared, uint32_t frames, double weight);
/* The last stack stands at another place now: the same bytes, or none (no prefix is shared with the next one; only if
 * not sorted). */
void folded_path_move(struct folded_path *path, struct text last);
/* Completes the table and frees all but that. False if the sum is less than was said: too much was dropped. */
bool folded_path_end(struct folded_path *path);

#endif
