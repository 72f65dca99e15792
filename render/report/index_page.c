#include "render/report/index_page.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/source.h"
#include "common/version.h"
#include "render/report/files.h"
#include "render/report/page.h"
#include "render/report/pictures.h"
#include "render/report/search.h"
#include "render/report/summary.h"
#include "render/report/table.h"

enum { MOST_FAULTS = 50 }; /* lines of each list */

/* By the build, from the files of those names. */
extern const char report_page_css[], report_tables_js[], report_search_js[];

static void put_facts(struct sink *sink, const struct settings *settings, const struct profile *profiles, size_t count)
{
	struct buffer text = {0};
	double sum = 0;
	size_t broken = 0;
	for (size_t i = 0; i < count; i++) {
		broken += profiles[i].error != NULL;
		sum += profiles[i].record.sum;
	}
	sink_string(sink, "<dl class=\"facts\">\n");
	page_number_text(&text, (double)count);
	if (broken)
		buffer_add_format(&text, ", %zu broken", broken);
	page_fact(sink, "Profiles", buffer_text(&text));
	buffer_clear(&text);
	page_count_text(&text, settings, sum);
	page_fact(sink, "Total", buffer_text(&text));
	if (settings->baseline)
		page_fact(sink, "Baseline", text_of(settings->baseline));
	if (settings->date) {
		char date[64];
		struct tm tm;
		strftime(date, sizeof date, "%Y-%m-%d %H:%M UTC", gmtime_r(&settings->date, &tm));
		page_fact(sink, "Date", text_of(date));
	}
	for (size_t i = 0; i < settings->data_count; i++) {
		const char *value = strchr(settings->data[i], '=');
		buffer_clear(&text);
		buffer_add(&text, settings->data[i], (size_t)(value - settings->data[i]));
		page_fact(sink, text.at, text_of(value + 1));
	}
	page_fact(sink, "Made by", text_of("flamereport " TOOLKIT_VERSION));
	sink_string(sink, "</dl>\n");
	buffer_free(&text);
}

/* Of a profile's page. */
static void put_address(struct sink *sink, const struct profile *profile, bool single)
{
	sink_format(sink, single ? "#p-%s" : "p/%s/index.html", profile->slug);
}

/* ---- what is wrong ---- */

/* Starts a line of a list that has `lines`; false if there are enough. */
static bool begin_fault(struct sink *sink, size_t *lines, const char *title)
{
	if (!*lines)
		sink_format(sink, "<div class=\"bad\"><strong>%s</strong><ul>\n", title);
	if (++*lines > MOST_FAULTS)
		return false;
	sink_string(sink, "<li>");
	return true;
}

static void put_breaches(struct sink *sink, const struct profile *profile, bool single, size_t *lines)
{
	struct text breaches = profile->record.breaches, line;
	const char *at = breaches.at, *end = at + breaches.size;
	while (!profile->error && next_line(&at, end, &line)) {
		if (!begin_fault(sink, lines, "Conditions failed"))
			continue;
		sink_string(sink, "<a href=\"");
		put_address(sink, profile, single);
		sink_string(sink, "\">");
		page_string(sink, profile->name);
		sink_string(sink, "</a>: ");
		page_text(sink, line);
		sink_string(sink, "</li>\n");
	}
}

static void put_broken(struct sink *sink, const struct profile *profile, bool single, size_t *lines)
{
	bool incomplete = !profile->error && profile->record.incomplete;
	if (!profile->error && !incomplete)
		return;
	if (!begin_fault(sink, lines, "Broken profiles"))
		return;
	if (incomplete) {
		sink_string(sink, "<a href=\"");
		put_address(sink, profile, single);
		sink_string(sink, "\">");
	}
	page_string(sink, profile->name);
	sink_string(sink, incomplete ? "</a>: incomplete: " : ": ");
	page_text(sink, profile_message(profile));
	sink_string(sink, "</li>\n");
}

static void put_gone(struct sink *sink, struct text names)
{
	const char *at = names.at, *end = at + names.size;
	struct text name;
	size_t lines = 0;
	if (!names.size)
		return;
	sink_string(sink, "<div class=\"note\"><strong>Only in the baseline</strong><ul>\n");
	for (; lines < MOST_FAULTS && next_line(&at, end, &name); lines++) {
		sink_string(sink, "<li>");
		page_text(sink, name);
		sink_string(sink, "</li>\n");
	}
	sink_string(sink, at < end ? "<li>and more</li></ul></div>\n" : "</ul></div>\n");
}

static void put_faults(struct sink *sink, const struct profile *profiles, size_t count, bool single,
	void (*put)(struct sink *, const struct profile *, bool, size_t *))
{
	size_t lines = 0;
	for (size_t i = 0; i < count; i++)
		put(sink, &profiles[i], single, &lines);
	if (lines > MOST_FAULTS)
		sink_format(sink, "<li>and %zu more</li>\n", lines - MOST_FAULTS);
	sink_string(sink, lines ? "</ul></div>\n" : "");
}

/* ---- the table ---- */

static void put_change(struct sink *sink, const struct settings *settings, const struct record *record)
{
	const struct function *changes[SUMMARY_CHANGES];
	struct functions functions = record_functions(record);
	if (!(record->old_sum > 0)) {
		table_text(sink, text_of(""));
		sink_string(sink, "<td class=\"n\">no baseline</td>");
		return;
	}
	size_t count = summary_changes(settings, record, changes);
	table_change(sink, 100 * (record->sum - record->old_sum) / record->old_sum, true);
	sink_format(sink, "<td class=\"n wide\" data-v=\"%.4f\">",
		count ? function_self_change(&functions, changes[0]) : 0);
	if (count) {
		page_function(sink, changes[0]->name, changes[0]->file);
		double points = function_self_change(&functions, changes[0]);
		sink_format(sink, " <span class=\"%s\">%+.2f points</span>", points > 0 ? "more" : "less", points);
	} else {
		sink_string(sink, "none that is sure");
	}
	sink_string(sink, "</td>");
}

static void put_thumbnail(struct sink *sink, const struct profile *profile, bool single)
{
	sink_string(sink, "<td><a href=\"");
	put_address(sink, profile, single);
	sink_string(sink, "\" tabindex=\"-1\" aria-hidden=\"true\"><img src=\"");
	if (single)
		page_data_address(sink, "image/png", profile->folder, "thumbnail.png");
	else
		sink_format(sink, "p/%s/thumbnail.png", profile->slug);
	sink_format(sink, "\" alt=\"\" width=\"%d\" height=\"%d\" loading=\"lazy\"></a></td>", THUMBNAIL_WIDTH / 2,
		THUMBNAIL_HEIGHT / 2);
}

static void put_row(struct sink *sink, const struct settings *settings, const struct profile *profile, bool single)
{
	const struct record *record = &profile->record;
	if (profile->error)
		return;
	table_row(sink);
	sink_string(sink, "<th scope=\"row\"><a href=\"");
	put_address(sink, profile, single);
	sink_string(sink, "\">");
	page_string(sink, profile->name);
	sink_string(sink, "</a></th>");
	put_thumbnail(sink, profile, single);
	table_weight(sink, settings, record->sum);
	table_weight(sink, &(struct settings){0}, (double)record->stacks);
	sink_string(sink, "<td>");
	if (record->count)
		page_function(sink, record->items[0].name, record->items[0].file);
	sink_string(sink, "</td>");
	table_share(sink, record->count ? record->items[0].self : 0, record->sum);
	if (settings->baseline)
		put_change(sink, settings, record);
}

static void put_table(
	struct sink *sink, const struct settings *settings, const struct profile *profiles, size_t count, bool single)
{
	const char *columns[] = {"Profile", "Graph", "#Total", "#Stacks", "Heaviest function", "#Its self %",
		settings->baseline ? "#Change of total %" : NULL, "#Largest change of self", NULL};
	page_section(sink, "", "profiles", "Profiles");
	table_begin(sink, "All profiles", "Filter profiles", columns);
	for (size_t i = 0; i < count; i++)
		put_row(sink, settings, &profiles[i], single);
	table_end(sink);
	page_section_end(sink);
}

void index_sections(
	struct sink *sink, const struct settings *settings, const struct profile *profiles, size_t count, bool single)
{
	put_facts(sink, settings, profiles, count);
	put_faults(sink, profiles, count, single, put_broken);
	put_faults(sink, profiles, count, single, put_breaches);
	put_gone(sink, settings->gone);
	search_section(sink);
	put_table(sink, settings, profiles, count, single);
}

void index_page(const struct settings *settings, const struct profile *profiles, size_t count)
{
	struct sink sink;
	char *path = file_path(settings->output, "index.html");
	struct page page = {.title = settings->title, .root = ""};
	sink_open(&sink, path);
	page_begin(&sink, settings, &page);
	index_sections(&sink, settings, profiles, count, false);
	page_end(&sink);
	sink_close(&sink);
	free(path);
}

static void write_shared(const struct settings *settings, const char *name, const char *const *parts)
{
	struct sink sink;
	char *path = file_path(settings->output, name);
	sink_open(&sink, path);
	for (; *parts; parts++)
		sink_string(&sink, *parts);
	sink_close(&sink);
	free(path);
}

void index_shared(const struct settings *settings)
{
	static const char *const style[] = {report_page_css, NULL};
	static const char *const script[] = {
		"\"use strict\";\n{\n", report_tables_js, "}\n{\n", report_search_js, "}\n", NULL};
	write_shared(settings, "report.css", style);
	write_shared(settings, "report.js", script);
}
