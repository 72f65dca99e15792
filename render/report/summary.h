/* summary.json for programs, and summary.md for a pull request. */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include "render/report/profile.h"

enum { SUMMARY_CHANGES = 10 };

void summary_json(const struct settings *settings, const struct profile *profiles, size_t count);
void summary_markdown(const struct settings *settings, const struct profile *profiles, size_t count);

/* Change of the function's self share against the baseline, in points. */
double summary_change(const struct record *record, const struct function *function);
/* The functions whose self share changed most, for sure, by falling size; returns how many were put into `out`. */
size_t summary_changes(
	const struct settings *settings, const struct record *record, const struct function *out[SUMMARY_CHANGES]);

#endif
