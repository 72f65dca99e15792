/* Samples with times to ordered folded text: each lasts until its thread's next one. */
#ifndef CONVERT_TIMELINE_H
#define CONVERT_TIMELINE_H

#include "common/stacks.h"

/* The sample of a thread that waits for the next one. */
struct timeline_thread {
	uint32_t node;   /* of the waiting sample */
	double time;     /* when it was taken, microseconds */
	double last_gap; /* to the one before, microseconds */
};

struct timeline {
	bool active;
	struct stacks *stacks;
	struct timeline_thread *threads;
	size_t count, capacity;
	uint32_t *by_name; /* by name: number of its thread + 1 */
	size_t name_capacity;
	bool started;
	double start;          /* time of the first sample of all */
	unsigned long without; /* samples that had no time */
};

/* Steps go to `stacks`, which is ordered; not `active`: nothing will be added. */
void timeline_begin(struct timeline *timeline, struct stacks *stacks, bool active);
/* A sample of the thread whose root frame is `name`; node includes that frame. Time in microseconds, negative: it has
 * none (it is left out). A thread's clock starts with the first sample of all: what is before its own first one is a
 * step of the thread frame alone. A time before the thread's last one counts as the same time. */
void timeline_add(struct timeline *timeline, uint32_t name, uint32_t node, double time);
/* The last sample of each thread lasts as long as the one before it. False, with a message, if samples had no time. */
bool timeline_end(struct timeline *timeline);

#endif
