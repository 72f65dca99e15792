/* cProfile's dump for Python's pstats: marshal of {(file, line, name): (cc, nc, tt, ct, {caller: (nc, cc, tt, ct)})}.
 * Samples do not count calls: numbers of calls are numbers of samples. */
#include <math.h>
#include <stdlib.h>

#include "common/mem.h"
#include "render/callgraph.h"
#include "render/lanes.h"
#include "render/writers.h"

struct writing {
	const struct callgraph *graph;
	struct sink *sink;
	double seconds;  /* that a count lasts */
	uint64_t *lines; /* by function: its smallest line */
};

static void put_little_endian(struct sink *sink, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		sink_char(sink, (char)(value >> (8 * i)));
}

static void put_integer(struct sink *sink, double value)
{
	sink_char(sink, 'i');
	put_little_endian(sink, (uint64_t)fmin(fmax(round(value), 0), INT32_MAX), 4);
}

static void put_float(struct sink *sink, double value)
{
	uint64_t bits;
	memcpy(&bits, &value, sizeof bits);
	sink_char(sink, 'g');
	put_little_endian(sink, bits, 8);
}

static void put_string(struct sink *sink, struct text text)
{
	const char *at = text.at, *end = text.at + text.size;
	struct buffer utf8 = {0};
	char bytes[4];
	while (at < end)
		buffer_add(&utf8, bytes, utf8_put(bytes, utf8_next(&at, end)));
	sink_char(sink, 'u');
	put_little_endian(sink, utf8.size, 4);
	sink_write(sink, utf8.at ? utf8.at : "", utf8.size);
	buffer_free(&utf8);
}

static void put_tuple(struct sink *sink, int items)
{
	sink_char(sink, '(');
	put_little_endian(sink, (uint64_t)items, 4);
}

static void put_key(struct writing *writing, uint32_t function)
{
	const struct callgraph_function *entry = &writing->graph->functions[function];
	put_tuple(writing->sink, 3);
	put_string(writing->sink, entry->file.size ? entry->file : text_of("~"));
	put_integer(writing->sink, (double)writing->lines[function]);
	put_string(writing->sink, entry->name);
}

/* The edges of a caller at its lines are one. */
static void put_callers(struct writing *writing, const struct callgraph_edge *edges, size_t count)
{
	for (size_t i = 0; i < count;) {
		size_t end = i;
		double weight = 0;
		for (; end < count && edges[end].caller == edges[i].caller; end++)
			weight += edges[end].weight;
		put_key(writing, edges[i].caller);
		put_tuple(writing->sink, 4);
		put_integer(writing->sink, weight);
		put_integer(writing->sink, weight);
		put_float(writing->sink, 0);
		put_float(writing->sink, weight * writing->seconds);
		i = end;
	}
}

static void put_function(struct writing *writing, uint32_t function, const struct callgraph_edge *edges, size_t count)
{
	const struct callgraph_function *entry = &writing->graph->functions[function];
	put_key(writing, function);
	put_tuple(writing->sink, 5);
	put_integer(writing->sink, entry->total);
	put_integer(writing->sink, entry->total);
	put_float(writing->sink, entry->self * writing->seconds);
	put_float(writing->sink, entry->total * writing->seconds);
	sink_char(writing->sink, '{');
	put_callers(writing, edges, count);
	sink_char(writing->sink, '0');
}

static int compare_callees(const void *left, const void *right)
{
	const struct callgraph_edge *a = left, *b = right;
	if (a->callee != b->callee)
		return a->callee < b->callee ? -1 : 1;
	return (a->caller > b->caller) - (a->caller < b->caller);
}

/* A function's line is the first one that it was seen at: where it is defined is not known. */
static void find_lines(struct writing *writing, const struct stacks *stacks)
{
	const struct callgraph *graph = writing->graph;
	for (uint32_t name = 0; name < stacks->names.count; name++) {
		uint64_t *line = &writing->lines[graph->function_of[name]];
		if (graph->line_of[name] && (!*line || graph->line_of[name] < *line))
			*line = graph->line_of[name];
	}
}

static bool write_stacks(const struct stacks *stacks, const struct view *view, struct sink *sink)
{
	struct callgraph graph = callgraph_of(stacks, view->flame_chart);
	struct writing writing = {.graph = &graph,
		.sink = sink,
		.seconds = lanes_nanoseconds(view) / 1e9,
		.lines = mem_zero((size_t)graph.names.count + 1, sizeof *writing.lines)};
	find_lines(&writing, stacks);
	mem_sort(graph.edges, graph.edge_count, sizeof *graph.edges, compare_callees);
	sink_char(sink, '{');
	size_t edge = 0;
	for (uint32_t i = 0; i < graph.names.count; i++) {
		size_t first = edge;
		while (edge < graph.edge_count && graph.edges[edge].callee == i)
			edge++;
		if (graph.functions[i].total > 0)
			put_function(&writing, i, graph.edges + first, edge - first);
	}
	sink_char(sink, '0');
	free(writing.lines);
	callgraph_free(&graph);
	return true;
}

const struct writer pstats_writer = {.name = "pstats",
	.suffix = ".pstats",
	.summary = "for Python's pstats, snakeviz, gprof2dot",
	.whole = true,
	.write_stacks = write_stacks};
