#include "render/view/draw.h"

#include <math.h>
#include <stdlib.h>

#include "common/mem.h"
#include "render/view/numbers.h"

enum { LEAST_LABEL = 3, ROOMY = 8, MOST_LOOKED_AT = 64 };

static const struct color white = {255, 255, 255}, black = {0, 0, 0}, grey = {128, 128, 128}, magenta = {230, 0, 230};

/* ---- style ---- */

/* Whether one of the frames in the box was searched for; of very many, only the first are looked at. */
static bool is_hit(const struct look *look, const struct box *box)
{
	for (uint32_t node = box->first; node < box->last && node - box->first < MOST_LOOKED_AT; node++)
		if (search_hits(look->search, look->window->graph, node))
			return true;
	return false;
}

static struct color paper_of(const struct look *look, const struct box *box)
{
	const struct graph *graph = look->window->graph;
	struct color color =
		box_is_combined(box) ? (struct color){170, 170, 170} : scheme_color(look->scheme, graph, box->first);
	if (is_hit(look, box))
		color = magenta;
	if (box->first < look->window->zoom && !box_is_combined(box))
		return scheme_mix(color, grey, 0.6);                    /* an ancestor of the zoomed frame */
	return box->first % 2 ? scheme_mix(color, black, 0.14) : color; /* tells neighbours of one colour apart */
}

static struct style style_of(const struct look *look, const struct box *box)
{
	bool selected = look->selected >= box->first && look->selected < box->last;
	struct style style = {.has_ink = true, .has_paper = true};
	if (selected) {
		style.paper = white;
		style.ink = black;
		style.attributes = CELL_BOLD;
	} else {
		style.paper = paper_of(look, box);
		style.ink = scheme_ink(style.paper);
	}
	if (look->depth == DEPTH_NONE) {
		style.attributes = selected ? CELL_REVERSE : 0;
		if (is_hit(look, box))
			style.attributes |= CELL_BOLD | CELL_UNDERLINE;
		if (box->first < look->window->zoom)
			style.attributes |= CELL_DIM;
	}
	return style;
}

/* ---- labels ---- */

static void put_label(
	const struct look *look, struct cells *cells, int y, int x, int end, const struct box *box, struct style style)
{
	if (end - x < LEAST_LABEL && !box_is_combined(box))
		return;
	if (!box_is_combined(box)) {
		end -= end - x > ROOMY && end < cells->width; /* a gap before the next label */
		if (look->depth == DEPTH_NONE && is_hit(look, box))
			x = cells_string(cells, y, x, end, "*", style); /* no colour tells it */
		cells_text(cells, y, x, end, graph_name(look->window->graph, box->first), style);
		return;
	}
	struct buffer text = {0};
	buffer_add_char(&text, '+');
	put_count(&text, box->last - box->first);
	if ((int)text.size <= end - x)
		cells_text(cells, y, x, end, buffer_text(&text), style);
	buffer_free(&text);
}

/* ---- boxes with edges in eighths of a column ---- */

static const char *block(int eighths)
{
	static const char *const blocks[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
	return blocks[eighths];
}

/* A cell of which the box has the right part: what is left of it, the box before, stands there already. */
static void put_left_edge(struct cells *cells, int y, int x, int eighths, struct color paper)
{
	struct cell *cell = cells_at(cells, y, x);
	if (cell && cell->style.has_ink) {
		cell->style.paper = paper;
		cell->style.has_paper = true;
	} else {
		struct style style = {.ink = paper, .has_ink = true, .attributes = CELL_REVERSE};
		cells_put(cells, y, x, block(eighths), style);
	}
}

/* A cell of which the box has the left part, or (narrow) some part. */
static void put_right_edge(struct cells *cells, int y, int x, int eighths, struct color paper)
{
	const struct cell *cell = cells_at(cells, y, x);
	if (cell && !cell->style.has_ink)
		cells_put(cells, y, x, block(eighths), (struct style){.ink = paper, .has_ink = true});
}

static void draw_smooth(const struct look *look, struct cells *cells, int y, const struct box *box)
{
	struct style style = style_of(look, box);
	int left = (int)lround(box->left * 8), right = (int)lround(box->right * 8);
	if (right > cells->width * 8)
		right = cells->width * 8;
	if (right <= left)
		right = left + 1;
	int first = (left + 7) / 8, end = right / 8;
	bool selected = look->selected >= box->first && look->selected < box->last;
	if (selected && end <= left / 8)
		first = left / 8, end = first + 1, right = end * 8; /* a whole cell: it must be seen */
	if (end < first || left / 8 == right / 8) {
		if (left / 8 < cells->width)
			put_right_edge(cells, y, left / 8, right - left, style.paper);
		return;
	}
	if (left % 8 && first > left / 8)
		put_left_edge(cells, y, left / 8, left % 8, style.paper);
	cells_fill(cells, y, first, end, style);
	if (right % 8 && end < cells->width)
		put_right_edge(cells, y, end, right % 8, style.paper);
	put_label(look, cells, y, first, end, box, style);
}

/* ---- boxes with lines between them ---- */

static void draw_lined(const struct look *look, struct cells *cells, int y, const struct box *box)
{
	struct style style = style_of(look, box);
	int x = (int)floor(box->left + 1e-9), end = (int)floor(box->right + 1e-9);
	if (end > cells->width)
		end = cells->width;
	if (end <= x)
		end = x + 1;
	if (box_is_combined(box) && end - x == 1) {
		cells_put(cells, y, x, "+", style);
		return;
	}
	cells_fill(cells, y, x, end, style);
	cells_put(cells, y, x, cells_utf8 ? "│" : "|", style);
	put_label(look, cells, y, x + 1, end, box, style);
	if (end < cells->width && look->depth == DEPTH_NONE)
		cells_put(cells, y, end, cells_utf8 ? "│" : "|", (struct style){0});
}

static void draw_row(const struct look *look, struct cells *cells, int y, const struct box *boxes, size_t count)
{
	bool smooth = look->depth >= DEPTH_256 && cells_utf8;
	for (size_t i = 0; i < count; i++)
		(smooth ? draw_smooth : draw_lined)(look, cells, y, &boxes[i]);
}

/* ---- rows ---- */

/* Where the rows stand. */
struct stage {
	struct cells *cells;
	int y, end;
	uint32_t scroll;
	bool icicle;
};

static int line_of(const struct stage *stage, uint32_t depth)
{
	int row = (int)(depth - stage->scroll);
	return stage->icicle ? stage->y + row : stage->end - 1 - row;
}

/* The ancestors of the zoomed frame, from the deepest one that is seen to the first. */
static void draw_ancestors(const struct look *look, const struct stage *stage, uint32_t top)
{
	const struct graph *graph = look->window->graph;
	uint32_t rows = (uint32_t)(stage->end - stage->y), depth = stage->scroll + rows;
	if (depth > top)
		depth = top;
	if (depth <= stage->scroll)
		return;
	uint32_t node = graph_ancestor(graph, look->window->zoom, depth - 1);
	for (; depth > stage->scroll; depth--, node = graph->parent[node]) {
		struct box box = layout_ancestor(look->window, node);
		draw_row(look, stage->cells, line_of(stage, depth - 1), &box, 1);
	}
}

void draw_rows(const struct look *look, struct cells *cells, int y, int end, uint32_t scroll, bool icicle)
{
	struct stage stage = {cells, y, end, scroll, icicle};
	const struct window *window = look->window;
	uint32_t top = graph_depth(window->graph, window->zoom);
	if (end <= y)
		return;
	struct box *boxes = mem_alloc(((size_t)window->width * 2 + 2) * sizeof *boxes);
	draw_ancestors(look, &stage, top);
	uint32_t depth = scroll > top ? scroll : top, last = scroll + (uint32_t)(end - y);
	struct graph_range range = layout_range(window, depth);
	for (; depth < last && range.from < range.to; depth++) {
		size_t count = 1;
		if (depth == top)
			boxes[0] = layout_ancestor(window, window->zoom);
		else
			count = layout_row(window, range, boxes);
		draw_row(look, cells, line_of(&stage, depth), boxes, count);
		range = graph_next_level(window->graph, range);
	}
	free(boxes);
}
