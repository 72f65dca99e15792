/* The page of one profile. */
#ifndef REPORT_PROFILE_PAGE_H
#define REPORT_PROFILE_PAGE_H

#include "render/report/analysis.h"
#include "render/report/profile.h"

/* Writes FOLDER/index.html and FOLDER/functions.csv. */
void profile_page(const struct settings *settings, const struct profile *profile, const struct analysis *analysis,
	const struct functions *functions, struct text notes, struct text breaches);

#endif
