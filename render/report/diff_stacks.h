/* The union of two profiles' stacks. */
#ifndef REPORT_DIFF_STACKS_H
#define REPORT_DIFF_STACKS_H

#include "common/stacks.h"

/* What a stack of the union weighs in each; by node. */
struct diff_weights {
	double now, old; /* old: scaled */
};

struct diff_stacks {
	struct stacks *stacks; /* their nodes hold no weight yet */
	struct diff_weights *weights;
};

/* Old weights are multiplied by `scale`. */
struct diff_stacks diff_stacks_of(const struct stacks *now, const struct stacks *old, double scale);
/* Gives the nodes their weights, instead of those they have: old and new, or (turned) the other way round. */
void diff_stacks_fill(struct diff_stacks *diff, bool turned);
void diff_stacks_free(struct diff_stacks *diff);

#endif
