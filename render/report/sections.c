#include "render/report/sections.h"

#include <stdio.h>

#include "common/source.h"
#include "render/report/callers.h"
#include "render/report/page.h"
#include "render/report/table.h"
#include "render/report/tally.h"

enum { MOST_GROUPS = 100 };

/* ---- head ---- */

static void put_facts(struct sink *sink, const struct subject *subject)
{
	const struct settings *settings = subject->settings;
	const struct analysis *analysis = subject->now;
	const struct functions *functions = subject->functions;
	struct buffer text = {0};
	sink_string(sink, "<dl class=\"facts\">\n");
	page_count_text(&text, settings, functions->sum);
	page_fact(sink, "Total", buffer_text(&text));
	buffer_clear(&text);
	page_number_text(&text, (double)analysis->count);
	buffer_add_format(&text, ", up to %u frame%s deep", analysis->depth, plural(analysis->depth));
	page_fact(sink, "Different stacks", buffer_text(&text));
	buffer_clear(&text);
	page_number_text(&text, (double)functions->count);
	page_fact(sink, functions->old_sum > 0 ? "Functions, with gone ones" : "Functions", buffer_text(&text));
	if (functions->old_sum > 0) {
		buffer_clear(&text);
		page_count_text(&text, settings, functions->old_sum);
		page_fact(sink, "Baseline", buffer_text(&text));
	}
	sink_string(sink, "</dl>\n");
	buffer_free(&text);
}

static void put_lines(struct sink *sink, const char *title, const char *style, struct text lines)
{
	const char *at = lines.at, *end = lines.at + lines.size;
	struct text line;
	if (!lines.size)
		return;
	sink_format(sink, "<div class=\"%s\"><strong>%s</strong><ul>\n", style, title);
	while (next_line(&at, end, &line)) {
		sink_string(sink, "<li>");
		page_text(sink, line);
		sink_string(sink, "</li>\n");
	}
	sink_string(sink, "</ul></div>\n");
}

void sections_head(struct sink *sink, const struct subject *subject)
{
	put_facts(sink, subject);
	put_lines(sink, "Failed conditions", "bad", subject->breaches);
	put_lines(sink, "Messages while it was read", "note", subject->notes);
}

/* ---- tables ---- */

static void put_function(
	struct sink *sink, const struct subject *subject, const struct function *function, size_t place)
{
	const struct settings *settings = subject->settings;
	const struct functions *functions = subject->functions;
	char link[256];
	snprintf(link, sizeof link, "#%sf%zu", subject->prefix, place);
	table_row(sink);
	table_name(sink, function->name, place < CALLERS_FUNCTIONS ? link : NULL);
	table_text(sink, function->file);
	table_weight(sink, settings, function->self);
	table_share(sink, function->self, functions->sum);
	table_weight(sink, settings, function->total);
	table_share(sink, function->total, functions->sum);
	if (!(functions->old_sum > 0))
		return;
	table_change(sink, function_self_change(functions, function),
		change_is_sure(
			function->old_self, functions->old_sum, function->self, functions->sum, settings->noise));
	table_change(sink, function_total_change(functions, function),
		change_is_sure(
			function->old_total, functions->old_sum, function->total, functions->sum, settings->noise));
}

void sections_functions(struct sink *sink, const struct subject *subject, size_t most)
{
	const struct functions *functions = subject->functions;
	const char *columns[] = {"Function", "File", "#Self", "#Self %", "#Total", "#Total %",
		functions->old_sum > 0 ? "#Change of self" : NULL, "#Change of total", NULL};
	page_section(sink, subject->prefix, "functions", "Functions");
	table_begin(sink, "Functions by self weight", "Filter functions", columns);
	size_t shown = 0;
	for (; shown < functions->count && shown < most && functions->items[shown].total > 0; shown++)
		put_function(sink, subject, &functions->items[shown], shown);
	table_end(sink);
	if (shown < functions->count && functions->items[shown].total > 0)
		sink_format(sink, "<p class=\"faint\">The %zu heaviest; the CSV file has all.</p>\n", shown);
	page_section_end(sink);
}

static void put_groups(struct sink *sink, const struct subject *subject, const char *id, const char *title,
	const char *what, tally_key *key)
{
	const struct settings *settings = subject->settings;
	const struct analysis *analysis = subject->now;
	const char *columns[] = {what, "#Self", "#Self %", "#Total", "#Total %", NULL};
	struct tally tally = tally_of(analysis->stacks, key);
	if (tally.count) {
		page_section(sink, subject->prefix, id, title);
		table_begin(sink, title, NULL, columns);
		for (size_t i = 0; i < tally.count && i < MOST_GROUPS; i++) {
			table_row(sink);
			table_name(sink, tally.rows[i].key, NULL);
			table_weight(sink, settings, tally.rows[i].self);
			table_share(sink, tally.rows[i].self, analysis->sum);
			table_weight(sink, settings, tally.rows[i].total);
			table_share(sink, tally.rows[i].total, analysis->sum);
		}
		table_end(sink);
		page_section_end(sink);
	}
	tally_free(&tally);
}

void sections_groups(struct sink *sink, const struct subject *subject)
{
	put_groups(sink, subject, "files", "By file", "File", tally_file);
	put_groups(sink, subject, "modules", "By module", "Module", tally_module);
}
