/* A bounded table from hashes to numbers: what was worked out once for a piece of text. 96 bits of the hash count. */
#ifndef CONVERT_CACHE_H
#define CONVERT_CACHE_H

#include <stdbool.h>

#include "common/hash.h"

struct cache_entry {
	uint64_t high;
	uint32_t low;
	uint32_t value; /* + 1; 0: free */
};

/* All zero is an empty cache. */
struct cache {
	struct cache_entry *entries; /* open addressing; entry_count is a power of two */
	size_t entry_count, used;
};

/* The entry of the key, or the free one where it belongs; the cache must not be empty. */
static inline struct cache_entry *cache_place(const struct cache *cache, uint64_t high, uint32_t low)
{
	size_t mask = cache->entry_count - 1, i = low & mask;
	while (cache->entries[i].value && (cache->entries[i].high != high || cache->entries[i].low != low))
		i = (i + 1) & mask;
	return &cache->entries[i];
}
/* The value kept for the key, or -1. */
static inline int64_t cache_find(const struct cache *cache, struct hash128 key)
{
	return cache->entry_count ? (int64_t)cache_place(cache, key.high, (uint32_t)key.low)->value - 1 : -1;
}
/* Asks the memory for what cache_find will need: key.low is enough. */
static inline void cache_prefetch(const struct cache *cache, uint32_t low)
{
	if (cache->entry_count)
		__builtin_prefetch(&cache->entries[low & (cache->entry_count - 1)]);
}
/* True if it holds as much as it may (2^20 values): empty it (cache_free) before adding more. */
bool cache_is_full(const struct cache *cache);
/* Keeps a value (below 2^32 - 1) for a key that has none, or instead of the one it has. */
void cache_add(struct cache *cache, struct hash128 key, uint32_t value);
/* Empties it. */
void cache_free(struct cache *cache);

#endif
