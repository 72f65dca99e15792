/* Sorted folded files read line by line, without keeping them. */
#ifndef FOLD_STREAM_H
#define FOLD_STREAM_H

#include "common/folded.h"

struct stream {
	struct source *source;
	struct chunk chunk;
	const char *at; /* in the chunk */
	struct skipped *skipped;
	struct buffer stack;     /* of the current line */
	double count;            /* of it and of the equal ones behind it */
	struct folded_line next; /* read already; its stack lives in the chunk */
	bool has_next;
};

/* True if the file can be read twice, is not differential, and is sorted bytewise by stack; *total is the sum of its
 * counts then. Bad lines are not counted. */
bool stream_is_sorted(const char *path, double *total);

void stream_open(struct stream *stream, char *const *path, struct skipped *skipped);
/* Goes to the next stack; false at the end. */
bool stream_next(struct stream *stream);
/* False if the file could not be read. */
bool stream_close(struct stream *stream);

#endif
