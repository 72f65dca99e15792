/* Output: standard output or a file that appears whole or not at all, gzipped when its name ends in .gz or .svgz. */
#ifndef COMMON_SINK_H
#define COMMON_SINK_H

#include <stddef.h>

#include "text.h"

struct sink {
	char *at; /* buffered bytes: at[0 .. size) */
	size_t size, capacity;
	int fd;
	const char *path; /* NULL: standard output */
	char *temporary;  /* written to, renamed to path at the end */
	void *gzip;       /* z_stream of zlib, or NULL */
	int error;        /* errno of the first failed write, 0 if none */
};

/* path NULL or "-" is standard output. Ends the program with a message if the file cannot be made. SIGINT, SIGTERM
 * and SIGHUP remove an unfinished temporary file (unless the program has handlers of its own). */
void sink_open(struct sink *sink, const char *path);
/* Gzips it even if its name does not ask for that; before anything is written. */
void sink_compress(struct sink *sink, bool compress);
/* For sink_write: bytes that do not fit into what is free of the buffer. */
void sink_overflow(struct sink *sink, const void *bytes, size_t size);
static inline void sink_write(struct sink *sink, const void *bytes, size_t size)
{
	if (size > sink->capacity - sink->size) {
		sink_overflow(sink, bytes, size);
	} else if (size) {
		memcpy(sink->at + sink->size, bytes, size);
		sink->size += size;
	}
}
static inline void sink_string(struct sink *sink, const char *string)
{
	sink_write(sink, string, strlen(string));
}
static inline void sink_char(struct sink *sink, char c)
{
	sink_write(sink, &c, 1);
}
/* As text_from_number. */
void sink_number(struct sink *sink, double value);
/* Decimal integer. */
void sink_integer(struct sink *sink, uint64_t value);
void sink_format(struct sink *sink, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Gives what is buffered to the system (gzipped text waits for the end); sink->error says if it was taken. */
void sink_flush(struct sink *sink);
/* Finishes and renames. A failed write ends the program with status 1 and a message; EPIPE on standard output is
 * silent but has the same status. */
void sink_close(struct sink *sink);
/* Forgets the file: the temporary one is removed. */
void sink_discard(struct sink *sink);

#endif
