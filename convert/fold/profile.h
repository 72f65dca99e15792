/* A profile as its lines: what the fold tools that work on whole stacks read and write. */
#ifndef FOLD_PROFILE_H
#define FOLD_PROFILE_H

#include "common/folded_sort.h"

struct profile {
	struct folded_lines lines;
	double total; /* sum of all counts */
};

/* How lines are taken. */
struct profile_rules {
	/* Or NULL: writes the line's stack, rewritten, into `out` (empty before); may change its count. False drops the
	 * line. */
	bool (*edit)(struct folded_line *line, struct buffer *out, void *context);
	void *context;
	struct skipped skipped;
};

/* Adds all lines of the files; with count 0 those of standard input. False if a file could not be read. */
bool profile_read(struct profile *profile, char *const *paths, size_t count, struct profile_rules *rules);
/* Sorts bytewise by stack and sums equal ones. */
void profile_sum(struct profile *profile);
/* Writes its lines. */
void profile_write(const struct profile *profile, struct sink *sink);
void profile_free(struct profile *profile);

#endif
