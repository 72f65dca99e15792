/* Two folded files as they lie in memory: their lines are sorted, but not copied. */
#ifndef FOLD_MAPPED_H
#define FOLD_MAPPED_H

#include "common/text_sort.h"
#include "convert/fold/profile.h"

struct mapped_file {
	const char *path;
	struct text bytes;
};

struct mapped {
	struct mapped_file files[2]; /* old, new */
	struct sort_item *lines;     /* of both; what is known of them is in their numbers */
	size_t count, capacity;
	struct profile_weights totals;
};

/* Maps the files and sorts the lines of both together. False, and nothing is done, if they are not plain regular files
 * of folded text with one count a line (standard input, gzip, UTF-16, differential ones). */
bool mapped_open(struct mapped *mapped, const char *old, const char *new, struct skipped *skipped);
/* The next stack, from *at = 0 on, with its counts in both; moves *at. False at the end. */
bool mapped_next(const struct mapped *mapped, size_t *at, struct profile_line *line);
void mapped_close(struct mapped *mapped);

#endif
