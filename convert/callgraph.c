#include "convert/callgraph.h"

#include <stdlib.h>

#include "common/hash.h"
#include "common/mem.h"
#include "convert/idmap.h"

/* Edges that contradict each other could make more branches than there is time for. */
enum { MOST_ENTERED = 4000000 };

struct function {
	uint32_t name;
	double self, total;        /* total: as the input says, or 0 */
	double incoming, outgoing; /* sums of its edges, without those to itself */
	double root;               /* what no caller accounts for: so much of it stands at the root */
	double inclusive;          /* its own cost with its share of what it calls */
	uint32_t first_edge;       /* + 1, in order of callers; 0: none */
	enum { UNSEEN, OPEN, DONE } state;
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

void callgraph_add_total(struct callgraph *graph, uint32_t function, double weight)
{
	graph->functions[function].total += weight;
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

/* ---- making it a graph without circles ---- */

/* A function that is being visited, and its next edge. */
struct visit {
	uint32_t function;
	size_t edge;
};

static bool has_edge(const struct callgraph *graph, uint32_t caller, size_t edge)
{
	return edge < graph->edge_count && graph->edges[edge].caller == caller;
}

static size_t first_edge(const struct callgraph *graph, uint32_t function)
{
	return graph->functions[function].first_edge ? graph->functions[function].first_edge - 1 : graph->edge_count;
}

/* Visits all that the root calls. Edges back to functions that are open close circles: they lose their weight.
 * Functions are put into `order` when all that they call is there. */
static void visit_all(struct callgraph *graph, uint32_t root, uint32_t *order, size_t *ordered)
{
	struct visit *visits = mem_zero(graph->count + 1, sizeof *visits);
	size_t depth = 0;
	visits[depth++] = (struct visit){root, first_edge(graph, root)};
	graph->functions[root].state = OPEN;
	while (depth) {
		struct visit *visit = &visits[depth - 1];
		if (!has_edge(graph, visit->function, visit->edge)) {
			graph->functions[visit->function].state = DONE;
			order[(*ordered)++] = visit->function;
			depth--;
			continue;
		}
		struct edge *edge = &graph->edges[visit->edge++];
		struct function *callee = &graph->functions[edge->callee];
		if (callee->state == OPEN) {
			callee->incoming -= edge->weight;
			edge->weight = 0;
		} else if (callee->state == UNSEEN && edge->weight > 0) {
			callee->state = OPEN;
			visits[depth++] = (struct visit){edge->callee, first_edge(graph, edge->callee)};
		}
	}
	free(visits);
}

static const struct callgraph *sorted;

/* The most that stands at the root first, then the largest. */
static int compare_roots(const void *left, const void *right)
{
	const struct function *a = &sorted->functions[*(const uint32_t *)left];
	const struct function *b = &sorted->functions[*(const uint32_t *)right];
	double x = a->root > 0 ? a->root : 0, y = b->root > 0 ? b->root : 0;
	if (x == y) {
		x = a->self + a->outgoing;
		y = b->self + b->outgoing;
	}
	if (x != y)
		return x > y ? -1 : 1;
	return (*(const uint32_t *)left > *(const uint32_t *)right) -
	       (*(const uint32_t *)left < *(const uint32_t *)right);
}

/* What callers do not account for, but for rounding. Without totals from the input only functions that nobody calls
 * stand at the root: a sum of calls is too large where they form circles. */
static void find_roots(struct callgraph *graph)
{
	for (size_t i = 0; i < graph->count; i++) {
		struct function *function = &graph->functions[i];
		double rest = function->total - function->incoming;
		function->root = function->total > 0 && rest > 0.001 * function->total ? rest : 0;
		if (!(function->incoming > 0))
			function->root = 1;
	}
}

/* The functions, callees before their callers. */
static uint32_t *order_functions(struct callgraph *graph)
{
	uint32_t *order = mem_zero(graph->count + 1, sizeof *order), *roots = mem_zero(graph->count + 1, sizeof *roots);
	size_t ordered = 0;
	for (uint32_t i = 0; i < graph->count; i++)
		roots[i] = i;
	sorted = graph;
	mem_sort(roots, graph->count, sizeof *roots, compare_roots);
	for (size_t i = 0; i < graph->count; i++) {
		struct function *root = &graph->functions[roots[i]];
		if (root->state != UNSEEN)
			continue;
		if (!(root->root > 0))
			root->root = 1; /* nobody that was visited calls it */
		visit_all(graph, roots[i], order, &ordered);
	}
	free(roots);
	return order;
}

/* The share of the callee that this edge accounts for. */
static double share_of(const struct callgraph *graph, const struct edge *edge)
{
	const struct function *callee = &graph->functions[edge->callee];
	double all = callee->root + (callee->incoming > 0 ? callee->incoming : 0);
	return edge->weight > 0 && all > 0 ? edge->weight / all : 0;
}

static double root_share(const struct function *function)
{
	double all = function->root + (function->incoming > 0 ? function->incoming : 0);
	return all > 0 ? function->root / all : 0;
}

static void sum_inclusive(struct callgraph *graph)
{
	uint32_t *order = order_functions(graph);
	for (size_t i = 0; i < graph->count; i++) {
		struct function *function = &graph->functions[order[i]];
		function->inclusive = function->self;
		for (size_t edge = first_edge(graph, order[i]); has_edge(graph, order[i], edge); edge++)
			function->inclusive += share_of(graph, &graph->edges[edge]) *
					       graph->functions[graph->edges[edge].callee].inclusive;
	}
	free(order);
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

/* Goes into a share of the function; what is too small stays whole. */
static void enter(struct descent *descent, uint32_t number, uint32_t parent, double share)
{
	const struct function *function = &descent->graph->functions[number];
	double weight = share * function->inclusive;
	if (!(weight > 0))
		return;
	uint32_t node = stacks_child(descent->stacks, parent, function->name);
	if (weight < descent->least || descent->entered >= MOST_ENTERED) {
		stacks_add(descent->stacks, node, weight);
		return;
	}
	descent->entered++;
	if (function->self * share > 0)
		stacks_add(descent->stacks, node, function->self * share);
	descent->steps = mem_grow(descent->steps, &descent->capacity, descent->depth + 1, sizeof *descent->steps);
	descent->steps[descent->depth++] = (struct step){number, node, share, first_edge(descent->graph, number)};
}

static void descend(struct descent *descent)
{
	const struct callgraph *graph = descent->graph;
	while (descent->depth) {
		struct step *step = &descent->steps[descent->depth - 1];
		if (!has_edge(graph, step->function, step->edge)) {
			descent->depth--;
			continue;
		}
		const struct edge *edge = &graph->edges[step->edge++];
		enter(descent, edge->callee, step->node, step->share * share_of(graph, edge));
	}
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
	find_roots(graph);
	sum_inclusive(graph);
	descent.least = sum / 10000;
	for (uint32_t i = 0; i < graph->count; i++) {
		enter(&descent, i, 0, root_share(&graph->functions[i]));
		descend(&descent);
	}
	free(descent.steps);
}
