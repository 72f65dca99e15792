#include "render/report/page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "render/pack.h"
#include "render/report/files.h"
#include "render/xml.h"

enum {
	GRAPH_CONTROLS = 180,
	GRAPH_ROW = 16,
	GRAPH_ROWS = 120
}; /* px: what stands around a graph, a row of it; the most */
enum { SHOWN_LETTERS = 300, TITLE_LETTERS = 2000 };

void page_text(struct sink *sink, struct text text)
{
	xml_text(sink, text);
}

void page_string(struct sink *sink, const char *string)
{
	xml_text(sink, text_of(string));
}

struct text page_letters(struct text text, size_t letters)
{
	const char *at = text.at, *end = at + text.size;
	while (letters-- && at < end)
		utf8_next(&at, end);
	return (struct text){text.at, (size_t)(at - text.at)};
}

void page_name(struct sink *sink, struct text name)
{
	struct text start = page_letters(name, SHOWN_LETTERS), title = page_letters(name, TITLE_LETTERS);
	if (start.size == name.size) {
		page_text(sink, name);
		return;
	}
	sink_string(sink, "<span title=\"");
	page_text(sink, title);
	sink_string(sink, title.size < name.size ? "\xE2\x80\xA6\">" : "\">");
	page_text(sink, start);
	sink_string(sink, "\xE2\x80\xA6</span>");
}

void page_function(struct sink *sink, struct text name, struct text file)
{
	page_name(sink, name.size ? name : text_of("(no name)"));
	if (!file.size)
		return;
	sink_string(sink, " <span class=\"faint\">");
	page_name(sink, file);
	sink_string(sink, "</span>");
}

static void put_head(struct sink *sink, const struct settings *settings, const struct page *page)
{
	sink_string(sink,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"img-src 'self' file: data:; style-src 'self' file:; script-src 'self' file:; "
		"frame-src 'self' file:; base-uri 'none'; form-action 'none'\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n<title>");
	page_string(sink, page->title);
	if (page->name) {
		sink_string(sink, " \xC2\xB7 ");
		page_string(sink, settings->title);
	}
	sink_format(sink,
		"</title>\n<link rel=\"stylesheet\" href=\"%sreport.css\">\n"
		"<script defer src=\"%sreport.js\"></script>\n</head>\n<body data-root=\"%s\">\n",
		page->root, page->root, page->root);
}

void page_begin(struct sink *sink, const struct settings *settings, const struct page *page)
{
	put_head(sink, settings, page);
	sink_string(sink, "<header>\n");
	if (page->name) {
		sink_format(sink, "<nav aria-label=\"Way\"><a href=\"%sindex.html\">", page->root);
		page_string(sink, settings->title);
		sink_string(sink, "</a>");
		if (page->parent) {
			sink_format(sink, " \xE2\x80\xBA <a href=\"%s\">", page->parent);
			page_string(sink, page->name);
			sink_string(sink, "</a>");
		}
		sink_string(sink, "</nav>\n");
	}
	sink_string(sink, "<h1>");
	page_string(sink, page->title);
	sink_string(sink, "</h1>\n</header>\n<main>\n");
}

void page_end(struct sink *sink)
{
	sink_string(sink, "</main>\n</body>\n</html>\n");
}

void page_section(struct sink *sink, const char *prefix, const char *id, const char *title)
{
	sink_format(
		sink, "<section aria-labelledby=\"%s%s\">\n<h2 id=\"%s%s\">%s</h2>\n", prefix, id, prefix, id, title);
}

void page_section_end(struct sink *sink)
{
	sink_string(sink, "</section>\n");
}

void page_data_address(struct sink *sink, const char *type, const char *folder, const char *name)
{
	struct buffer bytes = {0};
	struct pack pack = {.sink = sink};
	char *path = file_path(folder, name);
	sink_format(sink, "data:%s;base64,", type);
	if (file_read(path, &bytes))
		pack_bytes(&pack, bytes.at, bytes.size);
	pack_end(&pack);
	buffer_free(&bytes);
	free(path);
}

void page_fact(struct sink *sink, const char *name, struct text value)
{
	sink_string(sink, "<div><dt>");
	page_string(sink, name);
	sink_string(sink, "</dt><dd>");
	page_text(sink, value);
	sink_string(sink, "</dd></div>\n");
}

int page_graph_height(uint32_t depth)
{
	return depth < GRAPH_ROWS ? GRAPH_CONTROLS + (int)depth * GRAPH_ROW : GRAPH_CONTROLS + GRAPH_ROWS * GRAPH_ROW;
}

void page_frame(struct sink *sink, const char *address, const char *title, uint32_t depth)
{
	sink_format(sink, "<iframe name=\"graph\" src=\"%s\" title=\"%s\" height=\"%d\"></iframe>\n", address, title,
		page_graph_height(depth));
}

/* ---- numbers ---- */

void page_number_text(struct buffer *out, double value)
{
	char digits[64];
	bool whole = fabs(value - round(value)) < 0.005 || fabs(value) >= 1e6;
	int size = snprintf(digits, sizeof digits, fabs(value) < 1e15 ? (whole ? "%.0f" : "%.2f") : "%g", value);
	int sign = digits[0] == '-', end = (int)strspn(digits + sign, "0123456789") + sign;
	for (int i = 0; i < size; i++) {
		if (i > sign && i < end && (end - i) % 3 == 0)
			buffer_add_char(out, ',');
		buffer_add_char(out, digits[i]);
	}
}

void page_weight_text(struct buffer *out, const struct settings *settings, double weight)
{
	double size = fabs(weight);
	if (!settings->ordered)
		page_number_text(out, weight);
	else if (size < 1e3)
		buffer_add_format(out, "%.4g \xC2\xB5s", weight);
	else if (size < 1e6)
		buffer_add_format(out, "%.4g ms", weight / 1e3);
	else
		buffer_add_format(out, size < 1e9 ? "%.4g s" : "%.0f s", weight / 1e6);
}

void page_count_text(struct buffer *out, const struct settings *settings, double weight)
{
	page_weight_text(out, settings, weight);
	if (!settings->ordered)
		buffer_add_format(out, " %s", text_unit(settings->count_name, weight));
}
