/* Callgrind's format, for KCachegrind: valgrind.org/docs/manual/cl-format.html. Calls have no number in stacks: each
 * edge says 1. */
#include <math.h>
#include <stdlib.h>

#include "common/mem.h"

#include "render/callgraph.h"
#include "render/lanes.h"
#include "render/writers.h"

/* A name on one line; NULs and control bytes become blanks. */
static void put_name(struct sink *sink, struct text name, const char *none)
{
	if (!name.size)
		sink_string(sink, none);
	for (size_t i = 0; i < name.size; i++)
		sink_char(sink, (unsigned char)name.at[i] < ' ' ? ' ' : name.at[i]);
}

/* "fn=(3) name" the first time, "fn=(3)" later; files have the numbers of their functions' names. */
static void put_reference(
	struct sink *sink, const char *key, uint32_t number, struct text name, const char *none, bool *known)
{
	sink_format(sink, "%s=(%u)", key, number + 1);
	if (!*known) {
		sink_char(sink, ' ');
		put_name(sink, name, none);
	}
	*known = true;
	sink_char(sink, '\n');
}

struct writing {
	const struct callgraph *graph;
	struct sink *sink;
	struct intern files;
	bool *file_known, *function_known;
};

static uint32_t file_number(struct writing *writing, uint32_t function)
{
	struct text file = writing->graph->functions[function].file;
	return intern(&writing->files, file.at, file.size);
}

static void put_function(struct writing *writing, const char *file_key, const char *function_key, uint32_t function)
{
	const struct callgraph_function *entry = &writing->graph->functions[function];
	uint32_t file = file_number(writing, function);
	put_reference(writing->sink, file_key, file, entry->file, "???", &writing->file_known[file]);
	put_reference(
		writing->sink, function_key, function, entry->name, "[unknown]", &writing->function_known[function]);
}

static void put_edge(struct writing *writing, const struct callgraph_edge *edge)
{
	put_function(writing, "cfi", "cfn", edge->callee);
	sink_format(writing->sink, "calls=1 0\n%llu %.0f\n", (unsigned long long)edge->line, round(edge->weight));
}

static bool write_stacks(const struct stacks *stacks, const struct view *view, struct sink *sink)
{
	struct callgraph graph = callgraph_of(stacks, view->flame_chart);
	struct writing writing = {.graph = &graph, .sink = sink};
	writing.file_known = mem_zero((size_t)graph.names.count + 1, sizeof(bool));
	writing.function_known = mem_zero((size_t)graph.names.count + 1, sizeof(bool));
	sink_string(sink, "# callgrind format\nversion: 1\ncreator: flamerender\npositions: line\nevents: ");
	for (const char *c = view->count_name; *c; c++)
		sink_char(sink, *c > ' ' ? *c : '_');
	sink_string(sink, "\n\n");
	size_t line = 0, edge = 0;
	for (uint32_t i = 0; i < graph.names.count; i++) {
		if (!(graph.functions[i].total > 0))
			continue;
		put_function(&writing, "fl", "fn", i);
		for (; line < graph.line_count && graph.lines[line].function == i; line++)
			sink_format(sink, "%llu %.0f\n", (unsigned long long)graph.lines[line].line,
				round(graph.lines[line].self));
		for (; edge < graph.edge_count && graph.edges[edge].caller == i; edge++)
			put_edge(&writing, &graph.edges[edge]);
		sink_char(sink, '\n');
	}
	intern_free(&writing.files);
	free(writing.file_known);
	free(writing.function_known);
	callgraph_free(&graph);
	return true;
}

const struct writer callgrind_writer = {.name = "callgrind",
	.suffix = ".callgrind",
	.summary = "for KCachegrind and QCachegrind",
	.whole = true,
	.write_stacks = write_stacks};
