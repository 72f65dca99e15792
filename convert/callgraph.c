#include "convert/callgraph.h"

#include <stdlib.h>

#include "common/hash.h"
#include "common/mem.h"
#include "convert/idmap.h"

/* Edges that contradict each other could make more branches than there is time for. */
enum { MOST_ENTERED = 4000000 };

struct function {
	uint32_t name;
	double self;
	double incoming, outgoing; /* sums of its edges, without those to itself */
	uint32_t first_edge;       /* + 1, in order of callers; 0: none */
	bool on_stack, reached;
};

struct edge {
	uint32_t caller, callee;
	double weight;
};

struct callgraph {
	struct idmap by_name, by_pair;
	struct function *functions;
	size_t count, capacity;
	struct edge *edges;
	size_t edge_count, edge_capacity;
};

struct callgraph *callgraph_new(void)
{
	return mem_zero(1, sizeof(struct callgraph));
}

void callgraph_free(struct callgraph *graph)
{
	idmap_free(&graph->by_name);
	idmap_free(&graph->by_pair);
	free(graph->functions);
	free(graph->edges);
	free(graph);
}

uint32_t callgraph_function(struct callgraph *graph, uint32_t name)
{
	int64_t known = idmap_find(&graph->by_name, name);
	if (known >= 0)
		return (uint32_t)known;
	graph->functions = mem_grow(graph->functions, &graph->capacity, graph->count + 1, sizeof *graph->functions);
	graph->functions[graph->count] = (struct function){.name = name};
	idmap_add(&graph->by_name, name, (uint32_t)graph->count);
	return (uint32_t)graph->count++;
}

void callgraph_add_self(struct callgraph *graph, uint32_t function, double weight)
{
	graph->functions[function].self += weight;
}

void callgraph_add_edge(struct callgraph *graph, uint32_t caller, uint32_t callee, double weight)
{
	if (caller == callee)
		return; /* recursion: its cost is in the outer call */
	uint64_t pair = (uint64_t)caller << 32 | callee;
	int64_t known = idmap_find(&graph->by_pair, pair);
	if (known < 0) {
		known = (int64_t)graph->edge_count;
		idmap_add(&graph->by_pair, pair, (uint32_t)known);
		graph->edges =
			mem_grow(graph->edges, &graph->edge_capacity, graph->edge_count + 1, sizeof *graph->edges);
		graph->edges[graph->edge_count++] = (struct edge){caller, callee, 0};
	}
	graph->edges[known].weight += weight;
	graph->functions[caller].outgoing += weight;
	graph->functions[callee].incoming += weight;
}

static int compare_edges(const void *left, const void *right)
{
	const struct edge *a = left, *b = right;
	if (a->caller != b->caller)
		return a->caller < b->caller ? -1 : 1;
	return (a->callee > b->callee) - (a->callee < b->callee);
}

/* ---- going down ---- */

/* A function on the stack: its node, the share of it that this stack is, and its next edge. */
struct step {
	uint32_t function, node;
	double share;
	size_t edge;
};

struct descent {
	struct callgraph *graph;
	struct stacks *stacks;
	struct step *steps;
	size_t depth, capacity;
	double least; /* weight below which branches end */
	size_t entered;
};

static double total_of(const struct function *function)
{
	return function->self + function->outgoing;
}

static void enter(struct descent *descent, uint32_t number, uint32_t parent, double share)
{
	struct function *function = &descent->graph->functions[number];
	descent->entered++;
	uint32_t node = stacks_child(descent->stacks, parent, function->name);
	if (function->self * share > 0)
		stacks_add(descent->stacks, node, function->self * share);
	function->on_stack = true;
	descent->steps = mem_grow(descent->steps, &descent->capacity, descent->depth + 1, sizeof *descent->steps);
	size_t edge = function->first_edge ? function->first_edge - 1 : descent->graph->edge_count;
	descent->steps[descent->depth++] = (struct step){number, node, share, edge};
}

/* An edge's callee is entered with its part of the callee; what is too small, or on the stack already, is added here.
 */
static void follow(struct descent *descent, const struct edge *edge)
{
	const struct step *step = &descent->steps[descent->depth - 1];
	struct function *callee = &descent->graph->functions[edge->callee];
	double share = callee->incoming > 0 ? step->share * edge->weight / callee->incoming : 0;
	double weight = share * total_of(callee);
	if (!(weight > 0))
		return;
	if (callee->on_stack)
		stacks_add(descent->stacks, step->node, share * callee->self);
	else if (weight < descent->least || descent->entered > MOST_ENTERED)
		stacks_add(descent->stacks, stacks_child(descent->stacks, step->node, callee->name), weight);
	else
		enter(descent, edge->callee, step->node, share);
}

static void descend(struct descent *descent, uint32_t root)
{
	enter(descent, root, 0, 1);
	while (descent->depth) {
		struct step *step = &descent->steps[descent->depth - 1];
		const struct callgraph *graph = descent->graph;
		if (step->edge < graph->edge_count && graph->edges[step->edge].caller == step->function) {
			follow(descent, &graph->edges[step->edge++]);
		} else {
			descent->graph->functions[step->function].on_stack = false;
			descent->depth--;
		}
	}
}

/* Marks all that the function calls, directly or not. */
static void reach(struct callgraph *graph, uint32_t root)
{
	uint32_t *todo = mem_zero(graph->count + 1, sizeof *todo);
	size_t count = 0;
	todo[count++] = root;
	graph->functions[root].reached = true;
	while (count) {
		uint32_t caller = todo[--count];
		size_t edge = graph->functions[caller].first_edge;
		for (; edge && edge <= graph->edge_count && graph->edges[edge - 1].caller == caller; edge++) {
			struct function *callee = &graph->functions[graph->edges[edge - 1].callee];
			if (callee->reached)
				continue;
			callee->reached = true;
			todo[count++] = graph->edges[edge - 1].callee;
		}
	}
	free(todo);
}

static void write_root(struct descent *descent, uint32_t root)
{
	reach(descent->graph, root);
	descend(descent, root);
}

void callgraph_write(struct callgraph *graph, struct stacks *stacks)
{
	struct descent descent = {.graph = graph, .stacks = stacks};
	double sum = 0;
	mem_sort(graph->edges, graph->edge_count, sizeof *graph->edges, compare_edges);
	for (size_t i = graph->edge_count; i > 0; i--)
		graph->functions[graph->edges[i - 1].caller].first_edge = (uint32_t)i;
	for (size_t i = 0; i < graph->count; i++)
		sum += graph->functions[i].self;
	descent.least = sum / 10000;
	for (uint32_t i = 0; i < graph->count; i++)
		if (!(graph->functions[i].incoming > 0))
			write_root(&descent, i);
	for (uint32_t i = 0; i < graph->count; i++) /* those that only call each other */
		if (!graph->functions[i].reached && graph->functions[i].self > 0)
			write_root(&descent, i);
	free(descent.steps);
}
