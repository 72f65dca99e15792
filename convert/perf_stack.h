/* The stack of the record that is being read, and the names of the frame lines that were seen. */
#ifndef CONVERT_PERF_STACK_H
#define CONVERT_PERF_STACK_H

#include "common/stacks.h"
#include "convert/cache.h"
#include "convert/frame.h"

/* All zero is an empty one. */
struct perf_stack {
	struct cache known; /* a frame line -> the place of its names */
	uint32_t *lists;    /* for each frame line the number of its names, then the names from the root */
	size_t list_size, list_capacity;
	uint32_t *places; /* of the record's frames, leaf first */
	size_t depth, capacity;
	bool stopped; /* frames that follow are dropped: --skip-after */
};

/* Keeps the names of a frame line, each ended by '\n'; their place. `stops`: the stack starts with this frame. */
uint32_t perf_stack_list(struct perf_stack *stack, struct stacks *stacks, const struct buffer *found, bool stops);
/* Puts the names at that place on top. */
void perf_stack_push(struct perf_stack *stack, uint32_t place);
/* Forgets the frame lines that were seen; the record being read keeps its own. */
void perf_stack_forget(struct perf_stack *stack);
/* Appends the names of the record's frames, from the root. */
void perf_stack_path(const struct perf_stack *stack, struct frame_list *path);
/* Ends the record. */
void perf_stack_clear(struct perf_stack *stack);
void perf_stack_free(struct perf_stack *stack);

#endif
