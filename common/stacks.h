/* THE table: unique stacks as a prefix tree over interned frame names, and their sums. */
#ifndef COMMON_STACKS_H
#define COMMON_STACKS_H

#include <stdbool.h>
#include <stdint.h>

#include "flat.h"

/* A node of the tree: the stack that leads to it from the root. Node 0 is the root, the empty stack. A parent
 * always has a smaller number than its children. */
struct stacks_node {
	uint32_t parent;
	uint32_t name; /* number in `names`; meaningless for node 0; see STACKS_GAP */
	double self;   /* weight of the samples that end here */
};

/* A node that stands for neighbours dropped while reading (folded_rules.prune), with all below them, has this bit in
 * its name; the others are how many they are. `self` is all their weight. It has no children. */
#define STACKS_GAP 0x80000000u

/* One step of the time order. */
struct stacks_step {
	uint32_t node;
	double weight;
};

/* What the samples that end at a node weigh. */
struct stacks_weights {
	double new, old; /* old: of differential lines, else 0 */
	bool compared;   /* see stacks.compared */
};

struct stacks {
	struct intern names;
	struct stacks_node *nodes;
	uint32_t count; /* nodes, at least 1 */
	size_t capacity;
	uint32_t *slots; /* open addressing over (parent, name): nodes that do not stand right behind their parent, 0 is
			    free; NULL until stacks_child needs it */
	size_t slot_count;
	uint32_t slots_used;
	double *old;      /* first counts of differential lines by node (weight before), or NULL if there are none */
	bool *compared;   /* with old: the node was made by a line with two counts */
	double max_delta; /* largest |new - old| of one line */
	bool gaps;        /* some nodes are gaps */
	bool sorted;      /* siblings were made in the order of stacks_children */
	bool ordered;     /* keep the time order: */
	struct stacks_step *steps;
	size_t step_count, step_capacity;
	struct flat whole; /* stacks that were added whole, beside the tree: known to stacks_merge, stacks_total and
			      folded_write; for all else they must be planted */
};

/* An empty table; with `ordered` each addition is also kept as a step, equal neighbours merged. */
struct stacks *stacks_new(bool ordered);
void stacks_free(struct stacks *stacks);
/* Makes it as empty as a new one. */
void stacks_clear(struct stacks *stacks);

/* The number of a frame name. */
static inline uint32_t stacks_name(struct stacks *stacks, const char *at, size_t size)
{
	return intern(&stacks->names, at, size);
}
/* The child of `parent` with that name, made if it is new. At most 2^32 - 2 nodes (more end the program). */
uint32_t stacks_child(struct stacks *stacks, uint32_t parent, uint32_t name);
/* A new child of `parent`: sorted input knows without looking that it has none of that name, and that it comes behind
 * all its siblings. Not after stacks_child was called. */
uint32_t stacks_new_child(struct stacks *stacks, uint32_t parent, uint32_t name);
/* Adds weight to the stack that ends at `node`. */
void stacks_add(struct stacks *stacks, uint32_t node, double weight);
/* Adds the two counts of a differential line. */
void stacks_add_pair(struct stacks *stacks, uint32_t node, double old, double new);
/* Takes all weights away from a node, adds them to another. */
struct stacks_weights stacks_take_weights(struct stacks *stacks, uint32_t node);
void stacks_add_weights(struct stacks *stacks, uint32_t node, struct stacks_weights weights);
/* Puts the stacks that were added whole (flat_stack(&stacks->whole, ...)) into the tree. */
void stacks_plant(struct stacks *stacks);
/* Adds all of `from` (its names and nodes get numbers of their own in `into`; steps are appended). */
void stacks_merge(struct stacks *into, const struct stacks *from);

/* Sum of all self weights. */
double stacks_total(const struct stacks *stacks);
/* By node: its weight (self; or, with `own`, what stands there for the node) with that of all below it. The array
 * belongs to the caller. */
double *stacks_totals(const struct stacks *stacks, const double *own);

/* The children of every node as lists, siblings in the bytewise order of name + ";". */
struct stacks_children {
	uint32_t *first; /* by node: its first child, 0 if it has none */
	uint32_t *next;  /* by node: its next sibling, 0 if it is the last */
};
struct stacks_children stacks_children(const struct stacks *stacks);
/* The same, siblings in the order in which they were made. */
struct stacks_children stacks_children_as_made(const struct stacks *stacks);
/* The same, by falling totals; equal ones in the order of stacks_children, gaps last. */
struct stacks_children stacks_children_by_total(const struct stacks *stacks, const double *totals);
void stacks_children_free(struct stacks_children *children);

#endif
