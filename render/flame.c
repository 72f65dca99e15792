#include "render/flame.h"

#include <stdlib.h>

#include "common/mem.h"

/* A frame of the time order: the node may come again later. */
struct flame_step {
	uint32_t node, depth;
	double start, end;
};

/* A frame above the next one. */
struct flame_open {
	uint32_t node;
	double cursor; /* where its next child starts */
};

/* ---- merged ---- */

/* The nodes, a parent before its children; NULL if that is how they stand. */
static uint32_t *find_order(const struct stacks *stacks, enum flame_order by, const double *totals)
{
	if (by == FLAME_BY_NAME && stacks->sorted)
		return NULL;
	uint32_t *order = mem_zero(stacks->count, sizeof *order), node = 0;
	struct stacks_children children = by == FLAME_AS_MADE    ? stacks_children_as_made(stacks)
					  : by == FLAME_BY_TOTAL ? stacks_children_by_total(stacks, totals)
								 : stacks_children(stacks);
	for (size_t i = 1; i < stacks->count; i++) {
		if (children.first[node]) {
			node = children.first[node];
		} else {
			while (!children.next[node])
				node = stacks->nodes[node].parent;
			node = children.next[node];
		}
		order[i] = node;
	}
	stacks_children_free(&children);
	return order;
}

static void push_open(struct flame_walk *walk, struct flame_open open)
{
	if (walk->depth == walk->capacity)
		walk->open = mem_grow(walk->open, &walk->capacity, walk->depth + 1, sizeof *walk->open);
	walk->open[walk->depth++] = open;
}

static void fill_frame(const struct stacks *stacks, uint32_t node, struct flame_frame *frame)
{
	frame->name_number = stacks->nodes[node].name;
	frame->name = node ? stacks->names.names[frame->name_number] : (struct text){"", 0};
	frame->self = stacks->nodes[node].self;
	frame->compared = stacks->old && (!node || stacks->compared[node]);
	frame->delta = frame->compared ? frame->self - stacks->old[node] : 0;
}

/* Counts frames that are too narrow, but not those above them. */
static void count_narrow(struct flame_walk *walk, size_t depth, uint32_t count)
{
	if (walk->narrow_depth && walk->narrow_depth < depth)
		return;
	walk->narrow += count;
	walk->narrow_depth = depth;
}

/* Is the frame to be left out? Counts it then. */
static bool leaves_out(struct flame_walk *walk, double width, size_t depth)
{
	const struct flame_rules *rules = &walk->flame->rules;
	if (width < rules->min_width) {
		count_narrow(walk, depth, 1);
		return true;
	}
	walk->narrow_depth = 0;
	if (!rules->max_depth || depth <= rules->max_depth)
		return false;
	walk->deep++;
	return true;
}

/* Fills in all but what fill_frame does. */
static bool next_merged(struct flame_walk *walk, struct flame_frame *frame, uint32_t *number)
{
	const struct flame *flame = walk->flame;
	const struct stacks *stacks = flame->stacks;
	while (walk->next < stacks->count) {
		uint32_t node = flame->order ? flame->order[walk->next] : (uint32_t)walk->next;
		uint32_t parent = stacks->nodes[node].parent;
		walk->next++;
		while (walk->open[walk->depth - 1].node != parent)
			walk->depth--;
		struct flame_open *above = &walk->open[walk->depth - 1];
		double start = above->cursor, end = start + flame->totals[node];
		above->cursor = end;
		if (stacks->nodes[node].name & STACKS_GAP) {
			count_narrow(walk, walk->depth, stacks->nodes[node].name & ~STACKS_GAP);
			continue;
		}
		frame->start = start;
		frame->end = end;
		frame->depth = (uint32_t)walk->depth;
		push_open(walk, (struct flame_open){node, start + stacks->nodes[node].self});
		if (leaves_out(walk, end - start, frame->depth))
			continue;
		*number = node;
		return true;
	}
	return false;
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

/* All frames: those that the next step shares go on. */
static struct flame_step *join_steps(const struct stacks *stacks, size_t *count)
{
	struct flame_step *frames = NULL;
	size_t capacity = 0, *open = NULL, open_capacity = 0, depth = 0,
	       path_capacity = 0; /* open: numbers of frames */
	uint32_t *path = NULL;
	double clock = 0;
	*count = 0;
	for (size_t i = 0; i < stacks->step_count; i++) {
		size_t path_depth = path_to(stacks, stacks->steps[i].node, &path, &path_capacity), same = 0;
		while (same < depth && same < path_depth && frames[open[same]].node == path[same])
			same++;
		double end = clock + stacks->steps[i].weight;
		for (depth = same; depth < path_depth; depth++) {
			open = mem_grow(open, &open_capacity, depth + 1, sizeof *open);
			open[depth] = *count;
			frames = mem_grow(frames, &capacity, *count + 1, sizeof *frames);
			frames[(*count)++] = (struct flame_step){path[depth], (uint32_t)depth + 1, clock, end};
		}
		for (size_t d = 0; d < depth; d++)
			frames[open[d]].end = end;
		clock = end;
	}
	free(open);
	free(path);
	return frames;
}

static bool next_step(struct flame_walk *walk, struct flame_frame *frame, uint32_t *number)
{
	const struct flame *flame = walk->flame;
	while (walk->next <= flame->step_count) {
		const struct flame_step *step = &flame->steps[walk->next++ - 1];
		if (leaves_out(walk, step->end - step->start, step->depth))
			continue;
		frame->start = step->start;
		frame->end = step->end;
		frame->depth = step->depth;
		*number = step->node;
		return true;
	}
	return false;
}

/* ---- both ---- */

struct flame_walk flame_start(const struct flame *flame)
{
	return (struct flame_walk){.flame = flame};
}

/* Finds the next frame's place and node; frees the walk behind the last one. */
static bool next_place(struct flame_walk *walk, struct flame_frame *frame, uint32_t *node)
{
	const struct flame *flame = walk->flame;
	if (!walk->next) {
		walk->next++;
		push_open(walk, (struct flame_open){0, flame->stacks->nodes[0].self});
		frame->start = 0;
		frame->end = flame->total;
		frame->depth = *node = 0;
		return true;
	}
	if (flame->rules.steps ? next_step(walk, frame, node) : next_merged(walk, frame, node))
		return true;
	free(walk->open);
	walk->open = NULL;
	return false;
}

bool flame_next(struct flame_walk *walk, struct flame_frame *frame)
{
	uint32_t node;
	if (!next_place(walk, frame, &node))
		return false;
	fill_frame(walk->flame->stacks, node, frame);
	return true;
}

struct flame flame_layout(const struct stacks *stacks, struct flame_rules rules)
{
	struct flame flame = {.sum = stacks_total(stacks), .stacks = stacks, .rules = rules};
	struct flame_frame frame;
	flame.total = rules.total > flame.sum ? rules.total : flame.sum;
	flame.max_delta = stacks->max_delta > 1 ? stacks->max_delta : 1;
	if (rules.steps)
		flame.steps = join_steps(stacks, &flame.step_count);
	else
		flame.totals = stacks_totals(stacks, NULL);
	if (!rules.steps)
		flame.order = find_order(stacks, rules.order, flame.totals);
	struct flame_walk walk = flame_start(&flame);
	for (uint32_t node; next_place(&walk, &frame, &node); flame.count++)
		if (frame.depth > flame.depth_max)
			flame.depth_max = frame.depth;
	flame.narrow = walk.narrow;
	flame.deep = walk.deep;
	return flame;
}

void flame_free(struct flame *flame)
{
	free(flame->totals);
	free(flame->order);
	free(flame->steps);
	*flame = (struct flame){0};
}
