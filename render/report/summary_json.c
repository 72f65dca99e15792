#include <stdlib.h>

#include "common/json_text.h"
#include "common/source.h"
#include "common/version.h"
#include "render/report/files.h"
#include "render/report/summary.h"

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
		put_number(sink, "self_change", summary_change(record, function));
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
	sink_string(&sink, "\n]");
	put_lines(&sink, "gone", settings->gone);
	sink_string(&sink, "}\n");
	sink_close(&sink);
	free(path);
}
