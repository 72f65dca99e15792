#include "convert/idmap.h"

#include <stdlib.h>

#include "common/hash.h"
#include "common/mem.h"

enum { FIRST_SIZE = 256 };

/* Ids mostly count up: eight neighbours stand beside each other, in one or two cache lines. */
static struct idmap_entry *place_of(const struct idmap *map, uint64_t id)
{
	size_t mask = map->entry_count - 1;
	for (size_t at = (hash_mix(id / 8, 0) * 8 + id % 8) & mask;; at = (at + 1) & mask)
		if (!map->entries[at].value || map->entries[at].id == id)
			return &map->entries[at];
}

static void grow(struct idmap *map)
{
	struct idmap old = *map;
	map->entry_count = old.entry_count ? old.entry_count * 2 : FIRST_SIZE;
	map->entries = mem_zero(map->entry_count, sizeof *map->entries);
	for (size_t i = 0; i < old.entry_count; i++)
		if (old.entries[i].value)
			*place_of(map, old.entries[i].id) = old.entries[i];
	free(old.entries);
}

int64_t idmap_find(const struct idmap *map, uint64_t id)
{
	return map->entry_count ? (int64_t)place_of(map, id)->value - 1 : -1;
}

int64_t idmap_find_number(const struct idmap *map, double id)
{
	return id >= 0 && id < 0x1p63 ? idmap_find(map, (uint64_t)id) : -1;
}

bool idmap_add(struct idmap *map, uint64_t id, uint32_t value)
{
	if (map->used * 2 >= map->entry_count)
		grow(map);
	struct idmap_entry *entry = place_of(map, id);
	if (entry->value)
		return false;
	*entry = (struct idmap_entry){id, value + 1};
	map->used++;
	return true;
}

void idmap_free(struct idmap *map)
{
	free(map->entries);
	*map = (struct idmap){0};
}
