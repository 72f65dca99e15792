#include "render/view/dump.h"

#include "common/sink.h"
#include "render/view/draw.h"
#include "render/view/numbers.h"

static void write_line(struct sink *sink, struct buffer *line)
{
	sink_write(sink, line->at, line->size);
	buffer_clear(line);
}

static void write_heading(const struct viewer *viewer, struct sink *sink)
{
	const struct graph *graph = viewer->graph;
	struct buffer line = {0};
	put_count(&line, graph->total[0]);
	buffer_add_format(&line, " %s", text_unit(viewer->count_name, graph->total[0]));
	if (graph->old) {
		buffer_add_string(&line, ", ");
		put_count(&line, graph->old[0]);
		buffer_add_string(&line, " before");
	}
	if (viewer->search.pattern) {
		buffer_add_string(&line, ", ");
		put_share(&line, viewer->search.weight, graph->total[0]);
		buffer_add_string(&line, " matched");
	}
	buffer_add_char(&line, '\n');
	write_line(sink, &line);
	buffer_free(&line);
}

enum { ROWS = 256 }; /* drawn at a time: a graph may be a million rows high */

static void write_rows(struct viewer *viewer, const struct look *look, uint32_t depth, int rows, struct sink *sink)
{
	struct buffer line = {0};
	cells_resize(&viewer->cells, look->window->width, rows);
	draw_rows(look, &viewer->cells, 0, rows, depth, viewer->icicle);
	for (int y = 0; y < rows; y++)
		paint_line(&line, &viewer->cells, y, viewer->depth);
	write_line(sink, &line);
	buffer_free(&line);
}

void dump_write(struct viewer *viewer, int width)
{
	struct sink sink;
	cells_resize(&viewer->cells, width, 1);
	struct window window = viewer_window(viewer);
	struct look look = {&window, &viewer->scheme, &viewer->search, GRAPH_NONE, viewer->depth};
	uint32_t rows = viewer_last_depth(viewer) + 1, parts = (rows + ROWS - 1) / ROWS;
	sink_open(&sink, NULL);
	write_heading(viewer, &sink);
	for (uint32_t i = 0; i < parts; i++) {
		uint32_t depth = (viewer->icicle ? i : parts - 1 - i) * ROWS;
		write_rows(viewer, &look, depth, (int)(rows - depth < ROWS ? rows - depth : ROWS), &sink);
	}
	sink_close(&sink);
}
