#include "render/view/viewer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/mem.h"
#include "render/view/pages.h"

enum { PATIENCE = 20 }; /* ms: a graph built faster than this is shown at once */

void viewer_free(struct viewer *viewer)
{
	bool cut;
	if (viewer->builder.busy)
		graph_free(builder_finish(&viewer->builder, &cut));
	graph_free(viewer->graph);
	stacks_free(viewer->base);
	edits_free(&viewer->edits);
	search_end(&viewer->search);
	list_free(&viewer->list);
	free(viewer->history);
	cells_free(&viewer->cells);
	cells_free(&viewer->shown);
	struct buffer *buffers[] = {
		&viewer->to_select, &viewer->filter, &viewer->function, &viewer->lines, &viewer->typed};
	for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
		buffer_free(buffers[i]);
	live_close(&viewer->live);
}

void viewer_say(struct viewer *viewer, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(viewer->message, sizeof viewer->message, format, args);
	va_end(args);
}

struct window viewer_window(const struct viewer *viewer)
{
	return (struct window){viewer->graph, viewer->at.zoom, viewer->cells.width, viewer->separate};
}

/* ---- a new graph ---- */

void viewer_rebuild(struct viewer *viewer)
{
	viewer->stale = true;
	if (viewer->builder.busy)
		return;
	viewer->stale = false;
	builder_start(&viewer->builder, viewer->base, &viewer->edits, viewer->heavy_first);
	if (!viewer->graph || builder_wait(&viewer->builder, PATIENCE))
		viewer_adopt(viewer);
}

/* The function asked for, if it stands right above the root. */
static void select_wanted(struct viewer *viewer)
{
	const struct graph *graph = viewer->graph;
	struct text wanted = buffer_text(&viewer->to_select);
	for (uint32_t node = graph->first[0]; wanted.size && node < graph->first[1]; node++)
		if (text_compare(graph_name(graph, node), wanted) == 0)
			viewer->at.selected = node;
	buffer_clear(&viewer->to_select);
}

static void take_places_over(struct viewer *viewer, const struct graph *old)
{
	const struct graph *graph = viewer->graph;
	viewer->at.zoom = graph_counterpart(graph, old, viewer->at.zoom);
	viewer->at.selected = graph_counterpart(graph, old, viewer->at.selected);
	if (!graph_is_below(graph, viewer->at.selected, viewer->at.zoom))
		viewer->at.selected = viewer->at.zoom;
	for (size_t i = 0; i < viewer->history_count; i++) {
		struct place *place = &viewer->history[i];
		place->zoom = graph_counterpart(graph, old, place->zoom);
		place->selected = graph_counterpart(graph, old, place->selected);
	}
}

void viewer_adopt(struct viewer *viewer)
{
	struct graph *old = viewer->graph;
	viewer->graph = builder_finish(&viewer->builder, &viewer->cut);
	if (old)
		take_places_over(viewer, old);
	select_wanted(viewer);
	search_graph(&viewer->search, viewer->graph);
	search_weigh(&viewer->search, viewer->graph, viewer->at.zoom);
	pages_refresh(viewer);
	graph_free(old);
	if (viewer->stale)
		viewer_rebuild(viewer);
}

/* ---- zoom ---- */

static void go(struct viewer *viewer, struct place place)
{
	bool zooms = place.zoom != viewer->at.zoom;
	viewer->at = place;
	if (zooms) {
		uint32_t depth = graph_depth(viewer->graph, place.zoom);
		bool high = depth > 2 && depth > viewer_rows(viewer) / 3; /* callers fill a third at most */
		viewer->scroll = high ? depth - 2 : 0;
		search_weigh(&viewer->search, viewer->graph, place.zoom);
	}
	viewer_show_selected(viewer);
}

static void remember(struct viewer *viewer)
{
	viewer->history = mem_grow(
		viewer->history, &viewer->history_capacity, viewer->history_count + 1, sizeof *viewer->history);
	viewer->history[viewer->history_count++] = viewer->at;
}

void viewer_select(struct viewer *viewer, uint32_t node)
{
	viewer->at.selected = node;
	viewer_show_selected(viewer);
}

void viewer_zoom(struct viewer *viewer, uint32_t node)
{
	if (node == viewer->at.zoom)
		return;
	remember(viewer);
	go(viewer, (struct place){node, node});
}

void viewer_jump(struct viewer *viewer, uint32_t node)
{
	uint32_t zoom = viewer->at.zoom;
	if (!graph_is_below(viewer->graph, node, zoom)) {
		remember(viewer);
		zoom = 0;
	}
	go(viewer, (struct place){zoom, node});
}

bool viewer_back(struct viewer *viewer)
{
	while (viewer->history_count) {
		struct place before = viewer->history[--viewer->history_count];
		if (before.zoom == viewer->at.zoom)
			continue; /* another graph has them in one place */
		go(viewer, before);
		return true;
	}
	return false;
}

void viewer_reset(struct viewer *viewer)
{
	viewer->history_count = 0;
	viewer->scroll = 0;
	go(viewer, (struct place){0, viewer->at.zoom});
}

/* ---- rows ---- */

uint32_t viewer_rows(const struct viewer *viewer)
{
	int rows = viewer->graph_end - viewer->graph_y;
	return rows > 1 ? (uint32_t)rows : 1;
}

uint32_t viewer_last_depth(const struct viewer *viewer)
{
	uint32_t depth = graph_depth(viewer->graph, viewer->at.zoom);
	struct graph_range range = {viewer->at.zoom, viewer->at.zoom + 1};
	for (;; depth++) {
		range = graph_next_level(viewer->graph, range);
		if (range.from == range.to)
			return depth;
	}
}

void viewer_scroll(struct viewer *viewer, long by)
{
	uint32_t last = viewer_last_depth(viewer), rows = viewer_rows(viewer);
	long most = last + 1 > rows ? (long)(last + 1 - rows) : 0, to = (long)viewer->scroll + by;
	viewer->scroll = (uint32_t)(to < 0 ? 0 : to > most ? most : to);
}

void viewer_show_selected(struct viewer *viewer)
{
	uint32_t depth = graph_depth(viewer->graph, viewer->at.selected), rows = viewer_rows(viewer);
	if (depth < viewer->scroll)
		viewer->scroll = depth;
	if (depth >= viewer->scroll + rows)
		viewer->scroll = depth - rows + 1;
}

/* ---- boxes ---- */

static struct box *boxes_of(const struct viewer *viewer, uint32_t depth, size_t *count)
{
	struct window window = viewer_window(viewer);
	struct box *boxes = mem_alloc(((size_t)window.width * 2 + 2) * sizeof *boxes);
	*count = layout_depth(&window, depth, boxes);
	return boxes;
}

struct box viewer_selected_box(const struct viewer *viewer)
{
	size_t count;
	struct box *boxes = boxes_of(viewer, graph_depth(viewer->graph, viewer->at.selected), &count);
	const struct box *found = layout_find(boxes, count, viewer->at.selected);
	struct box box = found ? *found : (struct box){viewer->at.selected, viewer->at.selected + 1, 0, 0};
	free(boxes);
	return box;
}

bool viewer_box_at(const struct viewer *viewer, int x, int y, struct box *box)
{
	size_t count;
	if (y < viewer->graph_y || y >= viewer->graph_end)
		return false;
	int row = viewer->icicle ? y - viewer->graph_y : viewer->graph_end - 1 - y;
	struct box *boxes = boxes_of(viewer, viewer->scroll + (uint32_t)row, &count);
	bool found = false;
	for (size_t i = 0; i < count; i++)
		if (boxes[i].right > x && boxes[i].left < x + 1) {
			*box = boxes[i];
			found = true;
			if (boxes[i].left <= x + 0.5 && boxes[i].right > x + 0.5)
				break; /* it covers the middle of the cell */
		}
	free(boxes);
	return found;
}

/* ---- moving ---- */

void viewer_move_depth(struct viewer *viewer, int by)
{
	const struct graph *graph = viewer->graph;
	uint32_t node = viewer->at.selected, next = node;
	if (by < 0)
		next = graph->parent[node];
	else if (node < viewer->at.zoom) /* an ancestor of the zoomed frame: only the way to it is seen */
		next = graph_ancestor(graph, viewer->at.zoom, graph_depth(graph, node) + 1);
	else
		next = graph_heaviest_child(graph, node);
	if (next == GRAPH_NONE)
		return;
	bool narrow = graph->total[next] * viewer->cells.width < graph->total[viewer->at.zoom];
	if (!viewer->separate || !narrow)
		viewer_select(viewer, next);
}

void viewer_move_along(struct viewer *viewer, int by)
{
	size_t count;
	struct box *boxes = boxes_of(viewer, graph_depth(viewer->graph, viewer->at.selected), &count);
	const struct box *box = layout_find(boxes, count, viewer->at.selected);
	if (box && by < 0 && box > boxes)
		viewer_select(viewer, box[-1].first);
	if (box && by > 0 && box + 1 < boxes + count)
		viewer_select(viewer, box[1].first);
	free(boxes);
}

void viewer_next_match(struct viewer *viewer, bool back)
{
	const struct graph *graph = viewer->graph;
	const struct search *search = &viewer->search;
	struct place at = viewer->at;
	double column = graph->total[at.zoom] / viewer->cells.width;
	if (!search->pattern) {
		viewer_say(viewer, "nothing is searched for: / or #");
		return;
	}
	uint32_t node = search_step(search, graph, at.zoom, at.selected, back, column);
	if (node == GRAPH_NONE)
		viewer_say(viewer, "no frame here matches %s", search->pattern);
	else
		viewer_select(viewer, node);
}
