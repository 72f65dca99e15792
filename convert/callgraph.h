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
/* Adds to what the callee costs, with all that it calls, when this caller calls it. */
void callgraph_add_edge(struct callgraph *graph, uint32_t caller, uint32_t callee, double weight);
/* Adds the stacks. They start at the functions that nobody calls (and at those that only call each other), each
 * function's share goes to its callees as its edges say, a function that is on the stack already is not entered again,
 * and branches below 1/10,000 of the whole end where they are. */
void callgraph_write(struct callgraph *graph, struct stacks *stacks);

#endif
