/* A frame line of `perf script` and the names that it gives. */
#ifndef CONVERT_PERF_FRAME_H
#define CONVERT_PERF_FRAME_H

#include "common/text.h"

struct perf_frame {
	struct text pc;     /* hexadecimal address */
	struct text symbol; /* without the offset behind it; " " if there is none */
	struct text offset; /* "+0x1f", or empty */
	struct text module; /* the path or [name] that stood in parentheses */
};

/* How names are made; see docs/man/stackcollapse-perf.1. */
struct perf_naming {
	bool perl;        /* as the Perl script makes them */
	bool kernel, jit; /* mark such frames with _[k], _[j] */
	bool addresses;   /* [unknown] frames with their address */
};

/* Cuts a line; false if it is no frame. */
bool perf_frame_parse(struct text line, bool perl, struct perf_frame *frame);

/* Writes the names of a frame, from the root, each ended by '\n' (inlined callers give several; a name in parentheses
 * gives none). `java`: the process is Java's. `out` is emptied before, `scratch` is used. */
void perf_frame_names(const struct perf_frame *frame, const struct perf_naming *naming, bool java, struct buffer *out,
	struct buffer *scratch);

/* The symbol as --skip-after compares it: a Rust name is cleaned in scratch. */
struct text perf_symbol(const struct perf_frame *frame, bool perl, struct buffer *scratch);

#endif
