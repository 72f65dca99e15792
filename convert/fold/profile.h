/* A profile as its lines: what the fold tools that work on whole stacks read and write. Each stack is kept once. */
#ifndef FOLD_PROFILE_H
#define FOLD_PROFILE_H

#include "common/folded.h"
#include "common/mem.h"

struct profile_line {
	struct text stack;
	double count, old; /* old: the first count of a differential line, else 0 */
};

struct profile_weights {
	double count, old;
};
struct profile_step {
	uint32_t stack;
	struct profile_weights weights;
};

/* All zero is empty. */
struct profile {
	struct intern stacks;            /* numbered as they came */
	bool unsorted;                   /* some stack came before its predecessor */
	struct profile_weights *weights; /* by stack; sums */
	size_t capacity;
	bool pairs;              /* differential: two counts a line */
	bool decided;            /* some line was read: pairs is known */
	double total, old_total; /* sums of all counts */
	bool ordered;            /* set it before reading: lines are kept as they came, each a step */
	struct profile_step *steps;
	size_t step_count, step_capacity;
	uint32_t *order; /* of the stacks, see profile_sort; NULL: as they came */
};

/* What the number of a line is. */
enum profile_side {
	PROFILE_ALONE, /* its count, or, in a differential file, the two */
	PROFILE_OLD,   /* the first count of a comparison; a differential file is refused */
	PROFILE_NEW,   /* the second one */
};

/* How lines are taken. */
struct profile_rules {
	/* Or NULL: writes the line's stack, rewritten, into `out` (empty before); may change its count. False drops the
	 * line. */
	bool (*edit)(struct folded_line *line, struct buffer *out, void *context);
	void *context;
	enum profile_side side;
	struct skipped skipped;
};

/* Adds all lines of the files; with count 0 those of standard input. A file that is differential where others are not
 * is reported and left out. False if a file could not be used. */
bool profile_read(struct profile *profile, char *const *paths, size_t count, struct profile_rules *rules);
/* Sorts the lines bytewise by stack (not those of an ordered profile). Nothing may be added then. */
void profile_sort(struct profile *profile);

/* The lines in their order. */
size_t profile_count(const struct profile *profile);
struct profile_line profile_line(const struct profile *profile, size_t number);
/* Writes a line; `pairs`: with two counts. */
void profile_write_line(const struct profile_line *line, bool pairs, struct sink *sink);
/* Writes all lines. */
void profile_write(const struct profile *profile, struct sink *sink);
void profile_free(struct profile *profile);

#endif
