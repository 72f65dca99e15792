/* The calls that were seen for certain: which function is called from which instruction of which other. A stack that is
 * read while it moves may put a frame of one moment below one of another; if each of its calls is known, it is one that
 * the program can have. */
#ifndef SAMPLER_CALLS_H
#define SAMPLER_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/walk.h"

struct call {
	uint64_t caller, position; /* code object and instruction; 0: none, the root of a stack */
	uint64_t callee;           /* 0: free */
	uint32_t times;            /* that it was seen */
};

struct calls {
	struct call *list; /* open addressing */
	size_t slots, used;
};

/* True if the call of the stack's frame with this number was seen for certain, often enough to be believed. */
bool calls_knows(const struct calls *calls, const struct pystack *stack, size_t frame);
/* It was seen for certain. */
void calls_learn(struct calls *calls, const struct pystack *stack, size_t frame);
/* Forgets all: code objects were replaced. */
void calls_forget(struct calls *calls);
void calls_free(struct calls *calls);

#endif
