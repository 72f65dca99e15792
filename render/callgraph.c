#include "render/callgraph.h"

#include <stdlib.h>

#include "common/mem.h"
#include "render/inclusive.h"

/* ---- names ---- */

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

/* ---- lines and edges ---- */

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

/* The number of the edge from one name to another; none within a function. */
static uint32_t edge_number(struct callgraph *graph, uint32_t caller, uint32_t callee)
{
	struct {
		uint64_t caller, callee, line;
	} key = {graph->function_of[caller], graph->function_of[callee], graph->line_of[caller]};
	if (key.caller == key.callee)
		return NO_GROUP;
	uint32_t number = intern(&graph->edge_keys, (const char *)&key, sizeof key);
	if (number == graph->edge_count) {
		graph->edges =
			mem_grow(graph->edges, &graph->edge_capacity, graph->edge_count + 1, sizeof *graph->edges);
		graph->edges[graph->edge_count++] =
			(struct callgraph_edge){graph->function_of[caller], graph->function_of[callee], key.line, 0};
	}
	return number;
}

/* ---- the nodes of the tree ---- */

struct nodes {
	uint32_t *depths, *functions, *edges; /* by node; what is skipped has no function, and no edge */
};

static struct nodes number_nodes(struct callgraph *graph, const struct stacks *stacks, unsigned skip)
{
	size_t count = stacks->count;
	struct nodes nodes = {mem_zero(count, sizeof(uint32_t)), mem_alloc(count * sizeof(uint32_t)),
		mem_alloc(count * sizeof(uint32_t))};
	nodes.functions[0] = nodes.edges[0] = NO_GROUP;
	for (uint32_t node = 1; node < stacks->count; node++) {
		uint32_t parent = stacks->nodes[node].parent, name = stacks->nodes[node].name;
		uint32_t depth = nodes.depths[node] = nodes.depths[parent] + 1;
		nodes.functions[node] = depth > skip ? graph->function_of[name] : NO_GROUP;
		nodes.edges[node] = depth > skip + 1 ? edge_number(graph, stacks->nodes[parent].name, name) : NO_GROUP;
	}
	return nodes;
}

static void add_self(struct callgraph *graph, const struct stacks *stacks, const struct nodes *nodes)
{
	for (uint32_t node = 1; node < stacks->count; node++) {
		double weight = stacks->nodes[node].self;
		if (!(weight > 0) || nodes->functions[node] == NO_GROUP)
			continue;
		graph->functions[nodes->functions[node]].self += weight;
		add_line(graph, stacks->nodes[node].name, weight);
	}
}

static void add_totals(struct callgraph *graph, const struct stacks *stacks, const struct nodes *nodes)
{
	double *totals = inclusive_weights(stacks, nodes->functions, graph->names.count);
	for (uint32_t i = 0; i < graph->names.count; i++)
		graph->functions[i].total = totals[i];
	free(totals);
	totals = inclusive_weights(stacks, nodes->edges, (uint32_t)graph->edge_count);
	for (size_t i = 0; i < graph->edge_count; i++)
		graph->edges[i].weight = totals[i];
	free(totals);
}

/* ---- order ---- */

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
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return (a->callee > b->callee) - (a->callee < b->callee);
}

/* First all edges by caller, of which there are few, then those of each caller. Edges without weight are left out. */
static void sort_edges(struct callgraph *graph)
{
	size_t functions = graph->names.count, *first = mem_zero(functions + 2, sizeof *first);
	struct callgraph_edge *sorted = mem_alloc((graph->edge_count + 1) * sizeof *sorted);
	for (size_t i = 0; i < graph->edge_count; i++)
		if (graph->edges[i].weight > 0)
			first[graph->edges[i].caller + 2]++;
	for (size_t i = 2; i < functions + 2; i++)
		first[i] += first[i - 1];
	for (size_t i = 0; i < graph->edge_count; i++)
		if (graph->edges[i].weight > 0)
			sorted[first[graph->edges[i].caller + 1]++] = graph->edges[i];
	for (size_t i = 0; i < functions; i++)
		mem_sort(sorted + first[i], first[i + 1] - first[i], sizeof *sorted, compare_edges);
	free(graph->edges);
	graph->edges = sorted;
	graph->edge_count = first[functions];
	graph->first_edge = first;
}

struct callgraph callgraph_of(const struct stacks *stacks, unsigned skip)
{
	struct callgraph graph = {0};
	cut_names(&graph, stacks);
	struct nodes nodes = number_nodes(&graph, stacks, skip);
	add_self(&graph, stacks, &nodes);
	add_totals(&graph, stacks, &nodes);
	free(nodes.depths);
	free(nodes.functions);
	free(nodes.edges);
	mem_sort(graph.lines, graph.line_count, sizeof *graph.lines, compare_lines);
	sort_edges(&graph);
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
	free(graph->first_edge);
	free(graph->function_of);
	free(graph->line_of);
}
