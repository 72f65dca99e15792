/* The index of functions of all profiles, for the search in the first page: report-search.js describes it. */
#ifndef REPORT_SEARCH_H
#define REPORT_SEARCH_H

#include "common/sink.h"
#include "render/report/profile.h"

/* The data as JSON. `address` is put before and behind a profile's slug to make its link. */
void search_data(
	struct sink *sink, const struct profile *profiles, size_t count, const char *before, const char *behind);
/* Writes search.js. */
void search_write(const struct settings *settings, const struct profile *profiles, size_t count);
/* The section with the field. */
void search_section(struct sink *sink);

#endif
