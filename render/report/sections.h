/* The parts of a profile's page that do not depend on where it stands. */
#ifndef REPORT_SECTIONS_H
#define REPORT_SECTIONS_H

#include "common/sink.h"
#include "render/report/subject.h"

/* Totals, failed conditions and messages. */
void sections_head(struct sink *sink, const struct subject *subject);
/* The table of functions, at most so many. */
void sections_functions(struct sink *sink, const struct subject *subject, size_t most);
/* The tables by file and by module, of stacks that know them. */
void sections_groups(struct sink *sink, const struct subject *subject);

#endif
