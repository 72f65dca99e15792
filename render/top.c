/* A text table of functions. */
#include <stdlib.h>

#include "common/mem.h"
#include "render/callgraph.h"
#include "render/writers.h"

static const struct callgraph *sorted;

static int compare_functions(const void *left, const void *right)
{
	const struct callgraph_function *a = &sorted->functions[*(const uint32_t *)left];
	const struct callgraph_function *b = &sorted->functions[*(const uint32_t *)right];
	if (a->self != b->self)
		return a->self > b->self ? -1 : 1;
	if (a->total != b->total)
		return a->total > b->total ? -1 : 1;
	return text_compare(a->name, b->name);
}

static bool write_stacks(const struct stacks *stacks, const struct view *view, struct sink *sink)
{
	struct callgraph graph = callgraph_of(stacks, view->flame_chart);
	double sum = stacks_total(stacks);
	uint32_t *order = mem_zero((size_t)graph.names.count + 1, sizeof *order), count = 0;
	for (uint32_t i = 0; i < graph.names.count; i++)
		if (graph.functions[i].total > 0)
			order[count++] = i;
	sorted = &graph;
	mem_sort(order, count, sizeof *order, compare_functions);
	sink_format(sink, "%s\n%.10g %s\n\n%8s %8s %12s %12s  function (file)\n", view->title, sum * view->factor,
		view->count_name, "self", "total", "self", "total");
	for (uint32_t i = 0; i < count; i++) {
		const struct callgraph_function *function = &graph.functions[order[i]];
		sink_format(sink, "%7.2f%% %7.2f%% %12.10g %12.10g  ", 100 * function->self / sum,
			100 * function->total / sum, function->self * view->factor, function->total * view->factor);
		sink_write(sink, function->name.at, function->name.size);
		if (function->file.size)
			sink_format(sink, " (%.*s)", (int)function->file.size, function->file.at);
		sink_char(sink, '\n');
	}
	free(order);
	callgraph_free(&graph);
	return true;
}

const struct writer top_writer = {.name = "top",
	.suffix = ".top",
	.summary = "table of functions by self and total weight",
	.whole = true,
	.write_stacks = write_stacks};
