#include "render/flame.h"

#include <stdlib.h>

#include "common/mem.h"

static size_t add_frame(
	struct flame *flame, const struct stacks *stacks, uint32_t node, uint32_t depth, double start, double end)
{
	flame->frames = mem_grow(flame->frames, &flame->capacity, flame->count + 1, sizeof *flame->frames);
	struct flame_frame *frame = &flame->frames[flame->count];
	*frame = (struct flame_frame){.start = start, .end = end, .depth = depth};
	frame->name = node ? stacks->names.names[stacks->nodes[node].name] : (struct text){"", 0};
	frame->compared = stacks->old && (!node || stacks->compared[node]);
	frame->delta = frame->compared ? stacks->nodes[node].self - stacks->old[node] : 0;
	if (depth > flame->depth_max)
		flame->depth_max = depth;
	return flame->count++;
}

/* Weight of each node with all below it. */
static double *totals_of(const struct stacks *stacks)
{
	double *totals = mem_zero(stacks->count, sizeof *totals);
	for (uint32_t node = stacks->count - 1; node > 0; node--) {
		totals[node] += stacks->nodes[node].self;
		totals[stacks->nodes[node].parent] += totals[node];
	}
	totals[0] += stacks->nodes[0].self;
	return totals;
}

/* Frames of a subtree that is left out, the top one included. Its nodes are few or it would be wide. */
static uint64_t count_nodes(const struct stacks *stacks, const struct stacks_children *children, uint32_t top)
{
	uint64_t count = 0;
	uint32_t node = top;
	for (;;) {
		count += !(stacks->nodes[node].name & STACKS_GAP);
		if (children->first[node]) {
			node = children->first[node];
			continue;
		}
		while (node != top && !children->next[node])
			node = stacks->nodes[node].parent;
		if (node == top)
			return count;
		node = children->next[node];
	}
}

/* An open frame of the walk: its node, and where the next child starts. */
struct open_frame {
	uint32_t node;
	uint32_t next_child;
	double cursor;
};

static void layout_tree(struct flame *flame, const struct stacks *stacks, double min_width)
{
	struct stacks_children children = stacks_children(stacks);
	double *totals = totals_of(stacks);
	struct open_frame *open = NULL;
	size_t depth = 0, capacity = 0;
	open = mem_grow(open, &capacity, 1, sizeof *open);
	open[depth++] = (struct open_frame){0, children.first[0], stacks->nodes[0].self};
	while (depth) {
		struct open_frame *top = &open[depth - 1];
		uint32_t node = top->next_child;
		if (!node) {
			depth--;
			continue;
		}
		double start = top->cursor, end = start + totals[node];
		top->next_child = children.next[node];
		top->cursor = end;
		if (stacks->nodes[node].name & STACKS_GAP)
			continue;
		if (end - start < min_width) {
			flame->narrow += count_nodes(stacks, &children, node);
			continue;
		}
		add_frame(flame, stacks, node, (uint32_t)depth, start, end);
		open = mem_grow(open, &capacity, depth + 1, sizeof *open);
		open[depth++] = (struct open_frame){node, children.first[node], start + stacks->nodes[node].self};
	}
	free(open);
	free(totals);
	stacks_children_free(&children);
}

/* ---- time order ---- */

/* The nodes from the root (not included) to `node`. */
static size_t path_to(const struct stacks *stacks, uint32_t node, uint32_t **path, size_t *capacity)
{
	size_t depth = 0;
	for (uint32_t up = node; up; up = stacks->nodes[up].parent)
		depth++;
	*path = mem_grow(*path, capacity, depth + 1, sizeof **path);
	size_t at = depth;
	for (uint32_t up = node; up; up = stacks->nodes[up].parent)
		(*path)[--at] = up;
	return depth;
}

struct open_step {
	uint32_t node;
	size_t frame; /* its place in flame->frames */
};

static void layout_steps(struct flame *flame, const struct stacks *stacks)
{
	struct open_step *open = NULL;
	uint32_t *path = NULL;
	size_t depth = 0, capacity = 0, path_capacity = 0;
	double clock = 0;
	for (size_t i = 0; i < stacks->step_count; i++) {
		size_t path_depth = path_to(stacks, stacks->steps[i].node, &path, &path_capacity), same = 0;
		while (same < depth && same < path_depth && open[same].node == path[same])
			same++;
		depth = same;
		double end = clock + stacks->steps[i].weight;
		for (; depth < path_depth; depth++) {
			open = mem_grow(open, &capacity, depth + 1, sizeof *open);
			open[depth].node = path[depth];
			open[depth].frame = add_frame(flame, stacks, path[depth], (uint32_t)depth + 1, clock, end);
		}
		for (size_t d = 0; d < depth; d++)
			flame->frames[open[d].frame].end = end;
		clock = end;
	}
	free(open);
	free(path);
}

/* Time order knows a frame's width only when it is complete. */
static void drop_narrow(struct flame *flame, double min_width)
{
	size_t kept = 1;
	flame->depth_max = 0;
	for (size_t i = 1; i < flame->count; i++) {
		if (flame->frames[i].end - flame->frames[i].start < min_width) {
			flame->narrow++;
			continue;
		}
		flame->frames[kept++] = flame->frames[i];
		if (flame->frames[i].depth > flame->depth_max)
			flame->depth_max = flame->frames[i].depth;
	}
	flame->count = kept;
}

struct flame flame_layout(const struct stacks *stacks, bool steps, double total, double min_width)
{
	struct flame flame = {.sum = stacks_total(stacks), .narrow = stacks->dropped};
	flame.total = total > flame.sum ? total : flame.sum;
	flame.max_delta = stacks->max_delta > 1 ? stacks->max_delta : 1;
	add_frame(&flame, stacks, 0, 0, 0, flame.total);
	if (steps) {
		layout_steps(&flame, stacks);
		drop_narrow(&flame, min_width);
	} else {
		layout_tree(&flame, stacks, min_width);
	}
	return flame;
}

void flame_cut(struct flame *flame, uint32_t max_depth)
{
	size_t kept = 0;
	for (size_t i = 0; i < flame->count; i++)
		if (flame->frames[i].depth <= max_depth)
			flame->frames[kept++] = flame->frames[i];
	flame->deep += flame->count - kept;
	flame->count = kept;
	if (flame->depth_max > max_depth)
		flame->depth_max = max_depth;
}
