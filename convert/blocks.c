#include "convert/blocks.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

/* What all threads know stands in many tables, so that two threads seldom want the same one. They do not grow: what is
 * asked of the memory is where it will be looked for. */
enum { SHARDS = 256, SHARD_ENTRIES = (1 << 20) / SHARDS };

struct blocks_shared {
	uint32_t threads;
	struct cache_entry *entries; /* of all shards */
	struct shard {
		pthread_mutex_t lock;
		struct cache cache; /* hash -> number * threads + thread */
	} shards[SHARDS];
};

struct blocks_shared *blocks_share(uint32_t threads)
{
	struct blocks_shared *shared = mem_zero(1, sizeof *shared);
	shared->threads = threads;
	shared->entries = mem_zero((size_t)SHARDS * SHARD_ENTRIES, sizeof *shared->entries);
	for (size_t i = 0; i < SHARDS; i++) {
		pthread_mutex_init(&shared->shards[i].lock, NULL);
		shared->shards[i].cache = (struct cache){shared->entries + i * SHARD_ENTRIES, SHARD_ENTRIES, 0};
	}
	return shared;
}

void blocks_share_free(struct blocks_shared *shared)
{
	if (!shared)
		return;
	for (size_t i = 0; i < SHARDS; i++)
		pthread_mutex_destroy(&shared->shards[i].lock);
	free(shared->entries);
	free(shared);
}

/* Half full tables are emptied. */
static void add_shared(struct cache *cache, struct hash128 key, uint32_t value)
{
	if (cache->used * 2 + 2 > SHARD_ENTRIES) {
		memset(cache->entries, 0, SHARD_ENTRIES * sizeof *cache->entries);
		cache->used = 0;
	}
	cache_add(cache, key, value);
}

void blocks_join(struct blocks *blocks, struct blocks_shared *shared, uint32_t thread)
{
	*blocks = (struct blocks){.shared = shared, .thread = thread, .threads = shared->threads};
	blocks->others = mem_zero(shared->threads, sizeof *blocks->others);
}

static struct shard *shard_of(const struct blocks *blocks, struct hash128 key)
{
	return &blocks->shared->shards[key.low >> 32 & (SHARDS - 1)];
}

void blocks_prefetch(const struct blocks *blocks, struct hash128 key)
{
	cache_prefetch(&blocks->known, (uint32_t)key.low);
	if (blocks->shared)
		cache_prefetch(&shard_of(blocks, key)->cache, (uint32_t)key.low);
}

static void keep_own(struct blocks *blocks, struct hash128 key, uint32_t value)
{
	if (cache_is_full(&blocks->known))
		cache_free(&blocks->known);
	cache_add(&blocks->known, key, value);
}

static int64_t find_shared(struct blocks *blocks, struct hash128 key)
{
	struct shard *shard = shard_of(blocks, key);
	pthread_mutex_lock(&shard->lock);
	int64_t value = cache_find(&shard->cache, key);
	pthread_mutex_unlock(&shard->lock);
	if (value >= 0)
		keep_own(blocks, key, (uint32_t)value);
	return value;
}

/* What waits for another thread's stack. */
static double *weight_for_other(struct blocks_weights *others, uint32_t stack)
{
	size_t before = others->count;
	others->weights = mem_grow(others->weights, &others->count, (size_t)stack + 1, sizeof *others->weights);
	for (size_t i = before; i < others->count; i++)
		others->weights[i] = 0;
	return &others->weights[stack];
}

int64_t blocks_find(struct blocks *blocks, struct hash128 key)
{
	int64_t known = cache_find(&blocks->known, key);
	return known < 0 && blocks->shared ? find_shared(blocks, key) : known;
}

/* Where the weight goes to, until stacks are added. */
static double *weight_of(struct blocks *blocks, struct stacks *stacks, int64_t known)
{
	if (!blocks->shared)
		return &stacks->whole.stacks[known].weight;
	uint32_t thread = (uint32_t)known % blocks->threads, stack = (uint32_t)known / blocks->threads;
	return thread == blocks->thread ? &stacks->whole.stacks[stack].weight
					: weight_for_other(&blocks->others[thread], stack);
}

void blocks_settle(struct blocks *blocks, struct stacks *stacks)
{
	for (size_t i = 0; i < blocks->due_count; i++)
		*weight_of(blocks, stacks, blocks->due[i].known) += blocks->due[i].weight;
	blocks->due_count = 0;
}

void blocks_weigh(struct blocks *blocks, struct stacks *stacks, int64_t known, double weight)
{
	if (blocks->due_count == BLOCKS_DUE)
		blocks_settle(blocks, stacks);
	blocks->due[blocks->due_count++] = (struct blocks_due){known, weight};
	__builtin_prefetch(weight_of(blocks, stacks, known));
}

void blocks_add(struct blocks *blocks, struct hash128 key, uint32_t stack)
{
	if (!blocks->shared) {
		keep_own(blocks, key, stack);
		return;
	}
	uint64_t value = (uint64_t)stack * blocks->threads + blocks->thread;
	if (value >= UINT32_MAX - 1)
		return;
	keep_own(blocks, key, (uint32_t)value);
	struct shard *shard = shard_of(blocks, key);
	pthread_mutex_lock(&shard->lock);
	add_shared(&shard->cache, key, (uint32_t)value); /* over another thread's, if that was as fast */
	pthread_mutex_unlock(&shard->lock);
}

void blocks_give(const struct blocks *blocks, uint32_t thread, struct stacks *stacks)
{
	const struct blocks_weights *others = blocks->others ? &blocks->others[thread] : NULL;
	for (size_t i = 0; others && i < others->count && i < stacks->whole.count; i++)
		stacks->whole.stacks[i].weight += others->weights[i];
}

void blocks_free(struct blocks *blocks)
{
	cache_free(&blocks->known);
	for (uint32_t i = 0; blocks->others && i < blocks->threads; i++)
		free(blocks->others[i].weights);
	free(blocks->others);
	*blocks = (struct blocks){0};
}
