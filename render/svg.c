/* The interactive SVG: flamegraph.pl's geometry and ids, with inferno's fg:x, fg:w and total_samples. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/mem.h"
#include "render/geometry.h"
#include "render/nameattr.h"
#include "render/writers.h"
#include "render/xml.h"

/* svg.js and svg.css, by the build. */
extern const char svg_js[], svg_css[];

/* ---- the head: gradient, style, script, texts ---- */

/* A font list for CSS: letters, digits, blanks, commas, '-', '_', '.' and what is not ASCII; all else is left out. */
static void put_font(struct sink *sink, const char *font)
{
	for (; *font; font++) {
		unsigned char c = (unsigned char)*font;
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (letter || c == ' ' || c == ',' || c == '-' || c == '_' || c == '.')
			sink_char(sink, (char)c);
	}
}

static void put_stop(struct sink *sink, struct color color, const char *offset)
{
	sink_format(
		sink, "\t\t<stop stop-color=\"#%02x%02x%02x\" offset=\"%s\" />\n", color.r, color.g, color.b, offset);
}

static void put_style(struct sink *sink, const struct view *view)
{
	sink_string(sink, "<style type=\"text/css\">\n\ttext { font-family:");
	put_font(sink, view->font_type);
	sink_string(sink, "; font-size:");
	sink_number(sink, view->font_size);
	sink_string(sink, "px; }\n\t#title { font-size:");
	sink_number(sink, view->font_size + 5);
	sink_string(sink, "px; }\n\t.chrome { fill:");
	sink_string(sink, view->ui_color);
	sink_string(sink, "; }\n");
	if (view->stroke_color)
		sink_format(sink, "\t#frames rect { stroke:%s; stroke-width:1; }\n", view->stroke_color);
	sink_string(sink, svg_css);
	sink_string(sink, "</style>\n");
}

static void put_text(struct sink *sink, const char *id, double x, double y, const char *class, struct text text)
{
	sink_format(sink, "<text id=\"%s\" x=\"%.2f\" y=\"", id, x);
	sink_number(sink, y);
	sink_format(sink, "\" class=\"chrome%s\" >", class);
	xml_text(sink, text);
	sink_string(sink, "</text>\n");
}

static void put_head(struct sink *sink, const struct view *view, const struct geometry *geometry)
{
	sink_string(sink, "<?xml version=\"1.0\"");
	if (view->encoding) {
		sink_string(sink, " encoding=\"");
		xml_text(sink, text_of(view->encoding));
		sink_char(sink, '"');
	}
	sink_string(sink, " standalone=\"no\"?>\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" "
			  "\"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n<svg version=\"1.1\" width=\"");
	sink_number(sink, geometry->width);
	sink_string(sink, "\" height=\"");
	sink_number(sink, geometry->height);
	sink_string(sink, "\" viewBox=\"0 0 ");
	sink_number(sink, geometry->width);
	sink_char(sink, ' ');
	sink_number(sink, geometry->height);
	sink_string(sink, "\" xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
			  "xmlns:fg=\"http://github.com/jonhoo/inferno\">\n<!-- Flame graph -->\n<!-- NOTES: ");
	xml_comment(sink, text_of(view->notes));
	sink_string(sink, " -->\n<defs>\n\t<linearGradient id=\"background\" y1=\"0\" y2=\"1\" x1=\"0\" x2=\"0\" >\n");
	put_stop(sink, view->background.top, "5%");
	put_stop(sink, view->background.bottom, "95%");
	sink_string(sink, "\t</linearGradient>\n</defs>\n");
	put_style(sink, view);
}

static void put_chrome(
	struct sink *sink, const struct flame *flame, const struct view *view, const struct geometry *geometry)
{
	double right = geometry->width - 100 - SIDE_MARGIN;
	struct buffer details = {0};
	buffer_add_char(&details, ' ');
	left_out_text(flame, &details);
	sink_string(sink, "<rect x=\"0.0\" y=\"0\" width=\"");
	sink_format(sink, "%.1f\" height=\"%.1f\" fill=\"url(#background)\"  />\n", geometry->width, geometry->height);
	put_text(sink, "title", floor(geometry->width / 2), geometry->title_y, "", text_of(view->title));
	if (view->subtitle)
		put_text(sink, "subtitle", floor(geometry->width / 2), geometry->subtitle_y, "",
			text_of(view->subtitle));
	put_text(sink, "details", SIDE_MARGIN, geometry->details_y, "", buffer_text(&details));
	put_text(sink, "unzoom", SIDE_MARGIN, geometry->title_y, " hide", text_of("Reset Zoom"));
	put_text(sink, "search", right, geometry->title_y, view->script ? "" : " hide", text_of("Search"));
	put_text(sink, "ignorecase", geometry->width - 16 - SIDE_MARGIN, geometry->title_y, view->script ? "" : " hide",
		text_of("ic"));
	put_text(sink, "matched", right, geometry->details_y, "", text_of(" "));
	buffer_free(&details);
}

/* ---- frames ---- */

/* plain: xml_is_plain(name) */
static void put_name(struct sink *sink, struct text name, bool plain)
{
	if (plain)
		sink_write(sink, name.at, name.size);
	else
		xml_text(sink, name);
}

/* The label cut to what fits by the mean width of a glyph: at least three characters, the last two ".." if it is cut.
 */
static void put_label(struct sink *sink, const struct view *view, struct text name, bool plain, double width)
{
	double glyphs = width / (view->font_size * view->font_width);
	if (!(glyphs >= 3) || !name.size)
		return;
	size_t fits = glyphs < 1e9 ? (size_t)glyphs : (size_t)1e9;
	if (name.size <= fits) {
		put_name(sink, name, plain);
		return;
	}
	const char *at = name.at, *end = name.at + name.size, *cut = at;
	for (size_t i = 0; i < fits && at < end; i++) {
		utf8_next(&at, end);
		if (i + 3 <= fits)
			cut = at;
	}
	if (at == end) {
		xml_text(sink, name);
		return;
	}
	xml_text(sink, (struct text){name.at, (size_t)(cut - name.at)});
	sink_string(sink, "..");
}

static void put_attributes(struct sink *sink, const struct attribute *attributes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		sink_char(sink, ' ');
		xml_text(sink, attributes[i].key);
		sink_string(sink, "=\"");
		xml_text(sink, attributes[i].value);
		sink_char(sink, '"');
	}
}

/* Opens the frame's element: <g>, or <a> if --nameattr gives it a link. */
static void open_group(struct sink *sink, const struct name_attributes *extra)
{
	if (!extra || !extra->href.at) {
		sink_string(sink, "<g");
		if (extra)
			put_attributes(sink, extra->group, extra->group_count);
		sink_string(sink, ">\n");
		return;
	}
	sink_string(sink, "<a xlink:href=\"");
	xml_text(sink, extra->href);
	sink_string(sink, "\" target=\"");
	xml_text(sink, extra->target.at ? extra->target : text_of("_top"));
	sink_char(sink, '"');
	put_attributes(sink, extra->group, extra->group_count);
	put_attributes(sink, extra->link, extra->link_count);
	sink_string(sink, ">\n");
}

/* ---- a frame's numbers: made in a line, and given to the sink at once ---- */

/* Room for all that stands in the picture for one frame but names: some 20 short texts and numbers. */
enum { LINE_SIZE = 1024 };

static inline char *add_string(char *at, const char *string)
{
	size_t size = strlen(string);
	memcpy(at, string, size);
	return at + size;
}

static char *add_number(char *at, double value)
{
	return at + text_from_number(at, value);
}

/* Is it so near to the middle between two whole numbers that only printf knows how it is rounded? */
static bool is_half(double value)
{
	return fabs(value - (double)(int64_t)value - 0.5) < 1e-5;
}

/* As printf's "%.2f", faster for what stands in a picture. */
static char *add_hundredths(char *at, double value)
{
	double scaled = value * 100;
	if (!(scaled >= 0 && scaled < 4e9) || is_half(scaled))
		return at + sprintf(at, "%.2f", value);
	uint32_t number = (uint32_t)(int64_t)(scaled + 0.5);
	at += text_from_integer(at, number / 100);
	*at++ = '.';
	*at++ = (char)('0' + number / 10 % 10);
	*at++ = (char)('0' + number % 10);
	return at;
}

/* The value that "%.1f" shows, in tenths: a whole number. */
static double in_tenths(double value)
{
	double scaled = value * 10;
	if (!(scaled >= 0 && scaled < 4e9) || is_half(scaled)) {
		char text[LINE_SIZE];
		snprintf(text, sizeof text, "%.1f", value);
		return rint(strtod(text, NULL) * 10);
	}
	return (double)(int64_t)(scaled + 0.5);
}

static char *add_tenths(char *at, double tenths)
{
	if (!(tenths >= 0 && tenths < 4e9))
		return at + sprintf(at, "%.1f", tenths / 10);
	uint32_t number = (uint32_t)(int64_t)tenths;
	at += text_from_integer(at, number / 10);
	*at++ = '.';
	*at++ = (char)('0' + number % 10);
	return at;
}

static char *add_color(char *at, struct color color)
{
	at = add_string(at, "rgb(");
	at += text_from_integer(at, color.r);
	*at++ = ',';
	at += text_from_integer(at, color.g);
	*at++ = ',';
	at += text_from_integer(at, color.b);
	return add_string(at, ")");
}

/* ---- what many frames have in common is made once ---- */

/* Of all frames of one name. */
struct look {
	bool known, plain;              /* plain: the label has nothing to be escaped */
	uint8_t annotation, color_size; /* bytes at the name's end that are not in the label; of color */
	char color[sizeof "rgb(255,255," + TEXT_INTEGER_SIZE];
};

/* A piece of a frame's line that is often the same. */
struct part {
	uint8_t size;
	char text[TEXT_NUMBER_SIZE + 24];
};

/* Of all frames of one depth: what has to do with the row. */
struct row {
	bool known;
	struct part y, height, text_y;
};

/* Of all frames of one place and width: a frame and those above it, if it calls nothing else. */
struct span {
	bool known;
	double start, end;
	char count[FRAME_NUMBERS_SIZE], share[FRAME_NUMBERS_SIZE];
	size_t count_size, share_size;
	struct part x, width, fg_x, fg_w, text_x;
};

/* The frames' parts of a picture. */
struct picture {
	struct sink *sink;
	const struct flame *flame;
	const struct view *view;
	struct geometry geometry;
	bool plain_unit;    /* the name of what is counted has nothing to be escaped */
	bool one_color;     /* all frames of a name have the same colour */
	struct look *looks; /* by name number */
	struct row *rows;   /* by depth; the last one for all that are deeper */
	struct span span;   /* of the last frame */
};

enum { ROWS = 1024 };

/* Made when the first frame of the name comes. */
static const struct look *look_of(const struct picture *picture, const struct flame_frame *frame)
{
	struct look *look = &picture->looks[frame->name_number];
	if (look->known)
		return look;
	struct text label = frame_label(frame->name);
	look->known = true;
	look->plain = xml_is_plain(label);
	look->annotation = (uint8_t)(frame->name.size - label.size);
	if (picture->one_color)
		look->color_size = (uint8_t)(add_color(look->color, frame_color(picture->flame, picture->view, frame)) -
					     look->color);
	return look;
}

static void end_part(struct part *part, const char *end)
{
	part->size = (uint8_t)(end - part->text);
}

static void make_row(struct row *row, struct box box)
{
	char *y = add_string(row->y.text, "\" y=\""), *height = add_string(row->height.text, "\" height=\"");
	char *text_y = add_string(row->text_y.text, "\" y=\"");
	row->known = true;
	end_part(&row->y, add_string(add_number(y, box.y1), "\" width=\""));
	end_part(&row->height, add_string(add_tenths(height, in_tenths(box.y2 - box.y1)), "\" fill=\""));
	end_part(&row->text_y, add_string(add_number(text_y, 3 + (box.y1 + box.y2) / 2), "\">"));
}

static void make_span(struct span *span, const struct picture *picture, const struct flame_frame *frame, struct box box)
{
	double x1 = in_tenths(box.x1);
	char *x = add_string(span->x.text, "</title><rect x=\"");
	char *fg_x = add_string(span->fg_x.text, "\" rx=\"2\" ry=\"2\" fg:x=\"");
	char *fg_w = add_string(span->fg_w.text, "\" fg:w=\"");
	char *text_x = add_string(span->text_x.text, "\"/>\n<text x=\"");
	span->known = frame->depth && !frame->compared; /* the root has a text of its own */
	span->start = frame->start;
	span->end = frame->end;
	span->count_size = frame_count(picture->view, frame, span->count);
	span->share_size = frame_share(picture->flame, picture->view, frame, span->share);
	end_part(&span->x, add_tenths(x, x1));
	end_part(&span->width, add_tenths(span->width.text, in_tenths(box.x2) - x1));
	end_part(&span->fg_x, add_number(fg_x, frame->start));
	end_part(&span->fg_w, add_number(fg_w, frame->end - frame->start));
	end_part(&span->text_x, add_hundredths(text_x, box.x1 + 3));
}

static char *add_part(char *at, const struct part *part)
{
	memcpy(at, part->text, sizeof part->text);
	return at + part->size;
}

/* ---- one frame ---- */

/* "(1,234 samples, 12.34%)" */
static void put_numbers(const struct picture *picture)
{
	const struct span *span = &picture->span;
	sink_string(picture->sink, " (");
	sink_write(picture->sink, span->count, span->count_size);
	sink_char(picture->sink, ' ');
	put_name(picture->sink, text_of(picture->view->count_name), picture->plain_unit);
	sink_string(picture->sink, ", ");
	sink_write(picture->sink, span->share, span->share_size);
	sink_char(picture->sink, ')');
}

/* From behind the title's text to the label. */
static void put_rectangle(
	const struct picture *picture, const struct flame_frame *frame, const struct row *row, const struct look *look)
{
	char line[LINE_SIZE], *at = add_part(line, &picture->span.x);
	at = add_part(at, &row->y);
	at = add_part(at, &picture->span.width);
	at = add_part(at, &row->height);
	if (look && look->color_size) {
		memcpy(at, look->color, sizeof look->color);
		at += look->color_size;
	} else {
		at = add_color(at, frame_color(picture->flame, picture->view, frame));
	}
	at = add_part(at, &picture->span.fg_x);
	at = add_part(at, &picture->span.fg_w);
	if (frame->self > 0) {
		at = add_string(at, "\" fg:s=\"");
		at = add_number(at, frame->self);
	}
	at = add_part(at, &picture->span.text_x);
	at = add_part(at, &row->text_y);
	sink_write(picture->sink, line, (size_t)(at - line));
}

static void put_frame(struct picture *picture, const struct flame_frame *frame)
{
	struct sink *sink = picture->sink;
	struct span *span = &picture->span;
	struct row *row = &picture->rows[frame->depth < ROWS ? frame->depth : ROWS];
	struct box box = geometry_box(&picture->geometry, picture->view, frame);
	const struct name_attributes *extra = nameattr_find(picture->view->nameattr, frame->name);
	const struct look *look = frame->depth ? look_of(picture, frame) : NULL;
	struct text label = {frame->name.at, look ? frame->name.size - look->annotation : 0};
	bool plain = look && look->plain;
	if (!span->known || frame->compared || frame->start != span->start || frame->end != span->end)
		make_span(span, picture, frame, box);
	if (!row->known || frame->depth >= ROWS)
		make_row(row, box);
	open_group(sink, extra);
	sink_string(sink, "<title>");
	if (extra && extra->title.at) {
		xml_text(sink, extra->title);
	} else {
		put_name(sink, look ? label : text_of("all"), plain);
		put_numbers(picture);
	}
	put_rectangle(picture, frame, row, look);
	put_label(sink, picture->view, label, plain, box.x2 - box.x1);
	sink_string(sink, extra && extra->href.at ? "</text>\n</a>\n" : "</text>\n</g>\n");
}

static struct picture start_picture(const struct flame *flame, const struct view *view, struct sink *sink)
{
	struct picture picture = {.sink = sink, .flame = flame, .view = view, .geometry = geometry_of(flame, view)};
	picture.one_color = !view->coloring.by_width && view->coloring.source != COLOR_RANDOM && !flame->stacks->old;
	picture.looks = mem_zero((size_t)flame->stacks->names.count + 1, sizeof *picture.looks);
	picture.rows = mem_zero(ROWS + 1, sizeof *picture.rows);
	picture.plain_unit = xml_is_plain(text_of(view->count_name));
	return picture;
}

static void put_frames(const struct flame *flame, const struct view *view, struct sink *sink)
{
	struct picture picture = start_picture(flame, view, sink);
	struct flame_frame frame;
	for (struct flame_walk walk = flame_start(flame); flame_next(&walk, &frame);)
		put_frame(&picture, &frame);
	free(picture.looks);
	free(picture.rows);
}

/* What the script needs to know stands in attributes: it holds no text of the user. */
static void open_frames(struct sink *sink, const struct flame *flame, const struct view *view)
{
	struct buffer left_out = {0};
	left_out_text(flame, &left_out);
	sink_string(sink, "<g id=\"frames\" total_samples=\"");
	sink_number(sink, flame->total);
	sink_string(sink, "\" data-type=\"");
	xml_text(sink, text_of(view->name_type));
	sink_string(sink, "\" data-search=\"");
	xml_text(sink, text_of(view->search ? view->search : ""));
	sink_format(sink, "\" data-color=\"%s\" data-left-out=\"%s\" data-inverted=\"%d\" data-left=\"%d\">\n",
		view->search_color, left_out.at ? left_out.at : "", view->inverted, view->truncate_left);
	buffer_free(&left_out);
}

static bool write(const struct flame *flame, const struct view *view, struct sink *sink)
{
	struct geometry geometry = geometry_of(flame, view);
	put_head(sink, view, &geometry);
	put_chrome(sink, flame, view, &geometry);
	open_frames(sink, flame, view);
	put_frames(flame, view, sink);
	sink_string(sink, "</g>\n");
	if (view->script) {
		sink_string(sink, "<script type=\"text/ecmascript\">\n<![CDATA[\n");
		sink_string(sink, svg_js);
		sink_string(sink, "]]>\n</script>\n");
	}
	sink_string(sink, "</svg>\n");
	return true;
}

const struct writer svg_writer = {
	.name = "svg", .suffix = ".svg", .summary = "interactive picture for browsers", .write = write};
const struct writer svgz_writer = {
	.name = "svgz", .suffix = ".svgz", .summary = "the same, compressed", .compressed = true, .write = write};
