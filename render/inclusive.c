#include "render/inclusive.h"

#include <stdlib.h>

#include "common/mem.h"

/* A walk over the tree that knows which groups stand on the way to the node. */
struct walk {
	const uint32_t *group_of;
	const double *totals; /* by node */
	double *weights;      /* by group: the result */
	uint32_t *open;       /* by group: how many of its nodes stand on the way */
};

static void enter(struct walk *walk, uint32_t node)
{
	uint32_t group = walk->group_of[node];
	if (group != NO_GROUP && !walk->open[group]++)
		walk->weights[group] += walk->totals[node];
}

static void leave(struct walk *walk, uint32_t node)
{
	uint32_t group = walk->group_of[node];
	if (group != NO_GROUP)
		walk->open[group]--;
}

static void walk_tree(struct walk *walk, const struct stacks *stacks)
{
	struct stacks_children children = stacks_children_as_made(stacks);
	for (uint32_t node = children.first[0]; node;) {
		enter(walk, node);
		if (children.first[node]) {
			node = children.first[node];
			continue;
		}
		leave(walk, node);
		while (node && !children.next[node]) {
			node = stacks->nodes[node].parent;
			if (node)
				leave(walk, node);
		}
		node = children.next[node];
	}
	stacks_children_free(&children);
}

double *inclusive_weights(const struct stacks *stacks, const uint32_t *group_of, uint32_t groups)
{
	double *totals = stacks_totals(stacks, NULL);
	struct walk walk = {.group_of = group_of,
		.totals = totals,
		.weights = mem_zero((size_t)groups + 1, sizeof *walk.weights),
		.open = mem_zero((size_t)groups + 1, sizeof *walk.open)};
	walk_tree(&walk, stacks);
	free(totals);
	free(walk.open);
	return walk.weights;
}
