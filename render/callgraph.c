#include "render/callgraph.h"

#include <stdlib.h>

#include "common/mem.h"

static uint32_t function_number(struct callgraph *graph, const struct frame_parts *parts)
{
	struct buffer key = {0};
	buffer_add(&key, parts->function.at, parts->function.size);
	buffer_add_char(&key, '\0');
	buffer_add(&key, parts->file.at, parts->file.size);
	uint32_t known = graph->names.count, number = intern(&graph->names, key.at, key.size);
	if (number == known) {
		graph->functions =
			mem_grow(graph->functions, &graph->capacity, (size_t)known + 1, sizeof *graph->functions);
		graph->functions[number] = (struct callgraph_function){.name = parts->function, .file = parts->file};
	}
	buffer_free(&key);
	return number;
}

static void cut_names(struct callgraph *graph, const struct stacks *stacks)
{
	graph->function_of = mem_zero(stacks->names.count + 1, sizeof *graph->function_of);
	graph->line_of = mem_zero(stacks->names.count + 1, sizeof *graph->line_of);
	for (uint32_t name = 0; name < stacks->names.count; name++) {
		struct frame_parts parts = frame_parts(stacks->names.names[name]);
		graph->function_of[name] = function_number(graph, &parts);
		graph->line_of[name] = parts.line;
	}
}

static void add_line(struct callgraph *graph, uint32_t name, double weight)
{
	struct {
		uint64_t function, line;
	} key = {graph->function_of[name], graph->line_of[name]};
	uint32_t number = intern(&graph->line_keys, (const char *)&key, sizeof key);
	if (number == graph->line_count) {
		graph->lines =
			mem_grow(graph->lines, &graph->line_capacity, graph->line_count + 1, sizeof *graph->lines);
		graph->lines[graph->line_count++] = (struct callgraph_line){graph->function_of[name], key.line, 0};
	}
	graph->lines[number].self += weight;
}

static void add_edge(struct callgraph *graph, uint32_t caller, uint32_t callee, double weight, uint64_t stack)
{
	struct {
		uint64_t caller, callee, line;
	} key = {graph->function_of[caller], graph->function_of[callee], graph->line_of[caller]};
	if (key.caller == key.callee)
		return;
	uint32_t number = intern(&graph->edge_keys, (const char *)&key, sizeof key);
	if (number == graph->edge_count) {
		graph->edges =
			mem_grow(graph->edges, &graph->edge_capacity, graph->edge_count + 1, sizeof *graph->edges);
		graph->edges[graph->edge_count++] =
			(struct callgraph_edge){graph->function_of[caller], graph->function_of[callee], key.line, 0, 0};
	}
	struct callgraph_edge *edge = &graph->edges[number];
	if (edge->seen != stack)
		edge->weight += weight;
	edge->seen = stack;
}

static void add_stack(struct callgraph *graph, const struct stacks *stacks, uint32_t node, unsigned skip)
{
	double weight = stacks->nodes[node].self;
	uint32_t callee = stacks->nodes[node].name, depth = 0;
	for (uint32_t at = node; at; at = stacks->nodes[at].parent)
		depth++;
	if (depth <= skip)
		return;
	graph->functions[graph->function_of[callee]].self += weight;
	add_line(graph, callee, weight);
	for (uint32_t at = node; depth > skip; at = stacks->nodes[at].parent, depth--) {
		uint32_t name = stacks->nodes[at].name;
		struct callgraph_function *function = &graph->functions[graph->function_of[name]];
		if (function->seen != node)
			function->total += weight;
		function->seen = node;
		if (at != node)
			add_edge(graph, name, callee, weight, node);
		callee = name;
	}
}

static int compare_lines(const void *left, const void *right)
{
	const struct callgraph_line *a = left, *b = right;
	if (a->function != b->function)
		return a->function < b->function ? -1 : 1;
	return (a->line > b->line) - (a->line < b->line);
}

static int compare_edges(const void *left, const void *right)
{
	const struct callgraph_edge *a = left, *b = right;
	if (a->caller != b->caller)
		return a->caller < b->caller ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return (a->callee > b->callee) - (a->callee < b->callee);
}

struct callgraph callgraph_of(const struct stacks *stacks, unsigned skip)
{
	struct callgraph graph = {0};
	cut_names(&graph, stacks);
	for (uint32_t node = 1; node < stacks->count; node++)
		if (stacks->nodes[node].self > 0)
			add_stack(&graph, stacks, node, skip);
	mem_sort(graph.lines, graph.line_count, sizeof *graph.lines, compare_lines);
	mem_sort(graph.edges, graph.edge_count, sizeof *graph.edges, compare_edges);
	return graph;
}

void callgraph_free(struct callgraph *graph)
{
	intern_free(&graph->names);
	intern_free(&graph->line_keys);
	intern_free(&graph->edge_keys);
	free(graph->functions);
	free(graph->lines);
	free(graph->edges);
	free(graph->function_of);
	free(graph->line_of);
}
