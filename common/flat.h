/* Whole stacks, each kept once as the sequence of its frames: smaller and faster than a tree where stacks are only
 * summed and written. */
#ifndef COMMON_FLAT_H
#define COMMON_FLAT_H

#include "intern.h"
#include "sink.h"

struct flat_stack {
	uint32_t *names; /* root first; live in the arena */
	uint32_t count;
	double weight;
};

/* All zero is empty. */
struct flat {
	struct flat_stack *stacks;
	size_t count, capacity;
	struct flat_slot {
		uint32_t number; /* + 1; 0: free */
		uint32_t hash;
	} * slots; /* open addressing; slot_count is a power of two */
	size_t slot_count;
	struct arena names;
};

/* The number of the stack, which is copied if it is new. */
uint32_t flat_stack(struct flat *flat, const uint32_t *names, size_t count);
/* Asks the memory for what flat_stack will need. */
void flat_prefetch(const struct flat *flat, const uint32_t *names, size_t count);
/* Writes all stacks with a weight as folded text, sorted bytewise; `names` are the texts. */
void flat_write(const struct flat *flat, const struct intern *names, struct sink *sink);
void flat_free(struct flat *flat);

#endif
