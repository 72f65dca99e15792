/* For formats that are read line by line. */
#ifndef CONVERT_LINES_H
#define CONVERT_LINES_H

#include "common/source.h"

/* Takes a line; the text and the chunk live until it returns. */
typedef void lines_take(void *state, const struct chunk *chunk, struct text line);
/* The end of a file; the chunk is empty and stands there, for messages. */
typedef void lines_end(void *state, const struct chunk *chunk);
/* Hands out all lines of all files. `end` may be NULL. */
void lines_read(struct source *source, lines_take *take, lines_end *end, void *state);

/* The same for one chunk: its lines, then its end. */
void lines_of(const struct chunk *chunk, lines_take *take, lines_end *end, void *state);

/* For a source_cut whose records start (end) with a line of which `is` says so: the place before (behind) the last such
 * line, 0 if there is none behind the start. Records of more than 32 MiB may be cut between lines. */
size_t lines_cut_before(const char *data, size_t size, bool (*is)(struct text line));
size_t lines_cut_behind(const char *data, size_t size, bool (*is)(struct text line));

/* True if `is` says so of any line of the text. */
bool lines_any(struct text head, bool (*is)(struct text line));

#endif
