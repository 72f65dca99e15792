#include "render/view/layout.h"

#include <math.h>

static double column_of(const struct window *window, double count)
{
	const struct graph *graph = window->graph;
	double whole = graph->total[window->zoom];
	return whole > 0 ? (count - graph->start[window->zoom]) * window->width / whole : 0;
}

/* The box of the nodes [first, last), which are neighbours. */
static struct box box_of(const struct window *window, uint32_t first, uint32_t last)
{
	const struct graph *graph = window->graph;
	return (struct box){first, last, column_of(window, graph->start[first]),
		column_of(window, graph->start[last - 1] + graph->total[last - 1])};
}

/* Adds narrow frames: to the box before if that is of narrow ones and they touch. */
static size_t add_narrow(struct box *boxes, size_t count, struct box box)
{
	struct box *before = count ? &boxes[count - 1] : NULL;
	bool narrow = before && (box_is_combined(before) || before->right - before->left < 1);
	if (narrow && box.left - before->right < 1e-6) {
		before->last = box.last;
		before->right = box.right;
		return count;
	}
	boxes[count] = box;
	return count + 1;
}

size_t layout_row(const struct window *window, struct graph_range range, struct box *boxes)
{
	const struct graph *graph = window->graph;
	double per_column = graph->total[window->zoom] / window->width;
	size_t count = 0;
	for (uint32_t node = range.from; node < range.to;) {
		struct box box = box_of(window, node, node + 1);
		if (box.right - box.left >= 1) {
			boxes[count++] = box;
			node++;
			continue;
		}
		/* All that start in the same column: only the last of them can be wide. */
		double edge = graph->start[window->zoom] + (floor(box.left) + 1) * per_column;
		uint32_t next = graph_find_start(graph, (struct graph_range){node + 1, range.to}, edge);
		if (next > node + 1 && graph->total[next - 1] >= per_column)
			next--;
		if (!window->separate && graph->start[next - 1] + graph->total[next - 1] > graph->start[node])
			count = add_narrow(boxes, count, box_of(window, node, next));
		node = next;
	}
	return count;
}

struct box layout_ancestor(const struct window *window, uint32_t node)
{
	return (struct box){node, node + 1, 0, window->width};
}

struct graph_range layout_range(const struct window *window, uint32_t depth)
{
	uint32_t top = graph_depth(window->graph, window->zoom);
	if (depth < top) {
		uint32_t node = graph_ancestor(window->graph, window->zoom, depth);
		return (struct graph_range){node, node + 1};
	}
	struct graph_range range = {window->zoom, window->zoom + 1};
	for (uint32_t at = top; at < depth && range.from < range.to; at++)
		range = graph_next_level(window->graph, range);
	return range;
}

size_t layout_depth(const struct window *window, uint32_t depth, struct box *boxes)
{
	struct graph_range range = layout_range(window, depth);
	if (depth <= graph_depth(window->graph, window->zoom)) {
		boxes[0] = layout_ancestor(window, range.from);
		return 1;
	}
	return layout_row(window, range, boxes);
}

const struct box *layout_find(const struct box *boxes, size_t count, uint32_t node)
{
	for (size_t i = 0; i < count; i++)
		if (node >= boxes[i].first && node < boxes[i].last)
			return &boxes[i];
	return NULL;
}
