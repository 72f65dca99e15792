/* Input: files one after the other, "-" or none for standard input, gzip found by its magic (concatenated members
 * too). It is handed out in chunks that end where a record ends, so that chunks can be worked on independently; a
 * UTF-8 byte order mark at a file's start is dropped, UTF-16 (known by its mark) becomes UTF-8. A file that cannot be
 * read (or is truncated or corrupt gzip) is reported, what was read of it before is still handed out, reading goes on
 * with the next file, and source_close returns false. */
#ifndef COMMON_SOURCE_H
#define COMMON_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

struct source;

/* A piece of one file made of whole records. All zero before its first use; each user (thread) has its own. */
struct chunk {
	char *data; /* owned by the chunk; a NUL follows data[size] */
	size_t size, capacity;
	const char *file;   /* its name for messages: the path, or "stdin" */
	unsigned long line; /* number of its first line, from 1 */
	bool first;         /* the first chunk of its file */
};

/* Says how many of the `size` bytes are whole records: the position behind the last record's end, 0 if none ends
 * yet. Not asked at the end of a file: all that is left is handed out. */
typedef size_t source_cut(const char *data, size_t size);
/* Records are lines. */
size_t source_cut_lines(const char *data, size_t size);
/* Chunks end anywhere: for parsers that keep their own state (JSON, XML). */
size_t source_cut_bytes(const char *data, size_t size);
/* A file is one chunk, whole. */
size_t source_cut_files(const char *data, size_t size);

/* paths are kept, not copied. With count 0 it reads standard input. */
struct source *source_open(char *const *paths, size_t count);
/* The next chunk; false at the end of the last file. Safe to call from several threads, each with its own chunk. */
bool source_chunk(struct source *source, source_cut *cut, struct chunk *chunk);
/* The first bytes (about `size`) of the file that comes next, without taking them away. Not with threads. The text
 * lives until the next call of any source function. Empty if no file is left, or if it is empty or cannot be read. */
struct text source_peek(struct source *source, size_t size);
/* All of the input as one chunk where it is, not copied, if nothing was handed out yet and it is one plain regular
 * file: see map.h for what that means. Nothing is left to be read then. False, and nothing changed, if not. The chunk
 * lives as long as the source and is not to be freed; no NUL follows its data. Not with threads. */
bool source_map(struct source *source, struct chunk *chunk);
/* The size in bytes of the input if it is one plain regular file, of which nothing was handed out yet; else 0. Not with
 * threads. */
size_t source_size(struct source *source);
/* Copies bytes of that file from `at` on, without reading on; returns how many there were, at most `size`. */
size_t source_look(struct source *source, size_t at, char *to, size_t size);
/* Goes back to the start if all inputs are regular files; false, and nothing changed, if not. Not with threads. */
bool source_rewind(struct source *source);
/* True if source_rewind would succeed. */
bool source_can_rewind(const struct source *source);
/* Frees all; false if anything could not be read (it was reported then). */
bool source_close(struct source *source);
void chunk_free(struct chunk *chunk);

/* The number of the line in which `at` (inside the chunk) stands. */
unsigned long chunk_line(const struct chunk *chunk, const char *at);
/* Cuts the next line off the text at *at (which ends at `end`), of which so many bytes are known: no LF is among them.
 * The line comes without its LF and without a CR before that. False when nothing is left. */
static inline bool next_line_behind(const char **at, const char *end, size_t known, struct text *line)
{
	if (*at >= end)
		return false;
	const char *start = *at, *stop = memchr(start + known, '\n', (size_t)(end - start) - known);
	*at = stop ? stop + 1 : end;
	if (!stop)
		stop = end;
	if (stop > start && stop[-1] == '\r')
		stop--;
	*line = (struct text){start, (size_t)(stop - start)};
	return true;
}
/* The same where nothing is known. */
static inline bool next_line(const char **at, const char *end, struct text *line)
{
	return next_line_behind(at, end, 0, line);
}

/* Records that had to be skipped. The first few are reported with their place, the rest only counted. */
struct skipped {
	unsigned long count;
	unsigned long said; /* so many of them were met before, in the same input: they are not reported again */
	bool strict;        /* the first one ends the program with status 1 */
	bool quiet;         /* only count them */
};
void skip_record(struct skipped *skipped, const struct chunk *chunk, const char *at, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* The same for those who know the number of the line. */
void skip_line(struct skipped *skipped, const char *file, unsigned long line, const char *why);
/* Says how many were skipped, if more than were reported one by one. */
void skipped_summary(const struct skipped *skipped, const char *what);

#endif
