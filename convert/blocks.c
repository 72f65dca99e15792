#include "convert/blocks.h"

#include <pthread.h>
#include <stdlib.h>

#include "common/mem.h"

/* What all threads know stands in many small tables, so that two threads seldom want the same one. */
enum { SHARDS = 256, MOST_IN_SHARD = (1 << 20) / SHARDS };

struct blocks_shared {
	uint32_t threads;
	struct shard {
		_Alignas(64) pthread_mutex_t lock;
		struct cache cache; /* hash -> number * threads + thread */
	} shards[SHARDS];
};

struct blocks_shared *blocks_share(uint32_t threads)
{
	struct blocks_shared *shared = aligned_alloc(64, sizeof *shared);
	if (!shared)
		shared = mem_alloc(SIZE_MAX / 2); /* says that there is no memory */
	shared->threads = threads;
	for (size_t i = 0; i < SHARDS; i++) {
		pthread_mutex_init(&shared->shards[i].lock, NULL);
		shared->shards[i].cache = (struct cache){0};
	}
	return shared;
}

void blocks_share_free(struct blocks_shared *shared)
{
	if (!shared)
		return;
	for (size_t i = 0; i < SHARDS; i++) {
		pthread_mutex_destroy(&shared->shards[i].lock);
		cache_free(&shared->shards[i].cache);
	}
	free(shared);
}

void blocks_join(struct blocks *blocks, struct blocks_shared *shared, uint32_t thread)
{
	*blocks = (struct blocks){.shared = shared, .thread = thread, .threads = shared->threads};
	blocks->others = mem_zero(shared->threads, sizeof *blocks->others);
}

static struct shard *shard_of(const struct blocks *blocks, struct hash128 key)
{
	return &blocks->shared->shards[key.high % SHARDS];
}

static void keep(struct cache *cache, size_t most, struct hash128 key, uint32_t value)
{
	if (cache->used >= most)
		cache_free(cache);
	cache_add(cache, key, value);
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
	if (cache_find(&shard->cache, key) < 0)
		keep(&shard->cache, MOST_IN_SHARD, key, (uint32_t)value);
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
