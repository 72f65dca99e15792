#include "common/intern.h"

#include <stdlib.h>
#include <string.h>

#include "common/hash.h"
#include "common/report.h"

static void insert_slot(struct intern *table, uint64_t hash, uint32_t number)
{
	size_t mask = table->slot_count - 1, i = hash & mask;
	while (table->slots[i].number)
		i = (i + 1) & mask;
	table->slots[i] = (struct intern_slot){number + 1, (uint32_t)(hash >> 32)};
}

static void grow_slots(struct intern *table)
{
	free(table->slots);
	table->slot_count = table->slot_count ? table->slot_count * 2 : 64;
	while (table->slot_count <= (size_t)table->count * 2)
		table->slot_count *= 2;
	table->slots = mem_zero(table->slot_count, sizeof *table->slots);
	for (uint32_t i = 0; i < table->count; i++)
		insert_slot(table, hash_bytes(table->names[i].at, table->names[i].size), i);
}

static uint32_t add(struct intern *table, const char *at, size_t size)
{
	if (table->count >= INT32_MAX)
		die(EXIT_FAILED, "too many different frame names (over 2,147,483,647)");
	table->names = mem_grow(table->names, &table->capacity, (size_t)table->count + 1, sizeof *table->names);
	char *copy = arena_bytes(&table->bytes, size + 1); /* not NULL even if the string is empty */
	if (size)
		memcpy(copy, at, size);
	table->names[table->count] = (struct text){copy, size};
	return table->count++;
}

uint32_t intern(struct intern *table, const char *at, size_t size)
{
	if ((size_t)table->count * 2 >= table->slot_count)
		grow_slots(table);
	uint64_t hash = hash_bytes(at, size);
	uint32_t tag = (uint32_t)(hash >> 32);
	size_t mask = table->slot_count - 1, i = hash & mask;
	for (; table->slots[i].number; i = (i + 1) & mask) {
		if (table->slots[i].tag != tag)
			continue;
		struct text name = table->names[table->slots[i].number - 1];
		if (name.size == size && (size == 0 || memcmp(name.at, at, size) == 0))
			return table->slots[i].number - 1;
	}
	uint32_t number = add(table, at, size);
	table->slots[i] = (struct intern_slot){number + 1, tag};
	return number;
}

uint32_t intern_new(struct intern *table, const char *at, size_t size)
{
	return add(table, at, size);
}

void intern_free(struct intern *table)
{
	free(table->names);
	free(table->slots);
	arena_free(&table->bytes);
	*table = (struct intern){0};
}

struct ranked {
	struct text name;
	uint32_t number;
};

/* The byte that decides where one name (with its ';') ends and the other goes on. */
static int compare_with_end(struct text a, struct text b)
{
	size_t both = a.size < b.size ? a.size : b.size;
	int order = both ? memcmp(a.at, b.at, both) : 0;
	if (order || a.size == b.size)
		return order;
	unsigned char next_a = a.size > both ? (unsigned char)a.at[both] : ';';
	unsigned char next_b = b.size > both ? (unsigned char)b.at[both] : ';';
	if (next_a != next_b)
		return next_a < next_b ? -1 : 1;
	return a.size < b.size ? -1 : 1; /* "a" and "a;": cannot come from folded text */
}

static int compare_ranked(const void *a, const void *b)
{
	const struct ranked *left = a, *right = b;
	return compare_with_end(left->name, right->name);
}

uint32_t *intern_ranks(const struct intern *table)
{
	struct ranked *order = mem_zero((size_t)table->count + 1, sizeof *order);
	uint32_t *ranks = mem_zero((size_t)table->count + 1, sizeof *ranks);
	for (uint32_t i = 0; i < table->count; i++)
		order[i] = (struct ranked){table->names[i], i};
	if (table->count > 1)
		mem_sort(order, table->count, sizeof *order, compare_ranked);
	for (uint32_t i = 0; i < table->count; i++)
		ranks[order[i].number] = i;
	free(order);
	return ranks;
}
