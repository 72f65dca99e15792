/* Making the profiles' folders, several at a time. */
#ifndef REPORT_JOBS_H
#define REPORT_JOBS_H

#include "render/report/profile.h"

/* Gives every profile its key and its record or error. A profile whose folder was made from the same bytes with the
 * same settings by the same program is left as it is (not with a source root: its files may have changed); the others
 * are made in `jobs` processes: one that fails at its input is replaced, and the others go on. Shows a progress bar on
 * a terminal. Returns how many were made. */
size_t jobs_run(const struct settings *settings, struct profile *profiles, size_t count, size_t jobs);

#endif
