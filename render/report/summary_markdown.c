#include <stdlib.h>

#include "common/sink.h"
#include "common/source.h"
#include "render/report/files.h"
#include "render/report/page.h"
#include "render/report/summary.h"

enum { MOST_BREACHES = 50, MOST_ROWS = 150, MOST_GONE = 50 }; /* a comment at GitHub holds 65,536 characters */

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
			sink_format(sink, " %+.2f points", summary_change(record, changes[0]));
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

static bool is_wrong(const struct profile *profile)
{
	return profile->error || profile->record.incomplete || profile->record.breaches.size;
}

/* Of too many profiles those with something wrong have their rows before others. */
static void put_rows(struct sink *sink, const struct settings *settings, const struct profile *profiles, size_t count)
{
	size_t wrong = 0, shown = 0;
	for (size_t i = 0; i < count; i++)
		wrong += is_wrong(&profiles[i]);
	size_t good = wrong < MOST_ROWS ? MOST_ROWS - wrong : 0;
	for (size_t i = 0; i < count && shown < MOST_ROWS; i++) {
		if (!is_wrong(&profiles[i]) && !good)
			continue;
		good -= !is_wrong(&profiles[i]);
		put_row(sink, settings, &profiles[i]);
		shown++;
	}
	if (shown < count)
		sink_format(sink, "\nand %zu more: see [the report](%sindex.html)\n", count - shown, settings->url);
}

static void put_gone(struct sink *sink, struct text names)
{
	const char *at = names.at, *end = at + names.size, *start = "\nOnly in the baseline: ";
	struct text name;
	size_t count = 0;
	for (; next_line(&at, end, &name); start = ", ") {
		if (++count > MOST_GONE)
			continue;
		sink_string(sink, start);
		put_markdown(sink, name);
	}
	if (count > MOST_GONE)
		sink_format(sink, " and %zu more", count - MOST_GONE);
	sink_string(sink, names.size ? "\n" : "");
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
	put_rows(&sink, settings, profiles, count);
	put_gone(&sink, settings->gone);
	sink_close(&sink);
	free(path);
}
