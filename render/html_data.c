#include "render/html_data.h"

#include <math.h>
#include <stdlib.h>

#include "common/mem.h"
#include "render/pack.h"
#include "render/palette_map.h"

/* ---- names ---- */

static struct color name_color(const struct view *view, struct text name)
{
	struct color color = palette_color(&view->coloring, name);
	return view->palette_map ? palette_map_color(view->palette_map, name, color) : color;
}

static size_t shared_start(struct text a, struct text b)
{
	size_t size = a.size < b.size ? a.size : b.size, i = 0;
	while (i < size && a.at[i] == b.at[i])
		i++;
	return i;
}

static void put_names(struct sink *sink, const struct intern *names, const uint32_t *ranks, const struct view *view)
{
	struct pack pack = {.sink = sink};
	struct text before = {"", 0};
	uint32_t *ordered = mem_zero((size_t)names->count + 1, sizeof *ordered);
	for (uint32_t i = 0; i < names->count; i++)
		ordered[ranks[i]] = i;
	sink_format(sink, "<script id=\"names\" type=\"application/octet-stream\" data-count=\"%u\">", names->count);
	for (uint32_t i = 0; i < names->count; i++) {
		struct text name = names->names[ordered[i]];
		struct color color = name_color(view, name);
		size_t shared = shared_start(before, name);
		pack_integer(&pack, shared);
		pack_integer(&pack, name.size - shared);
		pack_bytes(&pack, name.at + shared, name.size - shared);
		pack_bytes(&pack, (unsigned char[]){color.r, color.g, color.b}, 3);
		before = name;
	}
	pack_end(&pack);
	sink_string(sink, "</script>\n");
	free(ordered);
}

/* ---- frames ---- */

struct frame {
	uint32_t node;
	uint32_t depth;
	double before, self, old;
};

struct packer {
	struct pack pack;
	const struct stacks *stacks;
	const uint32_t *ranks; /* by name */
	bool whole, compared;
	uint32_t expected; /* depth of a child of the frame before */
};

static void put_weight(struct packer *packer, double weight)
{
	if (packer->whole)
		pack_integer(&packer->pack, (uint64_t)weight);
	else
		pack_double(&packer->pack, weight);
}

static void put_frame(struct packer *packer, struct frame frame)
{
	uint64_t up = packer->expected - frame.depth;
	pack_integer(&packer->pack, up * 4 + (frame.before > 0) * 2 + (frame.self > 0));
	pack_integer(&packer->pack, frame.node ? packer->ranks[packer->stacks->nodes[frame.node].name] : 0);
	if (frame.before > 0)
		put_weight(packer, frame.before);
	if (frame.self > 0)
		put_weight(packer, frame.self);
	if (packer->compared)
		put_weight(packer, frame.old);
	packer->expected = frame.depth + 1;
}

/* What ended at a node before; lines with one count did not change. */
static double old_weight(const struct stacks *stacks, uint32_t node)
{
	if (!stacks->old)
		return 0;
	return stacks->old[node] + (stacks->compared[node] ? 0 : stacks->nodes[node].self);
}

static void put_merged(struct packer *packer)
{
	const struct stacks *stacks = packer->stacks;
	struct stacks_children children = stacks_children(stacks);
	uint32_t node = 0, depth = 0;
	for (;;) {
		put_frame(packer, (struct frame){node, depth, 0, stacks->nodes[node].self, old_weight(stacks, node)});
		if (children.first[node]) {
			node = children.first[node];
			depth++;
			continue;
		}
		for (; node && !children.next[node]; depth--)
			node = stacks->nodes[node].parent;
		if (!node)
			break;
		node = children.next[node];
	}
	stacks_children_free(&children);
}

/* ---- time order ---- */

struct open_frame {
	size_t frame; /* its place in chart.frames */
	double own;   /* its own weight since its last child */
};

/* The steps as frames: what stays open from one step to the next is one frame. */
struct chart {
	const struct stacks *stacks;
	uint32_t *depths;  /* by node */
	uint32_t *threads; /* by node: the first frame of its stack; of the root itself 0 */
	struct frame *frames;
	size_t count, capacity;
	struct open_frame *open; /* by depth */
	size_t open_capacity;
	uint32_t node; /* the deepest open frame's */
};

static void measure_nodes(struct chart *chart)
{
	const struct stacks *stacks = chart->stacks;
	chart->depths = mem_zero(stacks->count, sizeof *chart->depths);
	chart->threads = mem_zero(stacks->count, sizeof *chart->threads);
	for (uint32_t node = 1; node < stacks->count; node++) {
		uint32_t parent = stacks->nodes[node].parent;
		chart->depths[node] = chart->depths[parent] + 1;
		chart->threads[node] = parent ? chart->threads[parent] : node;
	}
}

/* The deepest node above both. */
static uint32_t shared_node(const struct chart *chart, uint32_t a, uint32_t b)
{
	const struct stacks_node *nodes = chart->stacks->nodes;
	while (chart->depths[a] > chart->depths[b])
		a = nodes[a].parent;
	while (chart->depths[b] > chart->depths[a])
		b = nodes[b].parent;
	while (a != b) {
		a = nodes[a].parent;
		b = nodes[b].parent;
	}
	return a;
}

/* Opens the frames below `shared`, which is open, down to `node`. */
static void open_path(struct chart *chart, uint32_t shared, uint32_t node)
{
	uint32_t top = chart->depths[shared], depth = chart->depths[node];
	size_t first = chart->count;
	chart->count += depth - top;
	chart->frames = mem_grow(chart->frames, &chart->capacity, chart->count, sizeof *chart->frames);
	chart->open = mem_grow(chart->open, &chart->open_capacity, (size_t)depth + 1, sizeof *chart->open);
	for (; depth > top; depth--, node = chart->stacks->nodes[node].parent) {
		size_t place = first + (depth - top - 1);
		chart->frames[place] = (struct frame){.node = node, .depth = depth};
		chart->open[depth] = (struct open_frame){.frame = place};
	}
	if (chart->count > first) {
		chart->frames[first].before = chart->open[top].own;
		chart->open[top].own = 0;
	}
}

static void add_step(struct chart *chart, struct stacks_step step)
{
	uint32_t depth = chart->depths[step.node];
	open_path(chart, shared_node(chart, chart->node, step.node), step.node);
	chart->open[depth].own += step.weight;
	chart->frames[chart->open[depth].frame].self += step.weight;
	chart->node = step.node;
}

/* Adds the steps thread by thread, in the order in which the threads' frames were made. */
static void add_steps(struct chart *chart)
{
	const struct stacks *stacks = chart->stacks;
	size_t *next = mem_zero((size_t)stacks->count + 1, sizeof *next); /* by thread: the place of its next step */
	struct stacks_step *sorted = mem_zero(stacks->step_count + 1, sizeof *sorted);
	for (size_t i = 0; i < stacks->step_count; i++)
		next[chart->threads[stacks->steps[i].node] + 1]++;
	for (uint32_t node = 0; node < stacks->count; node++)
		next[node + 1] += next[node];
	for (size_t i = 0; i < stacks->step_count; i++)
		sorted[next[chart->threads[stacks->steps[i].node]]++] = stacks->steps[i];
	for (size_t i = 0; i < stacks->step_count; i++)
		add_step(chart, sorted[i]);
	free(next);
	free(sorted);
}

static void begin_chart(struct chart *chart)
{
	chart->frames = mem_grow(chart->frames, &chart->capacity, 1, sizeof *chart->frames);
	chart->open = mem_grow(chart->open, &chart->open_capacity, 1, sizeof *chart->open);
	chart->frames[0] = (struct frame){0};
	chart->open[0] = (struct open_frame){0};
	chart->count = 1;
	measure_nodes(chart);
}

static void free_chart(struct chart *chart)
{
	free(chart->depths);
	free(chart->threads);
	free(chart->frames);
	free(chart->open);
}

/* ---- the block ---- */

static bool is_whole(double weight)
{
	return weight == floor(weight) && weight <= 9007199254740992.0;
}

static bool all_whole(const struct stacks *stacks)
{
	for (uint32_t node = 0; node < stacks->count; node++)
		if (!is_whole(stacks->nodes[node].self) || (stacks->old && !is_whole(stacks->old[node])))
			return false;
	for (size_t i = 0; i < stacks->step_count; i++)
		if (!is_whole(stacks->steps[i].weight))
			return false;
	return true;
}

static void put_frames(struct packer *packer, const struct chart *chart)
{
	size_t count = chart ? chart->count : packer->stacks->count;
	sink_format(packer->pack.sink,
		"<script id=\"frames\" type=\"application/octet-stream\" data-count=\"%zu\" data-whole=\"%d\" "
		"data-compared=\"%d\" data-timed=\"%d\">",
		count, packer->whole, packer->compared, chart != NULL);
	for (size_t i = 0; chart && i < count; i++)
		put_frame(packer, chart->frames[i]);
	if (!chart)
		put_merged(packer);
	pack_end(&packer->pack);
	sink_string(packer->pack.sink, "</script>\n");
}

void html_data(struct sink *sink, const struct stacks *stacks, const struct view *view)
{
	uint32_t *ranks = intern_ranks(&stacks->names);
	struct packer packer = {.pack = {.sink = sink}, .stacks = stacks, .ranks = ranks, .whole = all_whole(stacks)};
	put_names(sink, &stacks->names, ranks, view);
	if (view->flame_chart) {
		struct chart chart = {.stacks = stacks};
		begin_chart(&chart);
		add_steps(&chart);
		put_frames(&packer, &chart);
		free_chart(&chart);
	} else {
		packer.compared = stacks->old != NULL;
		put_frames(&packer, NULL);
	}
	free(ranks);
}
