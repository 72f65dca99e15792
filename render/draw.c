#include "render/draw.h"

#include <cairo-ft.h>
#include <fontconfig/fontconfig.h>
#include <math.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

enum { LABEL_MARGIN = 3, WIDEST_TEXT = 65536, MOST_FONTS = 16 };

/* A glyph, in which font it is, and how far it moves the pen. */
struct glyph {
	unsigned long index;
	double advance;
	unsigned char font;
	bool known;
};

/* The font that was asked for, and those that have what it lacks (Chinese, emoji ...), found when they are needed. */
struct typeface {
	cairo_scaled_font_t *fonts[MOST_FONTS];
	int font_count;
	struct glyph ascii[128];
	cairo_glyph_t *glyphs;  /* room for one label */
	unsigned char *in_font; /* by glyph */
	size_t capacity, font_capacity;
};

static void set_color(cairo_t *cairo, struct color color)
{
	cairo_set_source_rgb(cairo, color.r / 255.0, color.g / 255.0, color.b / 255.0);
}

/* ---- text ---- */

bool draw_has_fonts(void)
{
	const FcFontSet *fonts = FcConfigGetFonts(NULL, FcSetSystem); /* of cairo's configuration */
	bool any = fonts && fonts->nfont > 0;
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
	face.fonts[face.font_count++] = cairo_scaled_font_reference(cairo_get_scaled_font(cairo));
	return face;
}

static void close_typeface(struct typeface *face)
{
	for (int i = 0; i < face->font_count; i++)
		cairo_scaled_font_destroy(face->fonts[i]);
	free(face->glyphs);
	free(face->in_font);
}

/* The glyph in one font; index 0 if it has none. */
static struct glyph glyph_in(const struct typeface *face, int font, uint32_t code)
{
	struct glyph glyph = {.font = (unsigned char)font, .known = true};
	char bytes[5] = {0};
	cairo_glyph_t *found = NULL;
	cairo_text_extents_t extents;
	int count = 0;
	int size = (int)utf8_put(bytes, code < 0x20 || code == 0x7F ? 0xFFFD : code);
	if (cairo_scaled_font_text_to_glyphs(face->fonts[font], 0, 0, bytes, size, &found, &count, NULL, NULL, NULL) ==
			CAIRO_STATUS_SUCCESS &&
		count > 0) {
		cairo_scaled_font_glyph_extents(face->fonts[font], found, 1, &extents);
		glyph.index = found[0].index;
		glyph.advance = extents.x_advance;
	}
	cairo_glyph_free(found);
	return glyph;
}

/* The system's font for a character. */
static cairo_font_face_t *match_font(uint32_t code)
{
	FcCharSet *characters = FcCharSetCreate();
	FcPattern *pattern = FcPatternCreate();
	FcResult result;
	FcCharSetAddChar(characters, code);
	FcPatternAddCharSet(pattern, FC_CHARSET, characters);
	FcPatternAddBool(pattern, FC_SCALABLE, FcTrue);
	FcConfigSubstitute(NULL, pattern, FcMatchPattern);
	FcDefaultSubstitute(pattern);
	FcPattern *match = FcFontMatch(NULL, pattern, &result);
	cairo_font_face_t *font = match ? cairo_ft_font_face_create_for_pattern(match) : NULL;
	if (match)
		FcPatternDestroy(match);
	FcPatternDestroy(pattern);
	FcCharSetDestroy(characters);
	return font;
}

/* Adds the system's font for a character, at the size of the first one. */
static void add_font(struct typeface *face, uint32_t code)
{
	cairo_matrix_t size, place;
	cairo_font_options_t *options = cairo_font_options_create();
	cairo_font_face_t *font = match_font(code);
	cairo_scaled_font_get_font_matrix(face->fonts[0], &size);
	cairo_scaled_font_get_ctm(face->fonts[0], &place);
	cairo_scaled_font_get_font_options(face->fonts[0], options);
	if (font) {
		face->fonts[face->font_count++] = cairo_scaled_font_create(font, &size, &place, options);
		cairo_font_face_destroy(font);
	}
	cairo_font_options_destroy(options);
}

static struct glyph find_glyph(struct typeface *face, uint32_t code)
{
	if (code < 128 && face->ascii[code].known)
		return face->ascii[code];
	struct glyph first = glyph_in(face, 0, code), glyph = first;
	for (int font = 1; !glyph.index && font < face->font_count; font++)
		glyph = glyph_in(face, font, code);
	if (!glyph.index && face->font_count < MOST_FONTS && code >= 128) {
		add_font(face, code);
		glyph = glyph_in(face, face->font_count - 1, code);
	}
	if (!glyph.index)
		glyph = first; /* nobody has it: a box */
	if (code < 128)
		face->ascii[code] = glyph;
	return glyph;
}

static void put_glyph(struct typeface *face, size_t place, struct glyph glyph, double x)
{
	face->glyphs[place] = (cairo_glyph_t){glyph.index, x, 0};
	face->in_font[place] = glyph.font;
}

/* Puts the glyphs of the text into face->glyphs; returns their number, and the width of all. */
static size_t set_glyphs(struct typeface *face, struct text text, double *width)
{
	const char *at = text.at, *end = text.at + text.size;
	size_t count = 0;
	double x = 0;
	while (at < end && x < WIDEST_TEXT) {
		struct glyph glyph = find_glyph(face, utf8_next(&at, end));
		face->glyphs = mem_grow(face->glyphs, &face->capacity, count + 3, sizeof *face->glyphs);
		face->in_font = mem_grow(face->in_font, &face->font_capacity, count + 3, 1);
		put_glyph(face, count++, glyph, x);
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
		memmove(face->glyphs + 2, face->glyphs + skip, (count - skip) * sizeof *face->glyphs);
		memmove(face->in_font + 2, face->in_font + skip, count - skip);
		for (size_t i = 2; i < count - skip + 2; i++)
			face->glyphs[i].x += 2 * dot.advance - start;
		put_glyph(face, 0, dot, 0);
		put_glyph(face, 1, dot, dot.advance);
		return count - skip + 2;
	}
	size_t kept = 0;
	while (kept + 1 < count && face->glyphs[kept + 1].x <= room)
		kept++;
	if (!kept)
		return 0;
	double x = face->glyphs[kept].x;
	put_glyph(face, kept++, dot, x);
	put_glyph(face, kept++, dot, x + dot.advance);
	return kept;
}

static void show_glyphs(cairo_t *cairo, struct typeface *face, size_t count, double x, double y)
{
	for (size_t i = 0; i < count; i++) {
		face->glyphs[i].x += x;
		face->glyphs[i].y = y;
	}
	for (size_t start = 0, end; start < count; start = end) {
		for (end = start + 1; end < count && face->in_font[end] == face->in_font[start]; end++)
			continue;
		cairo_set_scaled_font(cairo, face->fonts[face->in_font[start]]);
		cairo_show_glyphs(cairo, face->glyphs + start, (int)(end - start));
	}
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

void draw_graph(cairo_t *cairo, const struct flame *flame, const struct view *view, const struct geometry *geometry)
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
	struct buffer left_out = {0};
	left_out_text(flame, &left_out);
	draw_line(cairo, &face, buffer_text(&left_out), view->width, geometry->details_y, false);
	buffer_free(&left_out);
	struct flame_frame frame;
	for (struct flame_walk walk = flame_start(flame); flame_next(&walk, &frame);)
		draw_frame(cairo, &face, flame, view, geometry, &frame);
	close_typeface(&large);
	close_typeface(&face);
}
