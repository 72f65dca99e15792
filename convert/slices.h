/* Calls with a beginning and an end, in any order, to the time that each stack had for itself. */
#ifndef CONVERT_SLICES_H
#define CONVERT_SLICES_H

#include "common/stacks.h"

/* A call: [start, start + length). */
struct slice {
	int64_t start, length; /* nanoseconds */
	uint32_t name;
	uint32_t order; /* of arrival */
};

/* What is known of one thread; all zero is nothing. */
struct slices {
	struct slice *calls;
	size_t count, capacity;
	struct slice_mark {
		int64_t time;
		uint32_t name;
		uint32_t key;   /* by which an end finds its beginning */
		uint32_t order; /* of arrival */
		bool begins;
	} * marks; /* beginnings and ends, to be put in order of time */
	size_t mark_count, mark_capacity;
	struct slice_mark *open; /* begun, not ended: the last one is on top */
	size_t open_count, open_capacity;
	uint32_t arrived;
	unsigned long unmatched; /* ends that no beginning was found for */
};

/* The key of an end that does not say what it ends. */
#define SLICES_ANY UINT32_MAX

/* A whole call. */
void slices_add(struct slices *slices, int64_t start, int64_t length, uint32_t name);
/* A beginning and an end. An end is that of the call on top of the stack then, if its key is the same. */
void slices_open(struct slices *slices, int64_t time, uint32_t name, uint32_t key);
void slices_close(struct slices *slices, int64_t time, uint32_t key);

/* Where threads are written to. All zero but for stacks and ordered. */
struct slices_output {
	struct stacks *stacks;
	bool ordered; /* weights are microseconds, steps in the order of time of all threads; else nanoseconds */
	struct slice_step {
		int64_t start, length;
		uint32_t node, thread;
	} * steps;
	size_t count, capacity;
	uint32_t threads;
	unsigned long overlaps; /* calls that were cut because they ended after their caller */
};

/* Writes the thread's stacks below the node. */
void slices_write(struct slices *slices, uint32_t node, struct slices_output *output);
/* Writes what waited for other threads; frees what the output holds. */
void slices_end(struct slices_output *output);
void slices_free(struct slices *slices);

/* Reads a decimal number of microseconds as nanoseconds, without the loss that a double would bring. */
bool slices_microseconds(struct text text, int64_t *nanoseconds);

#endif
