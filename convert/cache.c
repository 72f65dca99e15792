#include "convert/cache.h"

#include <stdlib.h>

#include "common/mem.h"

enum { CACHE_MOST = 1 << 20 };

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
			*cache_place(cache, old.entries[i].high, old.entries[i].low) = old.entries[i];
	free(old.entries);
}

void cache_add(struct cache *cache, struct hash128 key, uint32_t value)
{
	if (cache->used * 2 >= cache->entry_count)
		grow(cache);
	*cache_place(cache, key.high, (uint32_t)key.low) = (struct cache_entry){key.high, (uint32_t)key.low, value + 1};
	cache->used++;
}

void cache_free(struct cache *cache)
{
	free(cache->entries);
	*cache = (struct cache){0};
}
