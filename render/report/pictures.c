#include "render/report/pictures.h"

#include <cairo.h>
#include <math.h>
#include <stdlib.h>

#include "render/geometry.h"
#include "render/png.h"
#include "render/writers.h"

enum { LOWEST_ROW = 4, HIGHEST_ROW = 12 }; /* px, of thumbnails */
enum { DEEPEST_ROW = 400 };
static const double NARROWEST = 0.5; /* px */

struct view picture_view(const struct settings *settings, const char *title)
{
	struct view view = {
		.title = title,
		.count_name = settings->count_name,
		.name_type = "Function:",
		.notes = "",
		.command = "flamereport",
		.width = 1200,
		.frame_height = 16,
		.min_width = NARROWEST,
		.font_type = "Verdana",
		.font_size = 12,
		.font_width = 0.59,
		.factor = 1,
		.scale = 1,
		.rate = 100,
		.search_color = "#e600e6",
		.ui_color = "#000000",
		.flame_chart = settings->ordered,
		.coloring = {.palette = "hot"},
	};
	palette_background(NULL, view.coloring.palette, &view.background);
	return view;
}

struct flame picture_flame(const struct stacks *stacks, const struct view *view, uint32_t rows)
{
	double narrow = stacks_total(stacks) * view->min_width / view->width;
	return flame_layout(stacks, (struct flame_rules){.min_width = narrow, .max_depth = rows});
}

bool picture_html(const struct stacks *stacks, const struct view *view, const char *path)
{
	struct sink sink;
	sink_open(&sink, path);
	bool good = writer_by_name("html")->write_stacks(stacks, view, &sink);
	if (good)
		sink_close(&sink);
	else
		sink_discard(&sink);
	return good;
}

bool picture_png(const struct stacks *stacks, const struct view *view, const char *path)
{
	struct sink sink;
	struct flame flame = picture_flame(stacks, view, DEEPEST_ROW);
	sink_open(&sink, path);
	bool good = writer_by_name("png")->write(&flame, view, &sink);
	if (good)
		sink_close(&sink);
	else
		sink_discard(&sink);
	flame_free(&flame);
	return good;
}

/* ---- thumbnail ---- */

static void draw_thumbnail(cairo_t *cairo, const struct flame *flame, const struct view *view)
{
	double scale = flame->total > 0 ? THUMBNAIL_WIDTH / flame->total : 0;
	double row = fmax(LOWEST_ROW, fmin(HIGHEST_ROW, floor(THUMBNAIL_HEIGHT / (flame->depth_max + 1.0))));
	cairo_set_antialias(cairo, CAIRO_ANTIALIAS_NONE);
	struct flame_frame frame;
	for (struct flame_walk walk = flame_start(flame); flame_next(&walk, &frame);) {
		struct color color = frame_color(flame, view, &frame);
		cairo_set_source_rgb(cairo, color.r / 255.0, color.g / 255.0, color.b / 255.0);
		cairo_rectangle(cairo, frame.start * scale, THUMBNAIL_HEIGHT - (frame.depth + 1.0) * row,
			(frame.end - frame.start) * scale, row - 1);
		cairo_fill(cairo);
	}
}

void picture_thumbnail(const struct stacks *stacks, const struct view *view, const char *path)
{
	struct sink sink;
	struct flame_rules rules = {.min_width = stacks_total(stacks) * NARROWEST / THUMBNAIL_WIDTH,
		.max_depth = THUMBNAIL_HEIGHT / LOWEST_ROW - 1};
	struct flame flame = flame_layout(stacks, rules);
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT);
	cairo_t *cairo = cairo_create(surface);
	draw_thumbnail(cairo, &flame, view);
	cairo_destroy(cairo);
	cairo_surface_flush(surface);
	sink_open(&sink, path);
	png_put(surface, view, &sink);
	sink_close(&sink);
	cairo_surface_destroy(surface);
	flame_free(&flame);
}
