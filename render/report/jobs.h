/* Making the profiles' folders, several at a time. */
#ifndef REPORT_JOBS_H
#define REPORT_JOBS_H

#include "render/report/profile.h"

/* Gives every profile its key and its record or error. A profile whose folder was made from the same bytes with the
 * same settings by the same program is left as it is (not with a source root: its files may have changed); every other
 * one gets a process of its own, at most `jobs` at a time: whatever its input does to it, the others go on. Shows a
 * progress bar on a terminal. Returns how many were made. */
size_t jobs_run(const struct settings *settings, struct profile *profiles, size_t count, size_t jobs);

#endif
