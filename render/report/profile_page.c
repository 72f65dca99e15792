#include "render/report/profile_page.h"

#include <stdlib.h>

#include "render/report/callers.h"
#include "render/report/csv.h"
#include "render/report/files.h"
#include "render/report/page.h"
#include "render/report/sections.h"
#include "render/report/source_pages.h"
#include "render/report/time_map.h"

enum { MOST_FUNCTIONS = 500 };

static void put_graph(struct sink *sink, const struct subject *subject)
{
	page_section(sink, "", "graph", "Graph");
	sink_string(sink,
		"<p class=\"links\"><a href=\"graph.html\">Graph alone</a> <a href=\"graph.png\">Still picture</a> "
		"<a href=\"stacks.folded.gz\" download>Folded stacks</a> "
		"<a href=\"functions.csv\" download>Functions as CSV</a>");
	if (subject->old)
		sink_string(sink, " <a href=\"diff.html\">Change against the baseline</a>");
	sink_string(sink, "</p>\n");
	page_frame(sink, "graph.html", "Interactive flame graph", subject->now->depth);
	sink_string(sink, "<img class=\"still\" src=\"graph.png\" alt=\"Flame graph\" loading=\"lazy\">\n");
	page_section_end(sink);
}

void profile_page(const struct subject *subject)
{
	struct sink sink;
	const struct profile *profile = subject->profile;
	char *path = file_path(profile->folder, "index.html");
	struct page page = {.title = profile->name, .root = "../../", .name = profile->name};
	sink_open(&sink, path);
	page_begin(&sink, subject->settings, &page);
	sections_head(&sink, subject);
	put_graph(&sink, subject);
	sections_functions(&sink, subject, MOST_FUNCTIONS);
	time_map_section(&sink, subject);
	source_pages(&sink, subject);
	callers_section(&sink, subject);
	sections_groups(&sink, subject);
	page_end(&sink);
	sink_close(&sink);
	free(path);
	csv_write(profile->folder, subject->functions);
}
