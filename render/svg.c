/* The interactive SVG: flamegraph.pl's geometry and ids, with inferno's fg:x, fg:w and total_samples. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

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

/* The label cut to what fits by the mean width of a glyph: at least three characters, the last two ".." if it is cut.
 */
static void put_label(struct sink *sink, const struct view *view, struct text name, double width)
{
	double glyphs = width / (view->font_size * view->font_width);
	if (!(glyphs >= 3) || !name.size)
		return;
	size_t fits = glyphs < 1e9 ? (size_t)glyphs : (size_t)1e9;
	if (name.size <= fits) {
		xml_text(sink, name);
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

static char *add_string(char *at, const char *string)
{
	size_t size = strlen(string);
	memcpy(at, string, size);
	return at + size;
}

static char *add_number(char *at, double value)
{
	return at + text_from_number(at, value);
}

/* As printf's "%.1f" and "%.2f" (digits 1, 2), faster for what stands in a picture. */
static char *add_fixed(char *at, double value, int digits)
{
	double scaled = value * (digits == 1 ? 10 : 100);
	if (!(scaled >= 0 && scaled < 4e9) || fabs(scaled - (double)(int64_t)scaled - 0.5) < 1e-5)
		return at + sprintf(at, "%.*f", digits, value);
	uint32_t number = (uint32_t)(int64_t)(scaled + 0.5);
	at += text_from_integer(at, digits == 1 ? number / 10 : number / 100);
	*at++ = '.';
	if (digits == 2)
		*at++ = (char)('0' + number / 10 % 10);
	*at++ = (char)('0' + number % 10);
	return at;
}

/* The value that "%.1f" shows. */
static double rounded(double value)
{
	double scaled = value * 10;
	if (fabs(scaled - floor(scaled) - 0.5) < 1e-5) {
		char text[LINE_SIZE];
		snprintf(text, sizeof text, "%.1f", value);
		return strtod(text, NULL);
	}
	return floor(scaled + 0.5) / 10;
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

static void put_title(struct sink *sink, const struct flame *flame, const struct view *view,
	const struct flame_frame *frame, const struct name_attributes *extra)
{
	char numbers[FRAME_NUMBERS_SIZE];
	sink_string(sink, "<title>");
	if (extra && extra->title.at) {
		xml_text(sink, extra->title);
	} else {
		xml_text(sink, frame->depth ? frame_label(frame->name) : text_of("all"));
		sink_string(sink, " (");
		sink_write(sink, numbers, frame_count(view, frame, numbers));
		sink_char(sink, ' ');
		xml_text(sink, text_of(view->count_name));
		sink_string(sink, ", ");
		sink_write(sink, numbers, frame_share(flame, view, frame, numbers));
		sink_char(sink, ')');
	}
	sink_string(sink, "</title>");
}

static void put_rectangle(struct sink *sink, const struct flame_frame *frame, struct box box, struct color color)
{
	char line[LINE_SIZE], *at = line;
	double x1 = rounded(box.x1), x2 = rounded(box.x2);
	at = add_string(at, "<rect x=\"");
	at = add_fixed(at, x1, 1);
	at = add_string(at, "\" y=\"");
	at = add_number(at, box.y1);
	at = add_string(at, "\" width=\"");
	at = add_fixed(at, x2 - x1, 1);
	at = add_string(at, "\" height=\"");
	at = add_fixed(at, box.y2 - box.y1, 1);
	at = add_string(at, "\" fill=\"");
	at = add_color(at, color);
	at = add_string(at, "\" rx=\"2\" ry=\"2\" fg:x=\"");
	at = add_number(at, frame->start);
	at = add_string(at, "\" fg:w=\"");
	at = add_number(at, frame->end - frame->start);
	if (frame->self > 0) {
		at = add_string(at, "\" fg:s=\"");
		at = add_number(at, frame->self);
	}
	at = add_string(at, "\"/>\n<text x=\"");
	at = add_fixed(at, box.x1 + 3, 2);
	at = add_string(at, "\" y=\"");
	at = add_number(at, 3 + (box.y1 + box.y2) / 2);
	at = add_string(at, "\">");
	sink_write(sink, line, (size_t)(at - line));
}

static void put_frame(struct sink *sink, const struct flame *flame, const struct view *view,
	const struct geometry *geometry, const struct flame_frame *frame)
{
	struct box box = geometry_box(geometry, view, frame);
	const struct name_attributes *extra = nameattr_find(view->nameattr, frame->name);
	open_group(sink, extra);
	put_title(sink, flame, view, frame, extra);
	put_rectangle(sink, frame, box, frame_color(flame, view, frame));
	put_label(sink, view, frame_label(frame->name), box.x2 - box.x1);
	sink_string(sink, extra && extra->href.at ? "</text>\n</a>\n" : "</text>\n</g>\n");
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
	struct flame_frame frame;
	put_head(sink, view, &geometry);
	put_chrome(sink, flame, view, &geometry);
	open_frames(sink, flame, view);
	for (struct flame_walk walk = flame_start(flame); flame_next(&walk, &frame);)
		put_frame(sink, flame, view, &geometry, &frame);
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
