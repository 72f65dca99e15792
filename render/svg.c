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

/* As printf's "%.1f" and "%.2f" (digits 1, 2), faster for what stands in a picture. */
static void put_fixed(struct sink *sink, double value, int digits)
{
	double unit = digits == 1 ? 10 : 100, scaled = value * unit, whole = floor(scaled);
	if (!(value >= 0 && value < 1e9) || fabs(scaled - whole - 0.5) < 1e-5) {
		sink_format(sink, "%.*f", digits, value);
		return;
	}
	uint64_t number = (uint64_t)(scaled + 0.5);
	sink_integer(sink, number / (uint64_t)unit);
	sink_char(sink, '.');
	if (digits == 2)
		sink_char(sink, (char)('0' + number / 10 % 10));
	sink_char(sink, (char)('0' + number % 10));
}

/* The value that "%.1f" shows. */
static double tenth(double value)
{
	double scaled = value * 10, whole = floor(scaled);
	if (fabs(scaled - whole - 0.5) < 1e-5) {
		char text[64];
		snprintf(text, sizeof text, "%.1f", value);
		return strtod(text, NULL);
	}
	return floor(scaled + 0.5) / 10;
}

static void put_color(struct sink *sink, struct color color)
{
	sink_string(sink, "rgb(");
	sink_integer(sink, color.r);
	sink_char(sink, ',');
	sink_integer(sink, color.g);
	sink_char(sink, ',');
	sink_integer(sink, color.b);
	sink_char(sink, ')');
}

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
	put_fixed(sink, geometry->width, 1);
	sink_string(sink, "\" height=\"");
	put_fixed(sink, geometry->height, 1);
	sink_string(sink, "\" fill=\"url(#background)\"  />\n");
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

static void put_title(struct sink *sink, const struct flame *flame, const struct view *view,
	const struct flame_frame *frame, const struct name_attributes *extra, struct buffer *numbers)
{
	sink_string(sink, "<title>");
	if (extra && extra->title.at) {
		xml_text(sink, extra->title);
	} else {
		buffer_clear(numbers);
		frame_numbers(flame, view, frame, numbers);
		xml_text(sink, frame->depth ? frame_label(frame->name) : text_of("all"));
		sink_string(sink, " (");
		xml_text(sink, buffer_text(numbers));
		sink_char(sink, ')');
	}
	sink_string(sink, "</title>");
}

static void put_frame(struct sink *sink, const struct flame *flame, const struct view *view,
	const struct geometry *geometry, const struct flame_frame *frame, struct buffer *numbers)
{
	struct box box = geometry_box(geometry, view, frame);
	double x1 = tenth(box.x1), x2 = tenth(box.x2);
	const struct name_attributes *extra = nameattr_find(view->nameattr, frame->name);
	open_group(sink, extra);
	put_title(sink, flame, view, frame, extra, numbers);
	sink_string(sink, "<rect x=\"");
	put_fixed(sink, x1, 1);
	sink_string(sink, "\" y=\"");
	sink_number(sink, box.y1);
	sink_string(sink, "\" width=\"");
	put_fixed(sink, x2 - x1, 1);
	sink_string(sink, "\" height=\"");
	put_fixed(sink, box.y2 - box.y1, 1);
	sink_string(sink, "\" fill=\"");
	put_color(sink, frame_color(flame, view, frame));
	sink_string(sink, "\" rx=\"2\" ry=\"2\" fg:x=\"");
	sink_number(sink, frame->start);
	sink_string(sink, "\" fg:w=\"");
	sink_number(sink, frame->end - frame->start);
	sink_string(sink, "\"/>\n<text x=\"");
	put_fixed(sink, box.x1 + 3, 2);
	sink_string(sink, "\" y=\"");
	sink_number(sink, 3 + (box.y1 + box.y2) / 2);
	sink_string(sink, "\">");
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
	sink_format(sink, "\" data-color=\"%s\" data-left-out=\"%s\" data-inverted=\"%d\" data-left=\"%d\">\n",
		view->search_color, left_out.at ? left_out.at : "", view->inverted, view->truncate_left);
	buffer_free(&left_out);
}

static bool write(const struct flame *flame, const struct view *view, struct sink *sink)
{
	struct geometry geometry = geometry_of(flame, view);
	struct buffer numbers = {0};
	put_head(sink, view, &geometry);
	put_chrome(sink, flame, view, &geometry);
	open_frames(sink, flame, view);
	for (size_t i = 0; i < flame->count; i++)
		put_frame(sink, flame, view, &geometry, &flame->frames[i], &numbers);
	sink_string(sink, "</g>\n");
	if (view->script) {
		sink_string(sink, "<script type=\"text/ecmascript\">\n<![CDATA[\n");
		sink_string(sink, svg_js);
		sink_string(sink, "]]>\n</script>\n");
	}
	sink_string(sink, "</svg>\n");
	buffer_free(&numbers);
	return true;
}

const struct writer svg_writer = {
	.name = "svg", .suffix = ".svg", .summary = "interactive picture for browsers", .write = write};
const struct writer svgz_writer = {
	.name = "svgz", .suffix = ".svgz", .summary = "the same, compressed", .compressed = true, .write = write};
