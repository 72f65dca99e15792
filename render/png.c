/* A still picture by cairo, from the same layout as the SVG, with measured text. */
#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <math.h>
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"
#include "common/version.h"
#include "render/geometry.h"
#include "render/writers.h"

enum { MOST_PIXELS = 32767, LABEL_MARGIN = 3 }; /* MOST_PIXELS: of cairo's surfaces, each side */

/* Glyphs of a font and how far each moves the pen. */
struct typeface {
	cairo_scaled_font_t *font;
	struct glyph {
		unsigned long index;
		double advance;
		bool known;
	} ascii[128];
	cairo_glyph_t *glyphs; /* room for one label */
	size_t capacity;
};

static void set_color(cairo_t *cairo, struct color color)
{
	cairo_set_source_rgb(cairo, color.r / 255.0, color.g / 255.0, color.b / 255.0);
}

/* ---- text ---- */

static bool has_fonts(void)
{
	FcConfig *config = FcInitLoadConfigAndFonts();
	FcFontSet *fonts = config ? FcConfigGetFonts(config, FcSetSystem) : NULL;
	bool any = fonts && fonts->nfont > 0;
	if (config)
		FcConfigDestroy(config);
	if (!any)
		report_error(
			"no font was found to draw text with: install one, for example the package fonts-dejavu-core "
			"(and fontconfig)");
	return any;
}

static struct typeface open_typeface(cairo_t *cairo, const char *family, double size)
{
	struct typeface face = {0};
	char first[128];
	size_t length = strcspn(family, ",");
	snprintf(first, sizeof first, "%.*s", (int)length, family);
	cairo_font_options_t *options = cairo_font_options_create();
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo_set_font_options(cairo, options);
	cairo_font_options_destroy(options);
	cairo_select_font_face(cairo, first, CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
	cairo_set_font_size(cairo, size);
	face.font = cairo_scaled_font_reference(cairo_get_scaled_font(cairo));
	return face;
}

static void close_typeface(struct typeface *face)
{
	cairo_scaled_font_destroy(face->font);
	free(face->glyphs);
}

static struct glyph find_glyph(struct typeface *face, uint32_t code)
{
	struct glyph glyph = {0};
	char bytes[5] = {0};
	cairo_glyph_t *found = NULL;
	cairo_text_extents_t extents;
	int count = 0;
	if (code < 128 && face->ascii[code].known)
		return face->ascii[code];
	int size = (int)utf8_put(bytes, code < 0x20 || code == 0x7F ? 0xFFFD : code);
	if (cairo_scaled_font_text_to_glyphs(face->font, 0, 0, bytes, size, &found, &count, NULL, NULL, NULL) ==
			CAIRO_STATUS_SUCCESS &&
		count > 0) {
		cairo_scaled_font_glyph_extents(face->font, found, 1, &extents);
		glyph = (struct glyph){found[0].index, extents.x_advance, true};
	}
	cairo_glyph_free(found);
	if (code < 128)
		face->ascii[code] = glyph;
	return glyph;
}

/* Puts the glyphs of the text into face->glyphs; returns their number, and the width of all. */
static size_t set_glyphs(struct typeface *face, struct text text, double *width)
{
	const char *at = text.at, *end = text.at + text.size;
	size_t count = 0;
	double x = 0;
	while (at < end && x < 2 * MOST_PIXELS) {
		struct glyph glyph = find_glyph(face, utf8_next(&at, end));
		face->glyphs = mem_grow(face->glyphs, &face->capacity, count + 3, sizeof *face->glyphs);
		face->glyphs[count++] = (cairo_glyph_t){glyph.index, x, 0};
		x += glyph.advance;
	}
	*width = x;
	return count;
}

/* Cuts the glyphs to what fits into `room`, the last replaced by ".."; 0 if not even that fits. */
static size_t cut_glyphs(struct typeface *face, size_t count, double width, double room, bool left)
{
	struct glyph dot = find_glyph(face, '.');
	if (width <= room)
		return count;
	room -= 2 * dot.advance;
	if (left) {
		size_t skip = 0;
		while (skip < count && width - face->glyphs[skip].x > room)
			skip++;
		if (skip >= count)
			return 0;
		double start = face->glyphs[skip].x;
		for (size_t i = skip; i < count; i++)
			face->glyphs[i - skip + 2] =
				(cairo_glyph_t){face->glyphs[i].index, face->glyphs[i].x - start + 2 * dot.advance, 0};
		face->glyphs[0] = (cairo_glyph_t){dot.index, 0, 0};
		face->glyphs[1] = (cairo_glyph_t){dot.index, dot.advance, 0};
		return count - skip + 2;
	}
	size_t kept = 0;
	while (kept + 1 < count && face->glyphs[kept + 1].x <= room)
		kept++;
	if (!kept)
		return 0;
	double x = face->glyphs[kept].x;
	face->glyphs[kept++] = (cairo_glyph_t){dot.index, x, 0};
	face->glyphs[kept++] = (cairo_glyph_t){dot.index, x + dot.advance, 0};
	return kept;
}

static void show_glyphs(cairo_t *cairo, struct typeface *face, size_t count, double x, double y)
{
	for (size_t i = 0; i < count; i++) {
		face->glyphs[i].x += x;
		face->glyphs[i].y = y;
	}
	cairo_set_scaled_font(cairo, face->font);
	cairo_show_glyphs(cairo, face->glyphs, (int)count);
}

static void draw_line(cairo_t *cairo, struct typeface *face, struct text text, double width, double y, bool middle)
{
	double used;
	size_t count = set_glyphs(face, text, &used);
	double room = width - 2 * SIDE_MARGIN;
	count = cut_glyphs(face, count, used, room, false);
	double x = middle && used < room ? (width - used) / 2 : SIDE_MARGIN;
	show_glyphs(cairo, face, count, x, y);
}

/* ---- the picture ---- */

static void draw_background(cairo_t *cairo, const struct view *view, const struct geometry *geometry)
{
	cairo_pattern_t *gradient = cairo_pattern_create_linear(0, 0, 0, geometry->height);
	struct color top = view->background.top, bottom = view->background.bottom;
	cairo_pattern_add_color_stop_rgb(gradient, 0.05, top.r / 255.0, top.g / 255.0, top.b / 255.0);
	cairo_pattern_add_color_stop_rgb(gradient, 0.95, bottom.r / 255.0, bottom.g / 255.0, bottom.b / 255.0);
	cairo_set_source(cairo, gradient);
	cairo_paint(cairo);
	cairo_pattern_destroy(gradient);
}

static void trace_box(cairo_t *cairo, struct box box)
{
	double width = box.x2 - box.x1, height = box.y2 - box.y1, round = 2;
	if (width < 2 * round || height < 2 * round) {
		cairo_rectangle(cairo, box.x1, box.y1, width, height);
		return;
	}
	cairo_new_sub_path(cairo);
	cairo_arc(cairo, box.x2 - round, box.y1 + round, round, -M_PI / 2, 0);
	cairo_arc(cairo, box.x2 - round, box.y2 - round, round, 0, M_PI / 2);
	cairo_arc(cairo, box.x1 + round, box.y2 - round, round, M_PI / 2, M_PI);
	cairo_arc(cairo, box.x1 + round, box.y1 + round, round, M_PI, 3 * M_PI / 2);
	cairo_close_path(cairo);
}

static void draw_frame(cairo_t *cairo, struct typeface *face, const struct flame *flame, const struct view *view,
	const struct geometry *geometry, const struct flame_frame *frame)
{
	struct box box = geometry_box(geometry, view, frame);
	struct color stroke;
	trace_box(cairo, box);
	set_color(cairo, frame_color(flame, view, frame));
	cairo_fill(cairo);
	if (view->stroke_color && palette_hex(view->stroke_color, &stroke)) {
		trace_box(cairo, box);
		set_color(cairo, stroke);
		cairo_set_line_width(cairo, 1);
		cairo_stroke(cairo);
	}
	double room = box.x2 - box.x1 - 2 * LABEL_MARGIN, used;
	if (room < view->font_size || !frame->depth)
		return;
	size_t count = set_glyphs(face, frame_label(frame->name), &used);
	count = cut_glyphs(face, count, used, room, view->truncate_left);
	cairo_set_source_rgb(cairo, 0, 0, 0);
	show_glyphs(cairo, face, count, box.x1 + LABEL_MARGIN, 3 + (box.y1 + box.y2) / 2);
}

static void draw(cairo_t *cairo, const struct flame *flame, const struct view *view, const struct geometry *geometry)
{
	struct color ui = {0, 0, 0};
	palette_hex(view->ui_color, &ui);
	draw_background(cairo, view, geometry);
	struct typeface large = open_typeface(cairo, view->font_type, view->font_size + 5);
	struct typeface face = open_typeface(cairo, view->font_type, view->font_size);
	set_color(cairo, ui);
	draw_line(cairo, &large, text_of(view->title), view->width, geometry->title_y, true);
	if (view->subtitle)
		draw_line(cairo, &face, text_of(view->subtitle), view->width, geometry->subtitle_y, true);
	if (flame->narrow) {
		struct buffer line = {0};
		buffer_add_format(&line, "%llu frames are too narrow to be shown", (unsigned long long)flame->narrow);
		draw_line(cairo, &face, buffer_text(&line), view->width, geometry->details_y, false);
		buffer_free(&line);
	}
	for (size_t i = 0; i < flame->count; i++)
		draw_frame(cairo, &face, flame, view, geometry, &flame->frames[i]);
	close_typeface(&large);
	close_typeface(&face);
}

/* ---- the file ---- */

static void write_bytes(png_structp png, png_bytep bytes, png_size_t size)
{
	sink_write(png_get_io_ptr(png), bytes, size);
}

static void flush_bytes(png_structp png)
{
	(void)png;
}

static void put_metadata(png_structp png, png_infop info, const struct view *view)
{
	static char title[] = "Title", software[] = "Software", comment[] = "Comment",
		    program[] = "flamerender " TOOLKIT_VERSION;
	png_text texts[3] = {0};
	char *copies[2] = {mem_copy_string(view->title), mem_copy_string(view->command)};
	for (int i = 0; i < 3; i++)
		texts[i].compression = PNG_ITXT_COMPRESSION_NONE;
	texts[0].key = title, texts[0].text = copies[0];
	texts[1].key = software, texts[1].text = program;
	texts[2].key = comment, texts[2].text = copies[1];
	png_set_text(png, info, texts, 3);
	png_uint_32 per_metre = (png_uint_32)lround(96 * view->scale / 0.0254);
	png_set_pHYs(png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
	png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
	free(copies[0]);
	free(copies[1]);
}

static _Noreturn void fail_png(png_structp png, png_const_charp why)
{
	(void)png;
	die(EXIT_FAILED, "the PNG cannot be made: %s", why);
}

/* Rows of 32-bit pixels (cairo's RGB24: blue in the lowest byte) as 24-bit ones. */
static void put_pixels(png_structp png, cairo_surface_t *surface)
{
	int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
	int stride = cairo_image_surface_get_stride(surface);
	const unsigned char *pixels = cairo_image_surface_get_data(surface);
	unsigned char *row = mem_alloc((size_t)width * 3);
	for (int y = 0; y < height; y++) {
		for (int x = 0; x < width; x++) {
			uint32_t pixel;
			memcpy(&pixel, pixels + (size_t)y * (size_t)stride + (size_t)x * 4, sizeof pixel);
			row[3 * x] = (unsigned char)(pixel >> 16);
			row[3 * x + 1] = (unsigned char)(pixel >> 8);
			row[3 * x + 2] = (unsigned char)pixel;
		}
		png_write_row(png, row);
	}
	free(row);
}

static void put_png(cairo_surface_t *surface, const struct view *view, struct sink *sink)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, fail_png, NULL);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	if (!info)
		die(EXIT_FAILED, "libpng cannot be started");
	png_set_write_fn(png, sink, write_bytes, flush_bytes);
	png_set_IHDR(png, info, (png_uint_32)cairo_image_surface_get_width(surface),
		(png_uint_32)cairo_image_surface_get_height(surface), 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
		PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	put_metadata(png, info, view);
	png_set_filter(png, 0, PNG_FILTER_SUB);
	png_set_compression_level(png, 6);
	png_write_info(png, info);
	put_pixels(png, surface);
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
}

static bool write(const struct flame *flame, const struct view *view, struct sink *sink)
{
	struct geometry geometry = geometry_of(flame, view);
	double width = ceil(geometry.width * view->scale), height = ceil(geometry.height * view->scale);
	if (width > MOST_PIXELS || height > MOST_PIXELS) {
		report_error("the PNG would have %.0f x %.0f pixels, more than %d: use a smaller --scale or --height, "
			     "a larger "
			     "--minwidth, or SVG",
			width, height, MOST_PIXELS);
		return false;
	}
	if (!has_fonts())
		return false;
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
	cairo_t *cairo = cairo_create(surface);
	cairo_scale(cairo, view->scale, view->scale);
	draw(cairo, flame, view, &geometry);
	cairo_surface_flush(surface);
	cairo_status_t status = cairo_status(cairo);
	if (status == CAIRO_STATUS_SUCCESS)
		put_png(surface, view, sink);
	else
		report_error("the PNG cannot be drawn: %s", cairo_status_to_string(status));
	cairo_destroy(cairo);
	cairo_surface_destroy(surface);
	return status == CAIRO_STATUS_SUCCESS;
}

const struct writer png_writer = {.name = "png", .suffix = ".png", .summary = "still picture", .write = write};
