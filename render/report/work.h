/* All that is made from one profile alone: its folder. */
#ifndef REPORT_WORK_H
#define REPORT_WORK_H

#include "render/report/profile.h"

/* Reads the profile (and its baseline) and makes its folder. Messages go to standard error, which must be a regular
 * file: what stands there goes onto the page. False if the profile is broken. */
bool work_profile(const struct settings *settings, const struct profile *profile);

#endif
