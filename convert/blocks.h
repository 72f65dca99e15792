/* Pieces of text whose whole stack was worked out before, recognised by their hash: by the thread that reads, or by
 * another one. */
#ifndef CONVERT_BLOCKS_H
#define CONVERT_BLOCKS_H

#include "common/stacks.h"
#include "convert/cache.h"

enum { BLOCKS_DUE = 16 };

struct blocks_shared;

/* Those of one thread. All zero: of one that is alone. */
struct blocks {
	struct cache known;
	struct blocks_shared *shared; /* what all threads know; NULL: there is but one */
	uint32_t thread, threads;     /* its number among them */
	struct blocks_weights {
		double *weights; /* by number of the stack */
		size_t count;
	} * others; /* by thread: what its stacks are to get at the end */
	struct blocks_due {
		int64_t known;
		double weight;
	} due[BLOCKS_DUE]; /* what waits */
	size_t due_count;
};

/* For so many threads, each with its own element of the array. */
struct blocks_shared *blocks_share(uint32_t threads);
void blocks_join(struct blocks *blocks, struct blocks_shared *shared, uint32_t thread);
void blocks_share_free(struct blocks_shared *shared);

/* What is known of the text: for one that is alone the number that was added. -1: it is new. */
int64_t blocks_find(struct blocks *blocks, struct hash128 key);
/* Asks the memory for what blocks_find will need; key.high does not matter. */
void blocks_prefetch(const struct blocks *blocks, struct hash128 key);
/* Adds weight to a known text's stack; `stacks` are those of the thread. Some of it waits until the memory has brought
 * what it goes to. */
void blocks_weigh(struct blocks *blocks, struct stacks *stacks, int64_t known, double weight);
/* Adds what waits. */
void blocks_settle(struct blocks *blocks, struct stacks *stacks);
/* Remembers the number of a new text's stack, in the thread's stacks->whole. */
void blocks_add(struct blocks *blocks, struct hash128 key, uint32_t stack);
/* When all threads are done and settled: gives `stacks`, those of that thread, what this one found of them. */
void blocks_give(const struct blocks *blocks, uint32_t thread, struct stacks *stacks);
void blocks_free(struct blocks *blocks);

#endif
