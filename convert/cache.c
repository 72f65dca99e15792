#include "convert/cache.h"

#include <stdlib.h>

#include "common/mem.h"

enum { CACHE_MOST = 1 << 20 };

static struct cache_entry *slot_for(const struct cache *cache, uint64_t high, uint32_t low)
{
	size_t mask = cache->entry_count - 1, i = low & mask;
	while (cache->entries[i].value && (cache->entries[i].high != high || cache->entries[i].low != low))
		i = (i + 1) & mask;
	return &cache->entries[i];
}

int64_t cache_find(const struct cache *cache, struct hash128 key)
{
	if (!cache->entry_count)
		return -1;
	return (int64_t)slot_for(cache, key.high, (uint32_t)key.low)->value - 1;
}

bool cache_is_full(const struct cache *cache)
{
	return cache->used >= CACHE_MOST;
}

static void grow(struct cache *cache)
{
	struct cache old = *cache;
	cache->entry_count = old.entry_count ? old.entry_count * 2 : 1024;
	cache->entries = mem_zero(cache->entry_count, sizeof *cache->entries);
	for (size_t i = 0; i < old.entry_count; i++)
		if (old.entries[i].value)
			*slot_for(cache, old.entries[i].high, old.entries[i].low) = old.entries[i];
	free(old.entries);
}

void cache_add(struct cache *cache, struct hash128 key, uint32_t value)
{
	if (cache->used * 2 >= cache->entry_count)
		grow(cache);
	*slot_for(cache, key.high, (uint32_t)key.low) = (struct cache_entry){key.high, (uint32_t)key.low, value + 1};
	cache->used++;
}

void cache_free(struct cache *cache)
{
	free(cache->entries);
	*cache = (struct cache){0};
}
