#include "convert/calltree.h"

#include <stdlib.h>

#include "common/mem.h"

static void leave(struct calltree *tree, size_t depth)
{
	while (tree->depth > depth) {
		const struct calltree_level *level = &tree->levels[--tree->depth];
		if (level->rest > 0)
			stacks_add(tree->stacks, level->node, level->rest);
	}
}

bool calltree_row(struct calltree *tree, size_t depth, uint32_t name, double inclusive, uint32_t *node)
{
	if (depth > tree->depth)
		return false;
	leave(tree, depth);
	tree->levels = mem_grow(tree->levels, &tree->capacity, depth + 1, sizeof *tree->levels);
	uint32_t parent = depth ? tree->levels[depth - 1].node : 0;
	if (depth)
		tree->levels[depth - 1].rest -= inclusive;
	*node = stacks_child(tree->stacks, parent, name);
	tree->levels[tree->depth++] = (struct calltree_level){*node, inclusive};
	return true;
}

void calltree_ignore_self(struct calltree *tree)
{
	if (tree->depth)
		tree->levels[tree->depth - 1].rest = 0;
}

void calltree_end(struct calltree *tree)
{
	leave(tree, 0);
}

void calltree_free(struct calltree *tree)
{
	calltree_end(tree);
	free(tree->levels);
	*tree = (struct calltree){0};
}
