/* Where the time went, and when: threads and functions over the time of ordered stacks. */
#ifndef REPORT_TIME_MAP_H
#define REPORT_TIME_MAP_H

#include "common/sink.h"
#include "render/report/subject.h"

/* The section: a row for each of the busiest threads and heaviest functions, a column for each part of the time; the
 * darker, the more of that part was spent in it (threads: in any function). Each thread has a clock of its own. Nothing
 * if they are not ordered. */
void time_map_section(struct sink *sink, const struct subject *subject);

#endif
