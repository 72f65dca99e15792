/* The report's first page, and the files that all pages share. */
#ifndef REPORT_INDEX_PAGE_H
#define REPORT_INDEX_PAGE_H

#include "common/sink.h"
#include "render/report/profile.h"

/* All that stands in the first page; `single`: its links lead to places in the same file, which holds the pictures. */
void index_sections(
	struct sink *sink, const struct settings *settings, const struct profile *profiles, size_t count, bool single);
/* Writes index.html. */
void index_page(const struct settings *settings, const struct profile *profiles, size_t count);
/* Writes report.css and report.js. */
void index_shared(const struct settings *settings);

#endif
