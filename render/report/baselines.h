/* What each profile is compared to. */
#ifndef REPORT_BASELINES_H
#define REPORT_BASELINES_H

#include "render/report/inputs.h"
#include "render/report/profile.h"

/* Sets the baseline of every profile (in the order of the inputs), and settings->gone. */
void baselines_find(struct settings *settings, struct profile *profiles, const struct inputs *inputs);

#endif
