#include "render/report/analysis.h"

#include <stdlib.h>

#include "common/mem.h"
#include "render/report/load.h"

static void count_stacks(struct analysis *analysis)
{
	const struct stacks *stacks = analysis->stacks;
	uint32_t *depths = mem_zero(stacks->count, sizeof *depths);
	for (uint32_t node = 0; node < stacks->count; node++) {
		if (node)
			depths[node] = depths[stacks->nodes[node].parent] + 1;
		if (depths[node] > analysis->depth)
			analysis->depth = depths[node];
		analysis->count += stacks->nodes[node].self != 0;
	}
	free(depths);
}

bool analysis_read(struct analysis *analysis, const char *path, bool ordered)
{
	*analysis = (struct analysis){0};
	analysis->stacks = load_profile(path, ordered, &analysis->whole);
	if (!analysis->stacks)
		return false;
	analysis->graph = callgraph_of(analysis->stacks, ordered);
	analysis->sum = stacks_total(analysis->stacks);
	count_stacks(analysis);
	return true;
}

void analysis_free(struct analysis *analysis)
{
	callgraph_free(&analysis->graph);
	stacks_free(analysis->stacks);
	*analysis = (struct analysis){0};
}
