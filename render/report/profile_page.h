/* The page of one profile. */
#ifndef REPORT_PROFILE_PAGE_H
#define REPORT_PROFILE_PAGE_H

#include "render/report/subject.h"

/* Writes FOLDER/index.html, with functions.csv and the source pages. */
void profile_page(const struct subject *subject);

#endif
