#include "render/report/summary.h"

#include <math.h>
#include <stdlib.h>

#include "common/json_text.h"
#include "common/source.h"
#include "common/version.h"
#include "render/report/files.h"
#include "render/report/page.h"

enum { MOST_BREACHES = 50 }; /* lines in the Markdown */

static double change_of(const struct record *record, const struct function *function)
{
	struct functions all = record_functions(record);
	return function_self_change(&all, function);
}

size_t summary_changes(
	const struct settings *settings, const struct record *record, const struct function *out[SUMMARY_CHANGES])
{
	size_t found = 0;
	for (size_t i = 0; record->old_sum > 0 && i < record->count; i++) {
		const struct function *function = &record->items[i];
		double size = fabs(change_of(record, function));
		if (size < 0.005 || !change_is_sure(function->old_self, record->old_sum, function->self, record->sum,
					    settings->noise))
			continue;
		size_t place = found < SUMMARY_CHANGES ? found++ : SUMMARY_CHANGES;
		for (; place > 0 && fabs(change_of(record, out[place - 1])) < size; place--)
			if (place < SUMMARY_CHANGES)
				out[place] = out[place - 1];
		if (place < SUMMARY_CHANGES)
			out[place] = function;
	}
	return found;
}

/* ---- JSON ---- */

static void put_key(struct sink *sink, const char *key)
{
	sink_format(sink, ", \"%s\": ", key);
}

static void put_number(struct sink *sink, const char *key, double value)
{
	put_key(sink, key);
	sink_number(sink, value);
}

static void put_string(struct sink *sink, const char *key, struct text value)
{
	put_key(sink, key);
	sink_json(sink, value);
}

static void put_lines(struct sink *sink, const char *key, struct text lines)
{
	const char *at = lines.at, *end = lines.at + lines.size, *comma = "";
	struct text line;
	put_key(sink, key);
	sink_char(sink, '[');
	for (; next_line(&at, end, &line); comma = ", ") {
		sink_string(sink, comma);
		sink_json(sink, line);
	}
	sink_char(sink, ']');
}

static void put_function(struct sink *sink, const struct record *record, const struct function *function)
{
	sink_string(sink, "{\"name\": ");
	sink_json(sink, function->name);
	put_string(sink, "file", function->file);
	put_number(sink, "self", function->self);
	put_number(sink, "total", function->total);
	if (record->old_sum > 0) {
		put_number(sink, "old_self", function->old_self);
		put_number(sink, "old_total", function->old_total);
		put_number(sink, "self_change", change_of(record, function));
	}
	sink_char(sink, '}');
}

static void put_record(struct sink *sink, const struct settings *settings, const struct profile *profile)
{
	const struct record *record = &profile->record;
	const struct function *changes[SUMMARY_CHANGES];
	size_t count = summary_changes(settings, record, changes);
	put_key(sink, "page");
	sink_format(sink, "\"p/%s/index.html\"", profile->slug);
	put_number(sink, "total", record->sum);
	put_number(sink, "stacks", (double)record->stacks);
	put_number(sink, "functions", (double)record->functions);
	if (record->count) {
		put_key(sink, "top");
		put_function(sink, record, &record->items[0]);
	}
	if (record->old_sum > 0) {
		put_number(sink, "baseline_total", record->old_sum);
		put_key(sink, "changes");
		sink_char(sink, '[');
		for (size_t i = 0; i < count; i++) {
			sink_string(sink, i ? ", " : "");
			put_function(sink, record, changes[i]);
		}
		sink_char(sink, ']');
	}
	if (record->incomplete) {
		put_key(sink, "incomplete");
		sink_string(sink, "true");
	}
	put_lines(sink, "failed_conditions", record->breaches);
	put_lines(sink, "messages", record->notes);
}

void summary_json(const struct settings *settings, const struct profile *profiles, size_t count)
{
	struct sink sink;
	char *path = file_path(settings->output, "summary.json");
	sink_open(&sink, path);
	sink_string(&sink, "{\"title\": ");
	sink_json(&sink, text_of(settings->title));
	put_string(&sink, "version", text_of(TOOLKIT_VERSION));
	put_string(&sink, "count_name", text_of(settings->ordered ? "microseconds" : settings->count_name));
	sink_string(&sink, ", \"profiles\": [");
	for (size_t i = 0; i < count; i++) {
		sink_string(&sink, i ? ",\n{\"name\": " : "\n{\"name\": ");
		sink_json(&sink, text_of(profiles[i].name));
		if (profiles[i].error)
			put_string(&sink, "error", text_of(profiles[i].error));
		else
			put_record(&sink, settings, &profiles[i]);
		sink_char(&sink, '}');
	}
	sink_string(&sink, "\n]}\n");
	sink_close(&sink);
	free(path);
}

/* ---- Markdown ---- */

/* Inside a table's cell or a line: no markup, no HTML, no line end. */
static void put_markdown(struct sink *sink, struct text text)
{
	const char *at = text.at, *end = text.at + text.size;
	while (at < end) {
		char bytes[4];
		uint32_t code = utf8_next(&at, end);
		if (code == '<')
			sink_string(sink, "&lt;");
		else if (code == '&')
			sink_string(sink, "&amp;");
		else if (code < 0x20 || code == 0x7F)
			sink_char(sink, ' ');
		else if (code < 0x80 && strchr("\\`*_{}[]()#+-!|>~@:", (int)code))
			sink_format(sink, "\\%c", (int)code);
		else
			sink_write(sink, bytes, utf8_put(bytes, code));
	}
}

static void put_link(struct sink *sink, const struct settings *settings, const struct profile *profile)
{
	sink_char(sink, '[');
	put_markdown(sink, text_of(profile->name));
	sink_format(sink, "](%sp/%s/index.html)", settings->url, profile->slug);
}

static void put_row(struct sink *sink, const struct settings *settings, const struct profile *profile)
{
	const struct record *record = &profile->record;
	struct buffer total = {0};
	sink_string(sink, "| ");
	if (profile->error) {
		put_markdown(sink, text_of(profile->name));
		sink_string(sink, " | broken: ");
		put_markdown(sink, text_of(profile->error));
		sink_string(sink, settings->baseline ? " | | | |\n" : " | | |\n");
		return;
	}
	put_link(sink, settings, profile);
	page_count_text(&total, settings, record->sum);
	sink_string(sink, " | ");
	put_markdown(sink, buffer_text(&total));
	sink_string(sink, record->incomplete ? " (incomplete)" : "");
	sink_string(sink, " | ");
	if (record->count) {
		put_markdown(sink, record->items[0].name);
		sink_format(sink, " %.2f%%", 100 * record->items[0].self / record->sum);
	}
	const struct function *changes[SUMMARY_CHANGES];
	if (settings->baseline) {
		sink_string(sink, " | ");
		if (summary_changes(settings, record, changes)) {
			put_markdown(sink, changes[0]->name);
			sink_format(sink, " %+.2f points", change_of(record, changes[0]));
		} else {
			sink_string(sink, record->old_sum > 0 ? "none" : "no baseline");
		}
	}
	sink_format(sink, " | ![Flame graph](%sp/%s/thumbnail.png) |\n", settings->url, profile->slug);
	buffer_free(&total);
}

/* `lines` have been written before, by other profiles. */
static void put_breaches(struct sink *sink, const struct profile *profile, size_t *lines)
{
	struct text breaches = profile->record.breaches, line;
	const char *at = breaches.at, *end = at + breaches.size;
	while (next_line(&at, end, &line)) {
		if (++*lines > MOST_BREACHES)
			continue;
		sink_string(sink, "- \xE2\x9D\x8C ");
		put_markdown(sink, text_of(profile->name));
		sink_string(sink, ": ");
		put_markdown(sink, line);
		sink_char(sink, '\n');
	}
}

void summary_markdown(const struct settings *settings, const struct profile *profiles, size_t count)
{
	struct sink sink;
	char *path = file_path(settings->output, "summary.md");
	sink_open(&sink, path);
	sink_string(&sink, "## ");
	put_markdown(&sink, text_of(settings->title));
	sink_string(&sink, "\n\n");
	size_t lines = 0;
	for (size_t i = 0; i < count; i++)
		put_breaches(&sink, &profiles[i], &lines);
	if (lines > MOST_BREACHES)
		sink_format(&sink, "- and %zu more\n", lines - MOST_BREACHES);
	sink_string(&sink, lines ? "\n" : "");
	sink_format(&sink, "| Profile | Total | Heaviest function (self) |%s Graph |\n|---|---|---|%s---|\n",
		settings->baseline ? " Largest change of self |" : "", settings->baseline ? "---|" : "");
	for (size_t i = 0; i < count; i++)
		put_row(&sink, settings, &profiles[i]);
	sink_close(&sink);
	free(path);
}
