/* Folded text: "frame;frame;frame COUNT", root first, the count behind the last blank. docs/man/folded.5 defines it. */
#ifndef COMMON_FOLDED_H
#define COMMON_FOLDED_H

#include "sink.h"
#include "source.h"
#include "stacks.h"

/* One line, cut. */
struct folded_line {
	struct text stack; /* may be empty: weight of the root itself */
	double count;      /* the last number: the only one, or the new one of a differential line */
	double old;        /* the first number of a differential line */
	bool pair;         /* it had two numbers */
};
/* Cuts a line (without its end); empty frames at the stack's end are dropped. `pairs`: two numbers at the end are both
 * counts. False if it is malformed. */
bool folded_parse(struct text line, bool pairs, struct folded_line *out);
/* The stack without empty frames at its end. */
struct text folded_trim(struct text stack);
/* True for lines that hold nothing: blank ones and comments ("# ..."). */
bool folded_is_blank(struct text line);

/* How many counts the lines of a file have, told by its first ones. */
enum folded_dialect {
	FOLDED_EMPTY, /* no stack among them */
	FOLDED_SINGLE,
	FOLDED_PAIRS, /* differential: most stacks of several frames (if there are none: all) end in two numbers */
};
enum folded_dialect folded_dialect(struct text start);

/* Cuts the next frame off a stack; false behind the last one. An empty frame at the very end is none. */
static inline bool folded_frame(struct text *stack, struct text *frame)
{
	if (!stack->size)
		return false;
	const char *stop = memchr(stack->at, ';', stack->size);
	*frame = (struct text){stack->at, stop ? (size_t)(stop - stack->at) : stack->size};
	size_t used = frame->size + (stop != NULL);
	*stack = (struct text){stack->at + used, stack->size - used};
	return true;
}

/* How a folded file is read into a table. */
struct folded_rules {
	bool reverse;  /* turn each stack round: leaf first */
	bool in_order; /* make the nodes in the order of the input; nothing is left out then */
	bool pairs;    /* accept differential files: see folded_dialect */
	bool (*edit)(struct text stack, struct buffer *out, void *context); /* or NULL: rewrites each stack text into
			     out (empty before); false drops the line */
	void *context;
	double prune; /* frames that are sure to have less than this share of the total may be replaced by gaps (see
			 STACKS_GAP), which makes reading fast and small; 0: keep all frames */
	struct skipped skipped;
};
/* Reads all of the source into an empty table. Sorted files are read as they are; unsorted ones, and with `prune` what
 * comes from a pipe, are kept (up to 1 GiB) and sorted first; else stacks are looked up one by one. Trailing empty
 * frames of a stack are dropped, inner ones are kept as empty names. */
void folded_read(struct source *source, struct stacks *stacks, struct folded_rules *rules);

/* Calls `each` for every stack with a weight other than 0 in the bytewise order of the stacks; path[0..depth) are the
 * names from the root. */
void folded_each(const struct stacks *stacks,
	void (*each)(const struct stacks *, const uint32_t *path, size_t depth, uint32_t node, void *context),
	void *context);
/* Writes aggregated text (sorted bytewise by stack, one line each; two counts if the table has them). Stacks that were
 * added whole are written if they are all there is; beside a tree they must be planted before. */
void folded_write(const struct stacks *stacks, struct sink *sink);
/* Writes the steps in time order. */
void folded_write_ordered(const struct stacks *stacks, struct sink *sink);

#endif
