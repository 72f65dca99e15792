/* Who calls the heaviest functions, and whom they call. */
#ifndef REPORT_CALLERS_H
#define REPORT_CALLERS_H

#include "common/sink.h"
#include "render/report/subject.h"

enum { CALLERS_FUNCTIONS = 20 }; /* described: the first of `functions` */

/* The section; the function in place N of `functions` has the id "PREFIXfN". */
void callers_section(struct sink *sink, const struct subject *subject);

#endif
