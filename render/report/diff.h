/* A profile beside its baseline: the pages of their difference. */
#ifndef REPORT_DIFF_H
#define REPORT_DIFF_H

#include "render/report/subject.h"

/* Writes diff.html with its graphs: diff-new.html (as wide as now), diff-old.html (as wide as before: what is gone is
 * seen there) and diff.png. The old weights are scaled so that both totals are the same. False, after a message, if a
 * graph cannot be made. */
bool diff_pages(const struct subject *subject);

#endif
