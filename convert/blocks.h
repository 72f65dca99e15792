/* Stacks that are added whole, by one thread or several: they have their names and stacks in common, and what they know
 * of pieces of text whose stack was worked out before, recognised by their hash. Each thread has its own weights. */
#ifndef CONVERT_BLOCKS_H
#define CONVERT_BLOCKS_H

#include "common/hash.h"
#include "common/stacks.h"

struct blocks_shared;
struct blocks_table;

enum { BLOCKS_DUE = 16 };

/* What one thread has. */
struct blocks {
	struct blocks_shared *shared;
	struct blocks_table *table; /* where it looks for known pieces */
	double *weights;            /* by number of the stack: what the thread found */
	size_t weight_count;
	struct blocks_due {
		uint32_t stack;
		double weight;
	} due[BLOCKS_DUE]; /* what waits until the memory has brought what it is added to */
	size_t due_count;
};

/* Stacks will be added to stacks->whole, which nobody else may touch until all have left. */
struct blocks_shared *blocks_share(struct stacks *stacks);
void blocks_share_free(struct blocks_shared *shared);
void blocks_join(struct blocks *blocks, struct blocks_shared *shared);
/* When no thread works any more: adds what this one found to the stacks. */
void blocks_leave(struct blocks *blocks);

/* As stacks_name. */
uint32_t blocks_name(struct blocks *blocks, const char *at, size_t size);
/* As flat_stack; if the key is not NULL, it is remembered for it. */
uint32_t blocks_stack(struct blocks *blocks, const uint32_t *names, size_t count, const struct hash128 *key);
/* Adds weight to a stack. */
void blocks_weigh(struct blocks *blocks, uint32_t stack, double weight);

/* What is known of a piece of text; -1: it is new. */
int64_t blocks_find(struct blocks *blocks, struct hash128 key);
/* Asks the memory for what blocks_find will need; key.high does not matter. */
void blocks_prefetch(const struct blocks *blocks, struct hash128 key);
/* Remembers the stack (or another number below 2^32 - 1) of a new piece. When very many are remembered, all are
 * forgotten. */
void blocks_know(struct blocks *blocks, struct hash128 key, uint32_t stack);

#endif
