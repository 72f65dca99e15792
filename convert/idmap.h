/* Numbers that the input gives to its things, to our numbers for them. */
#ifndef CONVERT_IDMAP_H
#define CONVERT_IDMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero is an empty map. Values are kept + 1; 0 is free. */
struct idmap {
	uint32_t *dense; /* by id: ids that are small for their number */
	size_t dense_count;
	struct idmap_entry {
		uint64_t id;
		uint32_t value;
	} * entries;              /* the others: open addressing; entry_count is a power of two */
	size_t entry_count, used; /* used: in both */
};

/* The value of the id, or -1. */
int64_t idmap_find(const struct idmap *map, uint64_t id);
/* The same for an id that was read as a double: -1 if it cannot be one. */
int64_t idmap_find_number(const struct idmap *map, double id);
/* Keeps a value (below 2^32 - 1). False, and nothing changes, if the id has one. */
bool idmap_add(struct idmap *map, uint64_t id, uint32_t value);
/* Empties it. */
void idmap_free(struct idmap *map);

#endif
