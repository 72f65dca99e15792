#include "convert/idmap.h"

#include <stdlib.h>
#include <string.h>

#include "common/hash.h"
#include "common/mem.h"

/* An id below DENSE_SPREAD times the number of ids stands in the array: it takes no more memory than the table. */
enum { FIRST_SIZE = 256, DENSE_SPREAD = 16 };

/* Ids mostly count up: eight neighbours stand beside each other, in one or two cache lines. */
static struct idmap_entry *place_of(const struct idmap *map, uint64_t id)
{
	size_t mask = map->entry_count - 1;
	for (size_t at = (hash_mix(id / 8, 0) * 8 + id % 8) & mask;; at = (at + 1) & mask)
		if (!map->entries[at].value || map->entries[at].id == id)
			return &map->entries[at];
}

static void grow_table(struct idmap *map)
{
	struct idmap_entry *old = map->entries;
	size_t old_count = map->entry_count;
	map->entry_count = old_count ? old_count * 2 : FIRST_SIZE;
	map->entries = mem_zero(map->entry_count, sizeof *map->entries);
	for (size_t i = 0; i < old_count; i++)
		if (old[i].value)
			*place_of(map, old[i].id) = old[i];
	free(old);
}

static void grow_dense(struct idmap *map, uint64_t id)
{
	size_t old_count = map->dense_count;
	map->dense = mem_grow(map->dense, &map->dense_count, (size_t)id + 1, sizeof *map->dense);
	memset(map->dense + old_count, 0, (map->dense_count - old_count) * sizeof *map->dense);
}

int64_t idmap_find(const struct idmap *map, uint64_t id)
{
	if (id < map->dense_count && map->dense[id])
		return (int64_t)map->dense[id] - 1;
	return map->entry_count ? (int64_t)place_of(map, id)->value - 1 : -1;
}

int64_t idmap_find_number(const struct idmap *map, double id)
{
	return id >= 0 && id < 0x1p63 ? idmap_find(map, (uint64_t)id) : -1;
}

bool idmap_add(struct idmap *map, uint64_t id, uint32_t value)
{
	if (idmap_find(map, id) >= 0)
		return false;
	if (id >= map->dense_count && id / DENSE_SPREAD <= map->used)
		grow_dense(map, id);
	if (id < map->dense_count) {
		map->dense[id] = value + 1;
	} else {
		if (map->used * 2 >= map->entry_count)
			grow_table(map);
		*place_of(map, id) = (struct idmap_entry){id, value + 1};
	}
	map->used++;
	return true;
}

void idmap_free(struct idmap *map)
{
	free(map->dense);
	free(map->entries);
	*map = (struct idmap){0};
}
