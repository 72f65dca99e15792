/* The report's first page, and the files that all pages share. */
#ifndef REPORT_INDEX_PAGE_H
#define REPORT_INDEX_PAGE_H

#include "render/report/profile.h"

/* Writes index.html. */
void index_page(const struct settings *settings, const struct profile *profiles, size_t count);
/* Writes report.css and report.js. */
void index_shared(const struct settings *settings);

#endif
