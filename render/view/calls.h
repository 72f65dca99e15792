/* Who calls a function, and whom it calls. */
#ifndef RENDER_VIEW_CALLS_H
#define RENDER_VIEW_CALLS_H

#include "render/view/graph.h"

/* Sums by name of the graph; in `callers` the element behind the names is for those called by nobody. Recursion is
 * counted once: the sum of the callers is the function's total; the sum of the callees and its self is it, too. Graphs
 * of turned stacks give the same. */
struct calls {
	uint32_t names;
	double *callers, *callees;
	double total, self;
};
struct calls calls_of(const struct graph *graph, uint32_t name);
void calls_free(struct calls *calls);

#endif
