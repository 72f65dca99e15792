#include "render/view/calls.h"

#include <stdlib.h>

#include "common/mem.h"

/* What a node passes on to its children. */
enum { OUTSIDE = UINT32_MAX }; /* not below the function; else: the name right below its innermost frame */

/* What a turned graph has above a function is what it calls; what stands right above the root there, are leaves. */
static void turn_round(struct calls *calls)
{
	double *callees = calls->callers, roots = calls->self;
	calls->callers = calls->callees;
	calls->callees = callees;
	calls->self = callees[calls->names];
	callees[calls->names] = 0;
	calls->callers[calls->names] = roots;
}

struct calls calls_of(const struct graph *graph, uint32_t name)
{
	uint32_t names = graph->stacks->names.count, inside = names;
	struct calls calls = {.names = names,
		.callers = mem_zero((size_t)names + 1, sizeof(double)),
		.callees = mem_zero((size_t)names + 1, sizeof(double))};
	uint32_t *state = mem_alloc(graph->count * sizeof *state); /* `inside`: the node is the function itself */
	state[0] = OUTSIDE;
	for (uint32_t node = 1; node < graph->count; node++) {
		uint32_t parent = graph->parent[node], above = state[parent];
		state[node] = graph->name[node] == name ? inside : above == inside ? graph->name[node] : above;
		if (state[node] == OUTSIDE)
			continue;
		if (state[node] == inside)
			calls.self += graph->self[node];
		else
			calls.callees[state[node]] += graph->self[node];
		if (above == OUTSIDE) {
			calls.callers[parent ? graph->name[parent] : names] += graph->total[node];
			calls.total += graph->total[node];
		}
	}
	free(state);
	if (graph->leaf_first)
		turn_round(&calls);
	return calls;
}

void calls_free(struct calls *calls)
{
	free(calls->callers);
	free(calls->callees);
}
