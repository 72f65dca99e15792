#include "render/view/graph.h"

#include <math.h>
#include <stdlib.h>

#include "common/mem.h"

/* ---- making ---- */

/* The sums of the stacks a graph is made from. */
struct sums {
	double *totals, *old; /* old: NULL if they are not differential */
};

/* The stacks' nodes lie all over the memory: so many nodes ahead it is asked for. */
enum { AHEAD = 16 };

/* Numbers the nodes level by level, but not those without any weight. graph->name[i] is then the stacks' number of node
 * i. */
static void number_nodes(struct graph *graph, const struct sums *sums, bool heavy_first)
{
	const struct stacks *stacks = graph->stacks;
	struct stacks_children children =
		heavy_first ? stacks_children_by_total(stacks, sums->totals) : stacks_children(stacks);
	uint32_t *order = graph->name, tail = 1;
	order[0] = 0;
	graph->parent[0] = 0;
	for (uint32_t node = 0; node < tail; node++) {
		graph->first[node] = tail;
		if (node + AHEAD < tail)
			__builtin_prefetch(&children.first[order[node + AHEAD]]);
		if (node + AHEAD / 2 < tail) {
			uint32_t soon = children.first[order[node + AHEAD / 2]];
			__builtin_prefetch(&children.next[soon]);
			__builtin_prefetch(&sums->totals[soon]);
		}
		for (uint32_t child = children.first[order[node]]; child; child = children.next[child]) {
			if (sums->totals[child] == 0 && !(sums->old && sums->old[child] != 0))
				continue;
			graph->parent[tail] = node;
			order[tail++] = child;
		}
	}
	graph->count = graph->first[tail] = tail;
	stacks_children_free(&children);
}

static void find_levels(struct graph *graph)
{
	size_t capacity = 0;
	for (uint32_t node = 0; node < graph->count; node = graph->first[node]) {
		graph->level = mem_grow(graph->level, &capacity, graph->levels + 2, sizeof *graph->level);
		graph->level[graph->levels++] = node;
	}
	graph->level[graph->levels] = graph->count;
}

/* Children stand behind the own weight of their parent, as in the pictures. */
static void place_nodes(struct graph *graph)
{
	for (uint32_t node = 0; node < graph->count; node++) {
		double at = graph->start[node] + graph->self[node];
		for (uint32_t child = graph->first[node]; child < graph->first[node + 1]; child++) {
			graph->start[child] = at;
			at += graph->total[child];
		}
	}
}

/* Gives the numbered nodes their names and weights. */
static void weigh_nodes(struct graph *graph, const struct sums *sums)
{
	const struct stacks *stacks = graph->stacks;
	if (sums->old) {
		graph->old = mem_alloc(graph->count * sizeof(double));
		graph->old_self = mem_alloc(graph->count * sizeof(double));
	}
	graph->max_delta = 1;
	for (uint32_t node = 0; node < graph->count; node++) {
		uint32_t from = graph->name[node];
		if (node + AHEAD < graph->count) {
			__builtin_prefetch(&stacks->nodes[graph->name[node + AHEAD]]);
			__builtin_prefetch(&sums->totals[graph->name[node + AHEAD]]);
		}
		graph->name[node] = from ? stacks->nodes[from].name : GRAPH_NONE;
		graph->total[node] = sums->totals[from];
		graph->self[node] = stacks->nodes[from].self;
		if (sums->old) {
			graph->old[node] = sums->old[from];
			graph->old_self[node] = stacks->old[from];
			graph->max_delta = fmax(graph->max_delta, fabs(stacks->nodes[from].self - stacks->old[from]));
		}
	}
}

/* ---- sums by function ---- */

/* A walk down and up the graph that knows which functions are on the path. */
struct tally {
	struct graph *graph;
	uint32_t *open; /* by name: how often it is on the path */
};

static void enter(struct tally *tally, uint32_t node)
{
	struct graph *graph = tally->graph;
	uint32_t name = graph->name[node];
	if (name == GRAPH_NONE)
		return;
	if (!graph->leaf_first)
		graph->function_self[name] += graph->self[node];
	else if (graph->parent[node] == 0)
		graph->function_self[name] += graph->total[node];
	if (tally->open[name]++)
		return;
	graph->function_total[name] += graph->total[node];
	if (graph->old)
		graph->function_old[name] += graph->old[node];
}

static void sum_functions(struct graph *graph)
{
	size_t names = (size_t)graph->stacks->names.count + 1;
	struct tally tally = {graph, mem_zero(names, sizeof *tally.open)};
	graph->function_self = mem_zero(names, sizeof(double));
	graph->function_total = mem_zero(names, sizeof(double));
	graph->function_old = graph->old ? mem_zero(names, sizeof(double)) : NULL;
	uint32_t node = 0;
	enter(&tally, 0);
	for (;;) {
		if (graph->first[node] < graph->first[node + 1]) {
			node = graph->first[node];
			enter(&tally, node);
			continue;
		}
		while (node && (tally.open[graph->name[node]]--, node + 1 == graph->first[graph->parent[node] + 1]))
			node = graph->parent[node];
		if (!node)
			break;
		enter(&tally, ++node);
	}
	free(tally.open);
}

struct graph *graph_new(struct stacks *stacks, bool owned, bool leaf_first, bool heavy_first)
{
	struct graph *graph = mem_zero(1, sizeof *graph);
	struct sums sums = {stacks_totals(stacks, NULL), stacks->old ? stacks_totals(stacks, stacks->old) : NULL};
	graph->stacks = stacks;
	graph->owned = owned;
	graph->leaf_first = leaf_first;
	graph->parent = mem_alloc(stacks->count * sizeof *graph->parent);
	graph->first = mem_alloc(((size_t)stacks->count + 1) * sizeof *graph->first);
	graph->name = mem_alloc(stacks->count * sizeof *graph->name);
	number_nodes(graph, &sums, heavy_first);
	graph->total = mem_alloc(graph->count * sizeof *graph->total);
	graph->self = mem_alloc(graph->count * sizeof *graph->self);
	graph->start = mem_zero(graph->count, sizeof *graph->start);
	weigh_nodes(graph, &sums);
	free(sums.totals);
	free(sums.old);
	find_levels(graph);
	place_nodes(graph);
	sum_functions(graph);
	return graph;
}

void graph_free(struct graph *graph)
{
	if (!graph)
		return;
	if (graph->owned)
		stacks_free(graph->stacks);
	free(graph->parent);
	free(graph->first);
	free(graph->name);
	free(graph->start);
	free(graph->total);
	free(graph->self);
	free(graph->old);
	free(graph->old_self);
	free(graph->level);
	free(graph->function_self);
	free(graph->function_total);
	free(graph->function_old);
	free(graph);
}

/* ---- asking ---- */

struct text graph_name(const struct graph *graph, uint32_t node)
{
	return node ? graph->stacks->names.names[graph->name[node]] : text_of("all");
}

uint32_t graph_depth(const struct graph *graph, uint32_t node)
{
	uint32_t low = 0, high = graph->levels;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (graph->level[middle] <= node)
			low = middle;
		else
			high = middle;
	}
	return low;
}

uint32_t graph_ancestor(const struct graph *graph, uint32_t node, uint32_t depth)
{
	for (uint32_t at = graph_depth(graph, node); at > depth; at--)
		node = graph->parent[node];
	return node;
}

bool graph_is_below(const struct graph *graph, uint32_t node, uint32_t top)
{
	while (node > top)
		node = graph->parent[node];
	return node == top;
}

uint32_t graph_heaviest_child(const struct graph *graph, uint32_t node)
{
	uint32_t best = GRAPH_NONE;
	for (uint32_t child = graph->first[node]; child < graph->first[node + 1]; child++)
		if (best == GRAPH_NONE || graph->total[child] > graph->total[best])
			best = child;
	return best;
}

static uint32_t find_child(const struct graph *graph, uint32_t node, struct text name)
{
	for (uint32_t child = graph->first[node]; child < graph->first[node + 1]; child++)
		if (text_compare(graph_name(graph, child), name) == 0)
			return child;
	return GRAPH_NONE;
}

uint32_t graph_counterpart(const struct graph *graph, const struct graph *from, uint32_t node)
{
	uint32_t depth = graph_depth(from, node), at = 0;
	uint32_t *path = mem_alloc(((size_t)depth + 1) * sizeof *path);
	for (uint32_t i = depth; i > 0; i--, node = from->parent[node])
		path[i - 1] = node;
	for (uint32_t i = 0; i < depth; i++) {
		uint32_t child = find_child(graph, at, graph_name(from, path[i]));
		if (child == GRAPH_NONE)
			break;
		at = child;
	}
	free(path);
	return at;
}

uint32_t graph_find_start(const struct graph *graph, struct graph_range range, double start)
{
	uint32_t low = range.from, high = range.to;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (graph->start[middle] < start)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* ---- back to stacks ---- */

static uint32_t copy_node(struct stacks *stacks, uint32_t parent, const struct graph *graph, uint32_t node)
{
	struct text name = graph_name(graph, node);
	return node ? stacks_child(stacks, parent, stacks_name(stacks, name.at, name.size)) : 0;
}

static void copy_weight(struct stacks *stacks, uint32_t to, const struct graph *graph, uint32_t node)
{
	if (graph->old)
		stacks_add_pair(stacks, to, graph->old_self[node], graph->self[node]);
	else if (graph->self[node] != 0)
		stacks_add(stacks, to, graph->self[node]);
}

static uint32_t copy_path(struct stacks *stacks, const struct graph *graph, uint32_t node)
{
	uint32_t depth = graph_depth(graph, node), at = 0;
	uint32_t *path = mem_alloc(((size_t)depth + 1) * sizeof *path);
	for (uint32_t i = depth + 1; i > 0; i--, node = graph->parent[node])
		path[i - 1] = node;
	for (uint32_t i = 0; i <= depth; i++)
		at = copy_node(stacks, at, graph, path[i]);
	free(path);
	return at;
}

struct stacks *graph_stacks(const struct graph *graph, uint32_t top)
{
	struct stacks *stacks = stacks_new(false);
	uint32_t *copies = mem_alloc(graph->count * sizeof *copies);
	struct graph_range range = {top, top + 1};
	copies[top] = copy_path(stacks, graph, top);
	for (; range.from < range.to; range = graph_next_level(graph, range))
		for (uint32_t node = range.from; node < range.to; node++) {
			if (node != top)
				copies[node] = copy_node(stacks, copies[graph->parent[node]], graph, node);
			copy_weight(stacks, copies[node], graph, node);
		}
	free(copies);
	return stacks;
}
