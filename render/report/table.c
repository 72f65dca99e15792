#include "render/report/table.h"

#include <math.h>

#include "render/report/page.h"

static void put_heading(struct sink *sink, const char *column)
{
	bool number = *column == '#';
	sink_format(sink, "<th scope=\"col\"%s>", number ? " class=\"n\"" : "");
	page_string(sink, column + number);
	sink_string(sink, "</th>");
}

void table_begin(struct sink *sink, const char *caption, const char *filter, const char *const *columns)
{
	sink_string(sink, "<div class=\"scroll\"><table class=\"sortable\"");
	if (filter)
		sink_format(sink, " data-filter=\"%s\"", filter);
	sink_string(sink, ">\n<caption>");
	page_string(sink, caption);
	sink_string(sink, "</caption>\n<thead><tr>");
	for (; *columns; columns++)
		put_heading(sink, *columns);
	sink_string(sink, "</tr></thead>\n<tbody>");
}

void table_end(struct sink *sink)
{
	sink_string(sink, "\n</tbody>\n</table></div>\n");
}

void table_row(struct sink *sink)
{
	sink_string(sink, "\n<tr>");
}

void table_name(struct sink *sink, struct text name, const char *link)
{
	table_function(sink, name, text_of(""), link);
}

void table_function(struct sink *sink, struct text name, struct text file, const char *link)
{
	sink_string(sink, "<th scope=\"row\">");
	if (link)
		sink_format(sink, "<a href=\"%s\">", link);
	page_function(sink, name, file);
	sink_string(sink, link ? "</a></th>" : "</th>");
}

void table_text(struct sink *sink, struct text text)
{
	sink_string(sink, "<td>");
	page_name(sink, text);
	sink_string(sink, "</td>");
}

static void put_value(struct sink *sink, double value)
{
	sink_string(sink, "<td class=\"n\" data-v=\"");
	sink_number(sink, value);
	sink_string(sink, "\">");
}

void table_weight(struct sink *sink, const struct settings *settings, double weight)
{
	struct buffer text = {0};
	page_weight_text(&text, settings, weight);
	put_value(sink, weight);
	page_text(sink, buffer_text(&text));
	sink_string(sink, "</td>");
	buffer_free(&text);
}

void table_share(struct sink *sink, double weight, double sum)
{
	double share = sum > 0 ? 100 * weight / sum : 0;
	put_value(sink, weight);
	sink_format(sink,
		"<svg class=\"bar\" width=\"50\" height=\"8\" aria-hidden=\"true\"><rect width=\"%.1f\" "
		"height=\"8\"/></svg>"
		"%.2f%%</td>",
		fmin(50, fmax(0, share / 2)), share);
}

void table_change(struct sink *sink, double points, bool sure)
{
	put_value(sink, points);
	if (fabs(points) < 0.005)
		sink_string(sink, "0.00</td>");
	else
		sink_format(sink, "<span class=\"%s%s\">%+.2f</span></td>", points > 0 ? "more" : "less",
			sure ? "" : " chance", points);
}
