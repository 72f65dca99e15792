#include "render/report/single.h"

#include <stdlib.h>
#include <unistd.h>

#include "render/pack.h"
#include "render/report/callers.h"
#include "render/report/files.h"
#include "render/report/index_page.h"
#include "render/report/page.h"
#include "render/report/search.h"
#include "render/report/sections.h"
#include "render/report/time_map.h"
#include "render/sha256.h"

/* By the build, from the files of those names. */
extern const char report_page_css[], report_tables_js[], report_search_js[], report_single_js[];

static const char *const style[] = {report_page_css, NULL};
static const char *const script[] = {
	"\"use strict\";\n{\n", report_tables_js, "}\n{\n", report_search_js, "}\n{\n", report_single_js, "}\n", NULL};

enum { MOST_FUNCTIONS = 100 };

/* ---- a profile's part ---- */

static void put_base64(struct sink *sink, struct text bytes)
{
	struct pack pack = {.sink = sink};
	pack_bytes(&pack, bytes.at, bytes.size);
	pack_end(&pack);
}

/* The page gzipped: a sink does that to files alone. */
static void put_packed(struct sink *sink, const char *folder, const char *name)
{
	struct sink gzip;
	struct buffer page = {0};
	char *path = file_path(folder, name), *packed = file_path(folder, "packed.gz");
	if (file_read(path, &page)) {
		sink_open(&gzip, packed);
		sink_write(&gzip, page.at, page.size);
		sink_close(&gzip);
		buffer_clear(&page);
		if (file_read(packed, &page))
			put_base64(sink, buffer_text(&page));
		unlink(packed);
	}
	buffer_free(&page);
	free(path);
	free(packed);
}

static void put_button(struct sink *sink, const struct subject *subject, const char *id, const char *title)
{
	sink_format(sink,
		"<button type=\"button\" aria-expanded=\"false\" data-graph=\"%s%s\" data-height=\"%d\">%s</button> ",
		subject->prefix, id, page_graph_height(subject->now->depth), title);
}

static void put_graph_data(struct sink *sink, const struct subject *subject, const char *id, const char *file)
{
	sink_format(sink, "<script type=\"application/gzip\" id=\"%s%s\">", subject->prefix, id);
	put_packed(sink, subject->profile->folder, file);
	sink_string(sink, "</script>\n");
}

static void put_graph(struct sink *sink, const struct subject *subject)
{
	const struct profile *profile = subject->profile;
	page_section(sink, subject->prefix, "graph", "Graph");
	sink_string(sink, "<p class=\"links\">");
	put_button(sink, subject, "page", "Interactive graph");
	if (subject->old) {
		put_button(sink, subject, "new", "Change, as wide as now");
		put_button(sink, subject, "old", "Change, as wide as before");
	}
	sink_format(sink, "<a download=\"%s.folded.gz\" href=\"", profile->slug);
	page_data_address(sink, "application/gzip", profile->folder, "stacks.folded.gz");
	sink_format(sink, "\">Folded stacks</a> <a download=\"%s.csv\" href=\"", profile->slug);
	page_data_address(sink, "text/csv", profile->folder, "functions.csv");
	sink_string(sink, "\">Functions as CSV</a></p>\n<img alt=\"Flame graph\" src=\"");
	page_data_address(sink, "image/png", profile->folder, "graph.png");
	sink_string(sink, "\">\n");
	put_graph_data(sink, subject, "page", "graph.html");
	if (subject->old) {
		put_graph_data(sink, subject, "new", "diff-new.html");
		put_graph_data(sink, subject, "old", "diff-old.html");
	}
	page_section_end(sink);
}

void single_fragment(const struct subject *subject)
{
	struct sink sink;
	struct buffer prefix = {0};
	struct subject part = *subject;
	char *path = file_path(subject->profile->folder, "single.html");
	buffer_add_format(&prefix, "p-%s-", subject->profile->slug);
	part.prefix = prefix.at;
	sink_open(&sink, path);
	sink_format(&sink, "<details class=\"profile\" id=\"p-%s\"><summary>", subject->profile->slug);
	page_string(&sink, subject->profile->name);
	sink_string(&sink, "</summary>\n");
	sections_head(&sink, &part);
	put_graph(&sink, &part);
	sections_functions(&sink, &part, MOST_FUNCTIONS);
	time_map_section(&sink, &part);
	callers_section(&sink, &part);
	sections_groups(&sink, &part);
	sink_string(&sink, "</details>\n");
	sink_close(&sink);
	buffer_free(&prefix);
	free(path);
}

/* ---- the policy: the page's own script and style, and those of the graphs, whose pages inherit it ---- */

static void put_hash(struct sink *sink, const char *const *parts)
{
	struct sha256 sha;
	unsigned char digest[SHA256_SIZE];
	sha256_begin(&sha);
	for (; *parts; parts++)
		sha256_add(&sha, *parts, strlen(*parts));
	sha256_end(&sha, digest);
	sink_string(sink, "'sha256-");
	put_base64(sink, (struct text){(const char *)digest, sizeof digest});
	sink_char(sink, '\'');
}

/* What stands behind `name` in the policy of a graph's page: its hash. */
static struct text graph_policy(const struct buffer *page, const char *name)
{
	const char *found = page->size ? text_find(buffer_text(page), name) : NULL;
	if (!found)
		return text_of("");
	found += strlen(name);
	return (struct text){found, strcspn(found, ";\"")};
}

static void put_policy(struct sink *sink, const struct profile *profiles, size_t count)
{
	struct buffer graph = {0};
	for (size_t i = 0; i < count && !graph.size; i++) {
		char *path = file_path(profiles[i].folder, "graph.html");
		if (!profiles[i].error)
			file_read(path, &graph);
		free(path);
	}
	struct text scripts = graph_policy(&graph, "script-src "), styles = graph_policy(&graph, "style-src ");
	sink_string(sink, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
			  "frame-src blob:; base-uri 'none'; form-action 'none'; script-src ");
	put_hash(sink, script);
	sink_char(sink, ' ');
	sink_write(sink, scripts.at, scripts.size);
	sink_string(sink, "; style-src ");
	put_hash(sink, style);
	sink_char(sink, ' ');
	sink_write(sink, styles.at, styles.size);
	sink_string(sink, "\">\n");
	buffer_free(&graph);
}

/* ---- the page ---- */

static void put_parts(struct sink *sink, const char *const *parts)
{
	for (; *parts; parts++)
		sink_string(sink, *parts);
}

static void put_profiles(struct sink *sink, const struct profile *profiles, size_t count)
{
	struct buffer part = {0};
	for (size_t i = 0; i < count; i++) {
		char *path = file_path(profiles[i].folder, "single.html");
		buffer_clear(&part);
		if (!profiles[i].error && file_read(path, &part))
			sink_write(sink, part.at, part.size);
		free(path);
	}
	buffer_free(&part);
}

void single_write(const struct settings *settings, const struct profile *profiles, size_t count)
{
	struct sink sink;
	char *path = file_path(settings->output, "report.html");
	sink_open(&sink, path);
	sink_string(&sink, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
	put_policy(&sink, profiles, count);
	sink_string(&sink, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
			   "<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n"
			   "<title>");
	page_string(&sink, settings->title);
	sink_string(&sink, "</title>\n<style>");
	put_parts(&sink, style);
	sink_string(&sink, "</style>\n</head>\n<body>\n<header>\n<h1>");
	page_string(&sink, settings->title);
	sink_string(&sink, "</h1>\n</header>\n<main>\n");
	index_sections(&sink, settings, profiles, count, true);
	put_profiles(&sink, profiles, count);
	sink_string(&sink, "<script type=\"application/json\" id=\"search-data\">");
	search_data(&sink, profiles, count, "#p-", "");
	sink_string(&sink, "</script>\n<script>");
	put_parts(&sink, script);
	sink_string(&sink, "</script>\n</main>\n</body>\n</html>\n");
	sink_close(&sink);
	free(path);
}
