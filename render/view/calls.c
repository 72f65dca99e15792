#include "render/view/calls.h"

#include <stdlib.h>

#include "common/mem.h"

/* What a node passes on to its children. */
enum { OUTSIDE = UINT32_MAX }; /* not below the function; else: the name right below its innermost frame */

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
	return calls;
}

void calls_free(struct calls *calls)
{
	free(calls->callers);
	free(calls->callees);
}
