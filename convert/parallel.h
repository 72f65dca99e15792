/* -j: formats whose chunks (see source_cut) can be read apart from each other, by several threads. */
#ifndef CONVERT_PARALLEL_H
#define CONVERT_PARALLEL_H

#include "convert/blocks.h"
#include "convert/converter.h"
#include "convert/lines.h"

/* What a thread has for itself: the first member of a format's state. */
struct worker {
	struct stacks *stacks; /* merged at the end */
	struct run *run;
	struct blocks blocks; /* for stacks that are added whole; see below */
};

struct parallel_format {
	source_cut *cut;
	bool whole;        /* stacks are added by way of worker.blocks (with --ordered, too): all threads share them */
	size_t state_size; /* of a struct whose first member is a struct worker; the rest is zero at first */
	void (*begin)(void *state);
	/* May be NULL, as `begin` and `end`. The first chunks are read by one thread alone until it says true. */
	bool (*settled)(const void *state);
	void (*work)(void *state, const struct chunk *chunk);
	/* Instead of `work`: the lines of the chunk, and its end, which is one of a record (may be NULL). */
	lines_take *take;
	lines_end *end_of_lines;
	/* Frees what the state holds. False: the input is unusable; see struct converter. */
	bool (*end)(void *state);
};

/* Reads all of the source with run->jobs threads, with --ordered by one; for a converter's `read`. */
bool parallel_read(const struct parallel_format *format, struct source *source, struct stacks *stacks, struct run *run);

#endif
