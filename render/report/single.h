/* The report as one self-contained page: OUT/report.html. */
#ifndef REPORT_SINGLE_H
#define REPORT_SINGLE_H

#include "render/report/subject.h"

/* Writes FOLDER/single.html, the profile's part of the page. Its other files must be there. */
void single_fragment(const struct subject *subject);
/* Writes report.html from the parts. */
void single_write(const struct settings *settings, const struct profile *profiles, size_t count);

#endif
