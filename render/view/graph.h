/* The graph that is shown: the merged stacks with their places, numbered so that drawing never searches far. */
#ifndef RENDER_VIEW_GRAPH_H
#define RENDER_VIEW_GRAPH_H

#include "common/stacks.h"

/* No node. */
#define GRAPH_NONE UINT32_MAX

/* Nodes are numbered level by level, each from left to right; node 0 is the root, the whole. So a level is a range of
 * numbers, and so are the children of a node: first[node] to first[node + 1]. */
struct graph {
	struct stacks *stacks; /* their names; owned if `owned` */
	bool owned;
	bool leaf_first; /* the stacks were turned round: callees stand below their callers */
	uint32_t count;
	uint32_t *parent;
	uint32_t *first;        /* count + 1 of them */
	uint32_t *name;         /* number in stacks->names; GRAPH_NONE for the root */
	double *start;          /* left edge, in counts */
	double *total;          /* width: weight of the node with all below it */
	double *self;           /* weight that ends at the node */
	double *old, *old_self; /* both of the first counts of differential stacks; NULL if there are none */
	double max_delta;       /* largest |self - old_self|, at least 1 */
	uint32_t *level;        /* level[d] is the first node of depth d; levels + 1 of them */
	uint32_t levels;
	double *function_self, *function_total; /* by name: sums over the whole graph, recursion counted once; self is
						   what ends at the function, in turned stacks what begins there */
	double *function_old;                   /* by name: total of the old counts, or NULL */
};

/* Siblings stand in the bytewise order of their names, or (heavy_first) the widest first. The graph owns the stacks if
 * `owned`; else they must outlive it. */
struct graph *graph_new(struct stacks *stacks, bool owned, bool leaf_first, bool heavy_first);
void graph_free(struct graph *graph);

/* The name of a node as it came in: may hold any byte. "all" for the root. */
struct text graph_name(const struct graph *graph, uint32_t node);
uint32_t graph_depth(const struct graph *graph, uint32_t node);
/* The ancestor (or the node itself) at this depth, which is at most the node's. */
uint32_t graph_ancestor(const struct graph *graph, uint32_t node, uint32_t depth);
bool graph_is_below(const struct graph *graph, uint32_t node, uint32_t top);
/* The widest child, or GRAPH_NONE. */
uint32_t graph_heaviest_child(const struct graph *graph, uint32_t node);
/* The node that has the same path of names in `graph` as `node` has in `from`, or the deepest ancestor that does. */
uint32_t graph_counterpart(const struct graph *graph, const struct graph *from, uint32_t node);

/* The nodes of one level below (or at) a top node: [from, to). Starts with {top, top + 1}. */
struct graph_range {
	uint32_t from, to;
};
static inline struct graph_range graph_next_level(const struct graph *graph, struct graph_range range)
{
	return (struct graph_range){graph->first[range.from], graph->first[range.to]};
}
/* The first node in the range whose left edge is at `start` or right of it. */
uint32_t graph_find_start(const struct graph *graph, struct graph_range range, double start);

/* The stacks through `top`, from the root on, as a new table. */
struct stacks *graph_stacks(const struct graph *graph, uint32_t top);

#endif
