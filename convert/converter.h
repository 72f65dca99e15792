/* The contract between convert/main.c and a format: a format file closes with one constant struct converter. */
#ifndef CONVERT_CONVERTER_H
#define CONVERT_CONVERTER_H

#include "common/opt.h"
#include "common/source.h"
#include "common/stacks.h"

/* What the shared options ask for, and what main.c wants to know at the end. */
struct run {
	long jobs;             /* threads that may work, at least 1 */
	bool ordered;          /* keep the time order: `stacks` was made so; weights are microseconds */
	char *const *operands; /* of the command line, for formats whose input is not read as files */
	size_t operand_count;
	bool pid, tid, threads; /* root frames for processes and threads; see lanes.h */
	struct skipped skipped; /* records that could not be used */
};

struct converter {
	const char *name;    /* the program is stackcollapse-NAME */
	const char *summary; /* one sentence for --help and lists */
	const char *examples;
	const struct opt *options; /* the format's own, or NULL */
	bool parallel;             /* knows -j: records are independent */
	bool timed;                /* knows --ordered: records have times */
	bool lanes;                /* knows --pid, --tid and --threads: records say where they come from */
	/* How sure it is, 0 (no) to 100, that `head`, the first (up to 64 KiB of the) input, is of this format. NULL:
	 * never guessed. Its order among formats: a magic or a schema's name is worth 100, keys or headings that only
	 * this format has 80, the shape of the first records 60, a mere possibility 20. */
	int (*detect)(struct text head);
	/* Reads all of the source and adds its stacks. Problems are reported (skip_record for single records). False if
	 * the input as a whole is unusable; what was added is written all the same. */
	bool (*read)(struct source *source, struct stacks *stacks, struct run *run);
};

/* The formats of this program: just one, or all for `stackcollapse`; ends with NULL. Made by the build. */
extern const struct converter *const converters[];

#endif
