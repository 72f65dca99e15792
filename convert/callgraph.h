/* Call graphs (who called whom, and what that cost) to stacks. What a function does is taken to be the same for all of
 * its callers, so the stacks are estimates; self weights keep their sums. */
#ifndef CONVERT_CALLGRAPH_H
#define CONVERT_CALLGRAPH_H

#include "common/stacks.h"

struct callgraph *callgraph_new(void);
void callgraph_free(struct callgraph *graph);

/* The number of the function with that name (a number of the stacks' names). */
uint32_t callgraph_function(struct callgraph *graph, uint32_t name);
/* Adds to what it costs by itself. */
void callgraph_add_self(struct callgraph *graph, uint32_t function, double weight);
/* What the function costs with all that it calls, where the input says so; else it is the sum of its own and its calls'
 * costs. */
void callgraph_add_total(struct callgraph *graph, uint32_t function, double weight);
/* Adds to what the callee costs, with all that it calls, when this caller calls it. */
void callgraph_add_edge(struct callgraph *graph, uint32_t caller, uint32_t callee, double weight);
/* Adds the stacks. They start at the functions that cost more than their callers account for; circles of calls are cut
 * where they close; each function's costs are shared out among its callers as its edges say; branches below 1/10,000 of
 * the whole end where they are, with all their weight. */
void callgraph_write(struct callgraph *graph, struct stacks *stacks);

#endif
