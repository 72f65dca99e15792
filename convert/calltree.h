/* Call trees written as rows with a depth each, parents first: what a row weighs by itself. */
#ifndef CONVERT_CALLTREE_H
#define CONVERT_CALLTREE_H

#include "common/stacks.h"

struct calltree_level {
	uint32_t node;
	double rest; /* its inclusive weight less that of the children seen so far */
};

struct calltree {
	struct stacks *stacks;
	struct calltree_level *levels; /* the rows from the root to the last one */
	size_t depth, capacity;
};

/* Takes a row; `inclusive` is its weight with that of its children, who come later: what they leave of it (if that is
 * more than 0) is added to its stack when its last child has passed. Rows that have their own weight instead pass 0 and
 * add it to the node themselves. False, and nothing is taken, if a level is missing above the row (depth >
 * tree->depth). */
bool calltree_row(struct calltree *tree, size_t depth, uint32_t name, double inclusive, uint32_t *node);
/* A row that adds nothing by itself whatever its children leave. */
void calltree_ignore_self(struct calltree *tree);
/* Ends the tree; another one may begin. */
void calltree_end(struct calltree *tree);
void calltree_free(struct calltree *tree);

#endif
