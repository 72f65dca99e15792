/* The stack of the record that is being read, and the names of the frame lines that were seen. */
#ifndef CONVERT_RECORD_STACK_H
#define CONVERT_RECORD_STACK_H

#include "convert/blocks.h"
#include "convert/cache.h"
#include "convert/frame.h"

/* All zero is an empty one. */
struct record_stack {
	struct cache known; /* a frame line -> the place of its names */
	uint32_t *lists;    /* for each frame line the number of its names, then the names from the root */
	size_t list_size, list_capacity, list_kept;
	uint32_t *places; /* of the record's frames, leaf first */
	size_t depth, capacity;
	bool stopped; /* frames that follow are dropped: --skip-after */
};

/* Puts the names of a frame line on top that was seen before; false if none with this key was. */
bool record_stack_known(struct record_stack *stack, struct hash128 key);
/* Puts names on top, each ended by '\n', from the root, and remembers the line. `stops`: the stack starts with this
 * frame. */
void record_stack_new(
	struct record_stack *stack, struct hash128 key, struct blocks *blocks, const struct buffer *names, bool stops);
/* The same without remembering it. */
void record_stack_push(struct record_stack *stack, struct blocks *blocks, const struct buffer *names, bool stops);
/* Appends the names of the record's frames, from the root. */
void record_stack_path(const struct record_stack *stack, struct frame_list *path);
/* Ends the record. */
void record_stack_clear(struct record_stack *stack);
void record_stack_free(struct record_stack *stack);

#endif
