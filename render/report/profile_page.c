#include "render/report/profile_page.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/source.h"
#include "render/report/callers.h"
#include "render/report/files.h"
#include "render/report/page.h"
#include "render/report/source_pages.h"
#include "render/report/tally.h"
#include "render/report/time_map.h"

enum { MOST_FUNCTIONS = 500, MOST_GROUPS = 100 };

/* ---- head ---- */

static void put_facts(struct sink *sink, const struct settings *settings, const struct analysis *analysis,
	const struct functions *functions)
{
	struct buffer text = {0};
	sink_string(sink, "<dl class=\"facts\">\n");
	page_count_text(&text, settings, functions->sum);
	page_fact(sink, "Total", buffer_text(&text));
	buffer_clear(&text);
	buffer_add_format(&text, "%llu, up to %u frames deep", (unsigned long long)analysis->count, analysis->depth);
	page_fact(sink, "Different stacks", buffer_text(&text));
	buffer_clear(&text);
	buffer_add_format(&text, "%zu", functions->count);
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

static void put_graph(struct sink *sink, uint32_t depth, bool compared)
{
	page_section(sink, "graph", "Graph");
	sink_string(sink,
		"<p class=\"links\"><a href=\"graph.html\">Graph alone</a> <a href=\"graph.png\">Still picture</a> "
		"<a href=\"stacks.folded.gz\" download>Folded stacks</a>");
	if (compared)
		sink_string(sink, " <a href=\"diff.html\">Change against the baseline</a>");
	sink_string(sink, "</p>\n");
	page_frame(sink, "graph.html", "Interactive flame graph", depth);
	sink_string(sink, "<img class=\"still\" src=\"graph.png\" alt=\"Flame graph\" loading=\"lazy\">\n");
	page_section_end(sink);
}

/* ---- tables ---- */

static void put_function(struct sink *sink, const struct settings *settings, const struct functions *functions,
	const struct function *function, size_t place)
{
	char link[32];
	snprintf(link, sizeof link, "#f%zu", place);
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

static void put_functions(struct sink *sink, const struct settings *settings, const struct functions *functions)
{
	const char *columns[] = {"Function", "File", "#Self", "#Self %", "#Total", "#Total %",
		functions->old_sum > 0 ? "#Change of self" : NULL, "#Change of total", NULL};
	page_section(sink, "functions", "Functions");
	sink_string(sink, "<p class=\"links\"><a href=\"functions.csv\" download>All functions as CSV</a></p>\n");
	table_begin(sink, "Functions by self weight", "Filter functions", columns);
	size_t shown = 0;
	for (; shown < functions->count && shown < MOST_FUNCTIONS && functions->items[shown].total > 0; shown++)
		put_function(sink, settings, functions, &functions->items[shown], shown);
	table_end(sink);
	if (shown < functions->count)
		sink_format(sink, "<p class=\"faint\">%zu of %zu functions; the CSV file has all.</p>\n", shown,
			functions->count);
	page_section_end(sink);
}

static void put_groups(struct sink *sink, const struct settings *settings, const struct analysis *analysis,
	const char *id, const char *title, const char *what, tally_key *key)
{
	const char *columns[] = {what, "#Self", "#Self %", "#Total", "#Total %", NULL};
	struct tally tally = tally_of(analysis->stacks, key);
	if (tally.count) {
		page_section(sink, id, title);
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

/* ---- CSV: RFC 4180; a name that a spreadsheet would take for a formula gets a quote before it ---- */

static void put_csv_text(struct sink *sink, struct text text)
{
	sink_char(sink, '"');
	if (text.size && strchr("=+-@\t\r", *text.at) && *text.at)
		sink_char(sink, '\'');
	for (size_t i = 0; i < text.size; i++) {
		if (text.at[i] == '"')
			sink_char(sink, '"');
		sink_char(sink, text.at[i]);
	}
	sink_char(sink, '"');
}

static void write_csv(const struct profile *profile, const struct functions *functions)
{
	struct sink sink;
	char *path = file_path(profile->folder, "functions.csv");
	bool compared = functions->old_sum > 0;
	sink_open(&sink, path);
	sink_format(&sink, "function,file,self,total%s\r\n", compared ? ",old_self,old_total" : "");
	for (size_t i = 0; i < functions->count; i++) {
		const struct function *function = &functions->items[i];
		const double numbers[] = {function->self, function->total, function->old_self, function->old_total};
		put_csv_text(&sink, function->name);
		sink_char(&sink, ',');
		put_csv_text(&sink, function->file);
		for (int n = 0; n < (compared ? 4 : 2); n++) {
			sink_char(&sink, ',');
			sink_number(&sink, numbers[n]);
		}
		sink_string(&sink, "\r\n");
	}
	sink_close(&sink);
	free(path);
}

void profile_page(const struct settings *settings, const struct profile *profile, const struct analysis *analysis,
	const struct functions *functions, struct text notes, struct text breaches)
{
	struct sink sink;
	char *path = file_path(profile->folder, "index.html");
	struct page page = {.title = profile->name, .root = "../../", .name = profile->name};
	sink_open(&sink, path);
	page_begin(&sink, settings, &page);
	put_facts(&sink, settings, analysis, functions);
	put_lines(&sink, "Failed conditions", "bad", breaches);
	put_lines(&sink, "Messages while it was read", "note", notes);
	put_graph(&sink, analysis->depth, functions->old_sum > 0);
	put_functions(&sink, settings, functions);
	if (settings->ordered)
		time_map_section(&sink, settings, analysis);
	source_pages(&sink, settings, profile, analysis);
	callers_section(&sink, settings, analysis, functions);
	put_groups(&sink, settings, analysis, "files", "By file", "File", tally_file);
	put_groups(&sink, settings, analysis, "modules", "By module", "Module", tally_module);
	page_end(&sink);
	sink_close(&sink);
	free(path);
	write_csv(profile, functions);
}
