/* Plain text: folded stacks again, one JSON object a line, a table of functions. */
#include <stdlib.h>

#include "common/folded.h"
#include "common/json_text.h"
#include "common/mem.h"
#include "render/callgraph.h"
#include "render/lanes.h"
#include "render/writers.h"

/* ---- folded ---- */

static bool write_folded(const struct stacks *stacks, const struct view *view, struct sink *sink)
{
	if (view->flame_chart)
		folded_write_ordered(stacks, sink);
	else
		folded_write(stacks, sink);
	return true;
}

const struct writer folded_writer = {.name = "folded",
	.suffix = ".folded",
	.summary = "folded stacks, summed and sorted",
	.whole = true,
	.write_stacks = write_folded};

/* ---- jsonl ---- */

struct lines {
	const struct stacks *stacks;
	struct sink *sink;
	uint32_t *path;
	size_t capacity;
};

static void put_stack(struct lines *lines, uint32_t node, uint32_t base)
{
	size_t depth = lanes_path(lines->stacks, node, base, &lines->path, &lines->capacity);
	sink_string(lines->sink, "\"stack\":[");
	for (size_t i = 0; i < depth; i++) {
		if (i)
			sink_char(lines->sink, ',');
		sink_json(lines->sink, lines->stacks->names.names[lines->path[i]]);
	}
	sink_char(lines->sink, ']');
}

/* {"stack":["main","work"],"weight":3}; differential ones have "old"; ordered ones "thread" and "start". */
static bool write_jsonl(const struct stacks *stacks, const struct view *view, struct sink *sink)
{
	struct lanes lanes = lanes_of(stacks, view);
	struct lines lines = {.stacks = stacks, .sink = sink};
	for (size_t i = 0; i < lanes.count; i++) {
		const struct lane *lane = &lanes.lanes[i];
		double start = 0;
		for (size_t k = lane->first; k < lane->first + lane->count; k++) {
			const struct stacks_step *step = &lanes.steps[k];
			sink_char(sink, '{');
			if (lane->base) {
				sink_string(sink, "\"thread\":");
				sink_json(sink, lane->name);
				sink_string(sink, ",\"start\":");
				sink_number(sink, start);
				sink_char(sink, ',');
			}
			put_stack(&lines, step->node, lane->base);
			if (stacks->old) {
				sink_string(sink, ",\"old\":");
				sink_number(sink, stacks->old[step->node]);
			}
			sink_string(sink, ",\"weight\":");
			sink_number(sink, step->weight);
			sink_string(sink, "}\n");
			start += step->weight;
		}
	}
	free(lines.path);
	lanes_free(&lanes);
	return true;
}

const struct writer jsonl_writer = {.name = "jsonl",
	.suffix = ".jsonl",
	.summary = "a JSON object for each stack, one a line",
	.whole = true,
	.write_stacks = write_jsonl};

/* ---- top ---- */

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

static bool write_top(const struct stacks *stacks, const struct view *view, struct sink *sink)
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
	.write_stacks = write_top};
