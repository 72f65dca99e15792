#include "render/report/source_pages.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/source.h"
#include "render/report/files.h"
#include "render/report/page.h"
#include "render/report/table.h"
#include "render/report/tally.h"

enum { MOST_FILES = 50, LARGEST_FILE = 4 << 20 };

/* ---- finding ---- */

/* FILE below the root, as it is or without some of its first folders: "/build/src/a.c" may be ROOT/src/a.c. NULL if
 * there is none, or if it leads out of the root. */
static char *find_source(const char *root, struct text file)
{
	char *real_root = realpath(root, NULL), *found = NULL;
	size_t size = real_root ? strlen(real_root) : 0;
	while (size && file.size && !found) {
		char path[PATH_MAX];
		int length = snprintf(path, sizeof path, "%s/%.*s", real_root, (int)file.size, file.at);
		found = length > 0 && (size_t)length < sizeof path ? realpath(path, NULL) : NULL;
		if (found && (strncmp(found, real_root, size) != 0 || (found[size] != '/' && size > 1))) {
			free(found);
			found = NULL;
		}
		const char *slash = memchr(file.at, '/', file.size);
		size_t skip = slash ? (size_t)(slash - file.at) + 1 : file.size;
		file = (struct text){file.at + skip, file.size - skip};
	}
	free(real_root);
	return found;
}

static bool read_source_file(const char *root, struct text file, struct buffer *out)
{
	char *path = memchr(file.at, '\0', file.size) ? NULL : find_source(root, file);
	buffer_clear(out);
	bool good = path && file_read(path, out) && out->size && out->size <= LARGEST_FILE &&
		    !memchr(out->at, '\0', out->size);
	free(path);
	return good;
}

/* ---- one page ---- */

/* The weights of the lines of one file, by number; the caller's to free. */
static struct tally_row *lines_of(const struct tally *tally, struct text file, size_t line_count)
{
	struct tally_row *lines = mem_zero(line_count + 1, sizeof *lines);
	for (size_t i = 0; i < tally->count; i++) {
		struct text key = tally->rows[i].key;
		uint64_t line;
		if (key.size <= file.size || memcmp(key.at, file.at, file.size) != 0 || key.at[file.size])
			continue;
		if (text_integer((struct text){key.at + file.size + 1, key.size - file.size - 1}, &line) &&
			line <= line_count)
			lines[line] = tally->rows[i];
	}
	return lines;
}

static void put_share(struct sink *sink, double weight, double sum)
{
	if (weight > 0)
		table_share(sink, weight, sum);
	else
		sink_string(sink, "<td></td>");
}

static void put_lines(struct sink *sink, struct text source, const struct tally_row *lines, double sum)
{
	const char *at = source.at, *end = source.at + source.size;
	struct text line;
	sink_string(sink,
		"<div class=\"scroll\"><table class=\"source\"><caption>Lines</caption>\n<thead><tr>"
		"<th scope=\"col\" class=\"n\">Self</th><th scope=\"col\" class=\"n\">Total</th>"
		"<th scope=\"col\" class=\"n\">Line</th><th scope=\"col\">Source</th></tr></thead>\n<tbody>\n");
	for (size_t number = 1; next_line(&at, end, &line); number++) {
		double share = lines[number].total / sum;
		sink_format(sink, "<tr%s>", share >= 0.1 ? " class=\"hot\"" : share > 0.01 ? " class=\"warm\"" : "");
		put_share(sink, lines[number].self, sum);
		put_share(sink, lines[number].total, sum);
		sink_format(sink, "<th scope=\"row\" class=\"n faint\" id=\"L%zu\">%zu</th><td><pre>", number, number);
		page_text(sink, line);
		sink_string(sink, "</pre></td></tr>\n");
	}
	sink_string(sink, "</tbody></table></div>\n");
}

static void write_page(const struct settings *settings, const struct profile *profile, const char *name,
	struct text file, struct text source, const struct tally *tally, double sum)
{
	struct sink sink;
	char *path = file_path(profile->folder, name);
	struct buffer title = {0};
	size_t line_count = 1;
	for (size_t i = 0; i < source.size; i++)
		line_count += source.at[i] == '\n';
	struct tally_row *lines = lines_of(tally, file, line_count);
	buffer_add(&title, file.at, file.size);
	struct page page = {.title = title.at, .root = "../../", .parent = "index.html", .name = profile->name};
	sink_open(&sink, path);
	page_begin(&sink, settings, &page);
	put_lines(&sink, source, lines, sum);
	page_end(&sink);
	sink_close(&sink);
	buffer_free(&title);
	free(lines);
	free(path);
}

void source_pages(struct sink *sink, const struct subject *subject)
{
	static const char *const columns[] = {"File", "#Self %", "#Total %", NULL};
	struct tally files = {0}, lines = {0};
	struct buffer source = {0};
	size_t count = 0;
	const struct settings *settings = subject->settings;
	const struct analysis *analysis = subject->now;
	if (!settings->source_root)
		return;
	files = tally_of(analysis->stacks, tally_file);
	lines = tally_of(analysis->stacks, tally_line);
	for (size_t i = 0; i < files.count && count < MOST_FILES; i++) {
		char name[40];
		if (!read_source_file(settings->source_root, files.rows[i].key, &source))
			continue;
		if (!count++) {
			page_section(sink, "", "source", "Source");
			table_begin(sink, "Source files", NULL, columns);
		}
		snprintf(name, sizeof name, "source-%zu.html", count);
		write_page(settings, subject->profile, name, files.rows[i].key, buffer_text(&source), &lines,
			analysis->sum);
		table_row(sink);
		table_name(sink, files.rows[i].key, name);
		table_share(sink, files.rows[i].self, analysis->sum);
		table_share(sink, files.rows[i].total, analysis->sum);
	}
	if (count) {
		table_end(sink);
		page_section_end(sink);
	}
	tally_free(&files);
	tally_free(&lines);
	buffer_free(&source);
}
