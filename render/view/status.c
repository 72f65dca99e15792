#include "render/view/status.h"

#include <stdlib.h>

#include "common/mem.h"
#include "render/view/numbers.h"

static const struct style plain = {0}, bold = {.attributes = CELL_BOLD}, dim = {.attributes = CELL_DIM},
			  bar = {.attributes = CELL_REVERSE};

/* ---- heading ---- */

static void add_edits(struct buffer *out, const struct edits *edits)
{
	static const char *const words[] = {
		[EDIT_THREAD] = "thread ", [EDIT_INVERT] = "inverted", [EDIT_HIDE] = "without ", [EDIT_ONLY] = "only "};
	for (size_t i = 0; i < edits->count; i++) {
		buffer_add_format(out, " [%s", words[edits->steps[i].kind]);
		buffer_add(out, edits->steps[i].name, edits->steps[i].size);
		buffer_add_char(out, ']');
	}
}

static void add_live(struct buffer *out, const struct viewer *viewer)
{
	if (viewer->live.fd < 0)
		return;
	buffer_add_string(out, viewer->live.ended ? " [ended]" : viewer->live.frozen ? " [frozen]" : " [live]");
	if (viewer->live.skipped)
		buffer_add_format(out, " [%lu line%s skipped]", viewer->live.skipped, plural(viewer->live.skipped));
}

static void add_state(struct buffer *out, const struct viewer *viewer)
{
	add_edits(out, &viewer->edits);
	if (viewer->cut)
		buffer_add_string(out, " [too deep: cut]");
	add_live(out, viewer);
	if (viewer->builder.busy)
		buffer_add_string(out, " [working...]");
}

/* "all › main › f": the end of it that fits. */
static void draw_way(struct viewer *viewer, int y)
{
	struct cells *cells = &viewer->cells;
	const char *arrow = cells_utf8 ? " › " : " > ";
	size_t room = (size_t)cells->width, used = 0, capacity = 0, count = 0;
	uint32_t *way = NULL, node = viewer->at.zoom;
	for (;; node = viewer->graph->parent[node]) {
		used += text_columns(graph_name(viewer->graph, node)) + (node ? 3 : 0);
		way = mem_grow(way, &capacity, count + 1, sizeof *way);
		way[count++] = node;
		if (!node || used > room)
			break;
	}
	int x = 0;
	if (node && count > 1) {
		x = cells_string(cells, y, x, cells->width, cells_utf8 ? "…" : "..", dim);
		count--;
	}
	for (size_t i = count; i > 0; i--) {
		if (way[i - 1])
			x = cells_string(cells, y, x, cells->width, arrow, dim);
		x = cells_text(cells, y, x, cells->width, graph_name(viewer->graph, way[i - 1]), i == 1 ? bold : plain);
	}
	free(way);
}

/* The end of a text that is no wider; of a path the file's name. */
static struct text last_columns(struct text text, size_t room)
{
	const char *end = text.at + text.size;
	while (text.size && text_columns(text) > room) {
		utf8_next(&text.at, end);
		text.size = (size_t)(end - text.at);
	}
	return text;
}

/* The title is cut where there is no room for it and the numbers, but not to less than a third. */
static int draw_title(struct viewer *viewer, int end, struct text numbers)
{
	struct cells *cells = &viewer->cells;
	const char *dots = cells_utf8 ? " …" : " ..";
	struct text title = text_of(viewer->title);
	size_t third = (size_t)end / 3, used = text_columns(numbers) + 1,
	       room = (size_t)end > used ? (size_t)end - used : 0;
	if (text_columns(title) <= room)
		return cells_text(cells, 0, 1, end, title, bar);
	room = room > third ? room : third;
	int x = cells_string(cells, 0, 0, end, dots, bar);
	return cells_text(cells, 0, x, end, last_columns(title, room > (size_t)x ? room - (size_t)x + 1 : 0), bar);
}

void status_draw_heading(struct viewer *viewer)
{
	struct cells *cells = &viewer->cells;
	struct buffer text = {0};
	cells_fill(cells, 0, 0, cells->width, bar);
	buffer_add_string(&text, "  ");
	put_count(&text, viewer->graph->total[0]);
	buffer_add_format(&text, " %s ", text_unit(viewer->count_name, viewer->graph->total[0]));
	add_state(&text, viewer);
	int help = cells->width - 9, end = help > 30 ? help : cells->width;
	int x = draw_title(viewer, end, buffer_text(&text));
	cells_text(cells, 0, x, end, buffer_text(&text), bar);
	if (help > 30)
		cells_string(cells, 0, help, cells->width, " ? help ", bar);
	buffer_free(&text);
	draw_way(viewer, 1);
}

/* ---- details ---- */

static void add_change(struct buffer *out, double now, double before)
{
	buffer_add_string(out, " (");
	put_change(out, now - before);
	if (before > 0)
		buffer_add_format(out, ", %+.2f%%", 100 * (now - before) / before);
	buffer_add_char(out, ')');
}

void status_numbers(const struct viewer *viewer, uint32_t node, struct buffer *out)
{
	const struct graph *graph = viewer->graph;
	buffer_add_string(out, "total ");
	put_count(out, graph->total[node]);
	if (graph->old)
		add_change(out, graph->total[node], graph->old[node]);
	buffer_add_string(out, ", ");
	put_share(out, graph->total[node], graph->total[0]);
	if (viewer->at.zoom) {
		buffer_add_string(out, ", ");
		put_share(out, graph->total[node], graph->total[viewer->at.zoom]);
		buffer_add_string(out, " of the zoomed");
	}
	buffer_add_string(out, graph->leaf_first ? "; stacks with this root " : "; self ");
	put_count(out, graph->self[node]);
	if (graph->old)
		add_change(out, graph->self[node], graph->old_self[node]);
	buffer_add_string(out, ", ");
	put_share(out, graph->self[node], graph->total[0]);
	buffer_add_format(out, "; depth %u", graph_depth(graph, node));
}

static void add_box(const struct viewer *viewer, const struct box *box, struct buffer *out)
{
	const struct graph *graph = viewer->graph;
	double sum = graph->start[box->last - 1] + graph->total[box->last - 1] - graph->start[box->first];
	buffer_add_string(out, "one of ");
	put_count(out, box->last - box->first);
	buffer_add_string(out, " narrow frames, ");
	put_count(out, sum);
	buffer_add_string(out, " in all: Enter lists them. ");
}

static void add_search(const struct viewer *viewer, struct buffer *out)
{
	const struct search *search = &viewer->search;
	buffer_add_format(out, "%s%s%s: ", search->exact ? "" : "/", search->pattern, search->exact ? "" : "/");
	put_share(out, search->weight, viewer->graph->total[viewer->at.zoom]);
	buffer_add_string(out, " matched, ");
	put_count(out, (double)search->frames);
	buffer_add_string(out, " frames of ");
	put_count(out, (double)search->names);
	buffer_add_string(out, search->names == 1 ? " function" : " functions");
	buffer_add_string(out, "; n and N go through them");
}

/* The end of the text that fits into so many columns. */
static struct text end_that_fits(struct text text, int room)
{
	while (text.size && text_columns(text) > (size_t)(room > 0 ? room : 0)) {
		const char *end = text.at + text.size;
		utf8_next(&text.at, end);
		text.size = (size_t)(end - text.at);
	}
	return text;
}

static void draw_prompt(struct viewer *viewer, int y)
{
	static const char *const labels[] = {[PROMPT_SEARCH] = "search (regular expression): ",
		[PROMPT_FILTER] = "filter (regular expression): ",
		[PROMPT_SAVE] = "save as (.folded, .svg, .png ...): "};
	struct cells *cells = &viewer->cells;
	int x = cells_string(cells, y, 0, cells->width, labels[viewer->prompt], bold);
	struct text typed = end_that_fits(buffer_text(&viewer->typed), cells->width - 1 - x);
	x = cells_text(cells, y, x, cells->width - 1, typed, plain);
	cells_fill(cells, y, x, x + 1, bar);
}

static void draw_last_line(struct viewer *viewer, int y)
{
	static const char *const hints[] = {
		[PAGE_GRAPH] = "Enter zoom  Esc back  / search  Tab table  w callers  i invert  s save  ? help",
		[PAGE_FUNCTIONS] = "Enter show in graph  / filter  1 total  2 self  3 name  w callers  Tab graph",
		[PAGE_COMBINED] = "Enter zoom  Esc back  # show all of its function  w callers",
		[PAGE_THREADS] = "Enter show it alone  Esc back",
		[PAGE_CALLS] = "Enter go on there  Esc back  # show in the graph",
		[PAGE_DETAILS] = "arrows scroll  Esc back",
		[PAGE_HELP] = "arrows scroll  Esc back"};
	struct buffer text = {0};
	struct style style = plain;
	if (viewer->prompt != PROMPT_NONE) {
		draw_prompt(viewer, y);
		return;
	}
	if (viewer->message[0]) {
		buffer_add_string(&text, viewer->message);
		style = bold;
	} else if (viewer->search.pattern && viewer->page == PAGE_GRAPH) {
		add_search(viewer, &text);
	} else {
		buffer_add_string(&text, hints[viewer->page]);
		style = dim;
	}
	cells_text(&viewer->cells, y, 0, viewer->cells.width, buffer_text(&text), style);
	buffer_free(&text);
}

/* The text in lines of the window's width, the last of which is cut if there are more than `most`; returns how many
 * there are. With y below 0 it only counts. */
static int draw_wrapped(struct cells *cells, int y, int most, struct text text, struct style style)
{
	int lines = 0;
	while (text.size && lines < most) {
		size_t columns, fits = text_fit(text, (size_t)cells->width, &columns);
		if (lines == most - 1)
			fits = text.size;
		if (y >= 0)
			cells_text(cells, y + lines, 0, cells->width, (struct text){text.at, fits}, style);
		text.at += fits;
		text.size -= fits;
		lines++;
	}
	return lines;
}

int status_draw_details(struct viewer *viewer)
{
	struct cells *cells = &viewer->cells;
	int last = cells->height - 1, most = cells->height / 3;
	struct buffer numbers = {0};
	struct box box = viewer_selected_box(viewer);
	if (box_is_combined(&box))
		add_box(viewer, &box, &numbers);
	status_numbers(viewer, viewer->at.selected, &numbers);
	struct text name = graph_name(viewer->graph, viewer->at.selected);
	int name_lines = draw_wrapped(cells, -1, most, name, bold);
	int number_lines = draw_wrapped(cells, -1, 2, buffer_text(&numbers), plain);
	int y = last - name_lines - number_lines;
	draw_wrapped(cells, y, most, name, bold);
	draw_wrapped(cells, y + name_lines, 2, buffer_text(&numbers), plain);
	draw_last_line(viewer, last);
	buffer_free(&numbers);
	return y;
}
