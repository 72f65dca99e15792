#include "convert/blocks.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "common/lock.h"
#include "common/mem.h"

enum { FIRST_ENTRIES = 1024, MOST_USED = 1 << 20 };

/* Open addressing. It is read while others add to it: an entry's value is written last. It does not grow; a larger one
 * takes its place, and it stands until no thread looks into it any more. */
struct blocks_table {
	size_t count; /* entries, a power of two */
	size_t used;  /* at most half of them */
	size_t users;
	struct entry {
		uint64_t high;
		uint32_t low;
		_Atomic uint32_t value; /* + 1; 0: free */
	} entries[];
};

/* The lock is for all of it, but for reading `table`. */
struct blocks_shared {
	struct stacks *stacks;
	struct blocks_table *_Atomic table; /* the newest */
	pthread_mutex_t lock;
};

/* ---- the table ---- */

/* Its pages are written to before they are read: else each would be given to the threads twice. */
static struct blocks_table *new_table(size_t count)
{
	size_t size = sizeof(struct blocks_table) + count * sizeof(struct entry);
	struct blocks_table *table = mem_alloc(size);
	memset(table, 0, size);
	table->count = count;
	return table;
}

/* The entry of the key, or the free one for it; gives its value, or -1. */
static inline struct entry *look(struct blocks_table *table, struct hash128 key, int64_t *value)
{
	size_t mask = table->count - 1, i = (uint32_t)key.low & mask;
	for (;; i = (i + 1) & mask) {
		struct entry *entry = &table->entries[i];
		*value = (int64_t)atomic_load_explicit(&entry->value, memory_order_acquire) - 1;
		if (*value < 0 || (entry->high == key.high && entry->low == (uint32_t)key.low))
			return entry;
	}
}

static void put(struct blocks_table *table, struct hash128 key, uint32_t stack)
{
	int64_t known;
	struct entry *entry = look(table, key, &known);
	if (known >= 0)
		return;
	entry->high = key.high;
	entry->low = (uint32_t)key.low;
	atomic_store_explicit(&entry->value, stack + 1, memory_order_release);
	table->used++;
}

/* One of twice the size with the same entries; an empty one where it would be too large. */
static struct blocks_table *larger(const struct blocks_table *old)
{
	if (old->used >= MOST_USED)
		return new_table(FIRST_ENTRIES);
	struct blocks_table *table = new_table(old->count * 2);
	for (size_t i = 0; i < old->count; i++) {
		const struct entry *entry = &old->entries[i];
		uint32_t value = atomic_load_explicit(&entry->value, memory_order_relaxed);
		if (value)
			put(table, (struct hash128){entry->low, entry->high}, value - 1);
	}
	return table;
}

static void release(struct blocks_table *table)
{
	if (--table->users == 0)
		free(table);
}

/* Makes a thread look into the newest table. With the lock. */
static void renew(struct blocks *blocks)
{
	struct blocks_table *newest = blocks->shared->table;
	newest->users++;
	release(blocks->table);
	blocks->table = newest;
}

/* With the lock. */
static void add(struct blocks *blocks, struct hash128 key, uint32_t stack)
{
	struct blocks_shared *shared = blocks->shared;
	struct blocks_table *table = shared->table;
	if (table->used * 2 >= table->count) {
		shared->table = larger(table);
		shared->table->users = 1;
		release(table);
	}
	renew(blocks);
	put(blocks->table, key, stack);
}

/* ---- threads ---- */

struct blocks_shared *blocks_share(struct stacks *stacks)
{
	struct blocks_shared *shared = mem_zero(1, sizeof *shared);
	shared->stacks = stacks;
	shared->table = new_table(FIRST_ENTRIES);
	shared->table->users = 1;
	pthread_mutex_init(&shared->lock, NULL);
	return shared;
}

void blocks_share_free(struct blocks_shared *shared)
{
	release(shared->table);
	pthread_mutex_destroy(&shared->lock);
	free(shared);
}

void blocks_join(struct blocks *blocks, struct blocks_shared *shared)
{
	*blocks = (struct blocks){.shared = shared, .table = shared->table};
	blocks->table->users++;
}

/* Adds what waits. */
static void settle(struct blocks *blocks)
{
	for (size_t i = 0; i < blocks->due_count; i++)
		blocks->weights[blocks->due[i].stack] += blocks->due[i].weight;
	blocks->due_count = 0;
}

void blocks_leave(struct blocks *blocks)
{
	settle(blocks);
	struct flat_stack *stacks = blocks->shared->stacks->whole.stacks;
	for (size_t i = 0; i < blocks->weight_count; i++)
		if (blocks->weights[i] != 0)
			stacks[i].weight += blocks->weights[i];
	free(blocks->weights);
	release(blocks->table);
	*blocks = (struct blocks){0};
}

/* ---- stacks ---- */

uint32_t blocks_name(struct blocks *blocks, const char *at, size_t size)
{
	lock_take(&blocks->shared->lock);
	uint32_t name = stacks_name(blocks->shared->stacks, at, size);
	pthread_mutex_unlock(&blocks->shared->lock);
	return name;
}

uint32_t blocks_stack(struct blocks *blocks, const uint32_t *names, size_t count, const struct hash128 *key)
{
	lock_take(&blocks->shared->lock);
	uint32_t stack = flat_stack(&blocks->shared->stacks->whole, names, count);
	if (key)
		add(blocks, *key, stack);
	pthread_mutex_unlock(&blocks->shared->lock);
	return stack;
}

void blocks_weigh(struct blocks *blocks, uint32_t stack, double weight)
{
	size_t before = blocks->weight_count;
	blocks->weights = mem_grow(blocks->weights, &blocks->weight_count, (size_t)stack + 1, sizeof *blocks->weights);
	if (before < blocks->weight_count)
		memset(blocks->weights + before, 0, (blocks->weight_count - before) * sizeof *blocks->weights);
	if (blocks->due_count == BLOCKS_DUE)
		settle(blocks);
	blocks->due[blocks->due_count++] = (struct blocks_due){stack, weight};
	__builtin_prefetch(&blocks->weights[stack]);
}

int64_t blocks_find(struct blocks *blocks, struct hash128 key)
{
	int64_t stack;
	look(blocks->table, key, &stack);
	if (stack >= 0 || blocks->table == blocks->shared->table)
		return stack;
	lock_take(&blocks->shared->lock);
	renew(blocks);
	pthread_mutex_unlock(&blocks->shared->lock);
	look(blocks->table, key, &stack);
	return stack;
}

void blocks_prefetch(const struct blocks *blocks, struct hash128 key)
{
	__builtin_prefetch(&blocks->table->entries[(uint32_t)key.low & (blocks->table->count - 1)]);
}

void blocks_know(struct blocks *blocks, struct hash128 key, uint32_t stack)
{
	lock_take(&blocks->shared->lock);
	add(blocks, key, stack);
	pthread_mutex_unlock(&blocks->shared->lock);
}
