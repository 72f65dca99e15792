/* Stacks summed by something that frames have in common: their file, module, thread or source line. */
#ifndef REPORT_TALLY_H
#define REPORT_TALLY_H

#include "common/frame_parts.h"
#include "common/stacks.h"

/* Writes what the frame is counted as into `out` (empty before); nothing: it is not counted. */
typedef void tally_key(const struct frame_parts *parts, struct buffer *out);

struct tally_row {
	struct text key;    /* lives as long as the tally */
	double self, total; /* total: of the stacks in which it stands, counted once */
};

struct tally {
	struct intern keys;
	struct tally_row *rows; /* heaviest total first, then self, then by key */
	size_t count;
};

struct tally tally_of(const struct stacks *stacks, tally_key *key_of);
void tally_free(struct tally *tally);

/* Keys. */
void tally_file(const struct frame_parts *parts, struct buffer *out);
void tally_module(const struct frame_parts *parts, struct buffer *out); /* "module`", else the file's folder */
void tally_line(const struct frame_parts *parts, struct buffer *out);   /* "file", NUL, "line" */

#endif
