#include "common/flat.h"

#include <endian.h>
#include <stdlib.h>

#include "common/hash.h"
#include "common/report.h"
#include "common/text_sort.h"

enum { FIRST_SLOTS = 1024, WORD = sizeof(uint32_t) };

static void insert_slot(struct flat *flat, struct flat_slot slot)
{
	size_t mask = flat->slot_count - 1, i = slot.hash & mask;
	while (flat->slots[i].number)
		i = (i + 1) & mask;
	flat->slots[i] = slot;
}

static void grow_slots(struct flat *flat)
{
	struct flat_slot *old = flat->slots;
	size_t old_count = flat->slot_count;
	flat->slot_count = old_count ? old_count * 2 : FIRST_SLOTS;
	flat->slots = mem_zero(flat->slot_count, sizeof *flat->slots);
	for (size_t i = 0; i < old_count; i++)
		if (old[i].number)
			insert_slot(flat, old[i]);
	free(old);
}

static uint32_t hash_of(const uint32_t *names, size_t count)
{
	return (uint32_t)(hash_bytes(names, count * WORD) >> 32);
}

void flat_prefetch(const struct flat *flat, const uint32_t *names, size_t count)
{
	if (flat->slot_count)
		__builtin_prefetch(&flat->slots[hash_of(names, count) & (flat->slot_count - 1)]);
}

uint32_t flat_stack(struct flat *flat, const uint32_t *names, size_t count)
{
	size_t size = count * WORD;
	if (flat->count * 2 >= flat->slot_count)
		grow_slots(flat);
	uint32_t hash = hash_of(names, count);
	size_t mask = flat->slot_count - 1, i = hash & mask;
	for (; flat->slots[i].number; i = (i + 1) & mask) {
		if (flat->slots[i].hash != hash)
			continue;
		const struct flat_stack *known = &flat->stacks[flat->slots[i].number - 1];
		if (known->count == count && (!count || memcmp(known->names, names, size) == 0))
			return flat->slots[i].number - 1;
	}
	if (flat->count >= UINT32_MAX - 1 || count > UINT32_MAX / WORD)
		die(EXIT_FAILED, "too many different stacks");
	char *copy = arena_bytes(&flat->names, size + WORD - 1);
	copy += -(uintptr_t)copy % WORD;
	if (size)
		memcpy(copy, names, size);
	flat->stacks = mem_grow(flat->stacks, &flat->capacity, flat->count + 1, sizeof *flat->stacks);
	flat->stacks[flat->count] = (struct flat_stack){(uint32_t *)(void *)copy, (uint32_t)count, 0};
	flat->slots[i] = (struct flat_slot){(uint32_t)flat->count + 1, hash};
	return (uint32_t)flat->count++;
}

/* ---- sorted output ---- */

/* A name at the end of a stack, or with a ";" behind it: both sort differently. */
struct ending {
	struct text name;
	uint32_t number;
	bool last;
};

static int compare_endings(const void *left, const void *right)
{
	const struct ending *a = left, *b = right;
	size_t both = a->name.size < b->name.size ? a->name.size : b->name.size;
	int order = both ? memcmp(a->name.at, b->name.at, both) : 0;
	if (order)
		return order;
	/* What comes behind the common part: a byte, ";", or the end. */
	int after_a = both < a->name.size ? (unsigned char)a->name.at[both] : a->last ? -1 : ';';
	int after_b = both < b->name.size ? (unsigned char)b->name.at[both] : b->last ? -1 : ';';
	return after_a - after_b;
}

/* All names in both forms, in their order. */
static struct ending *sort_endings(const struct intern *names)
{
	struct ending *endings = mem_zero((size_t)names->count * 2 + 1, sizeof *endings);
	for (uint32_t i = 0; i < names->count; i++) {
		endings[2 * (size_t)i] = (struct ending){names->names[i], i, false};
		endings[2 * (size_t)i + 1] = (struct ending){names->names[i], i, true};
	}
	mem_sort(endings, (size_t)names->count * 2, sizeof *endings, compare_endings);
	return endings;
}

/* What is written for each ending, by its rank: the name and what stands behind it. */
struct endings {
	char *bytes; /* SHORT more of them than there are */
	struct text *texts;
	uint32_t *numbers; /* of the names */
};

enum { SHORT = 32 }; /* bytes of nearly all endings */

static struct endings write_endings(const struct ending *endings, size_t count)
{
	size_t size = SHORT;
	for (size_t rank = 0; rank < count; rank++)
		size += endings[rank].name.size + 1;
	struct endings out = {
		mem_zero(size, 1), mem_zero(count + 1, sizeof *out.texts), mem_zero(count + 1, sizeof *out.numbers)};
	char *at = out.bytes;
	for (size_t rank = 0; rank < count; rank++) {
		struct text name = endings[rank].name;
		out.texts[rank] = (struct text){at, name.size + 1};
		out.numbers[rank] = endings[rank].number;
		if (name.size)
			memcpy(at, name.at, name.size);
		at += name.size;
		*at++ = endings[rank].last ? ' ' : ';';
	}
	return out;
}

/* A copy of a known size is faster than one of the size that is needed. */
static inline void write_ending(struct sink *sink, struct text text)
{
	if (text.size <= SHORT && sink->capacity - sink->size >= SHORT) {
		memcpy(sink->at + sink->size, text.at, SHORT);
		sink->size += text.size;
	} else {
		sink_write(sink, text.at, text.size);
	}
}

/* The stacks with a weight, each as bytes that sort as its text does: the ranks of its names, most significant byte
 * first, which stand where the names stood until the stack is written. The number of items is returned. */
static size_t rank_stacks(const struct flat *flat, const uint32_t *ranks, struct sort_item *items)
{
	size_t count = 0;
	for (size_t i = 0; i < flat->count; i++) {
		const struct flat_stack *stack = &flat->stacks[i];
		if (stack->weight == 0)
			continue;
		uint32_t *words = stack->names;
		for (uint32_t k = 0; k < stack->count; k++)
			words[k] = htobe32(ranks[2 * (size_t)words[k] + (k + 1 == stack->count)]);
		items[count++] = (struct sort_item){.at = (char *)words, .size = stack->count * WORD, .number = i};
	}
	return count;
}

static void write_items(const struct flat *flat, const struct sort_item *items, size_t count,
	const struct endings *texts, struct sink *sink)
{
	enum { AHEAD = 8 };
	for (size_t i = 0; i < count; i++) {
		if (i + AHEAD < count) {
			text_prefetch((struct text){items[i + AHEAD].at, items[i + AHEAD].size});
			__builtin_prefetch(&flat->stacks[items[i + AHEAD].number]);
		}
		const struct flat_stack *stack = &flat->stacks[items[i].number];
		for (size_t k = 0; k < stack->count; k++) {
			const struct text *text = &texts->texts[be32toh(stack->names[k])];
			write_ending(sink, *text);
			stack->names[k] = texts->numbers[text - texts->texts];
		}
		if (!stack->count)
			sink_char(sink, ' ');
		sink_number(sink, stack->weight);
		sink_char(sink, '\n');
	}
}

void flat_write(const struct flat *flat, const struct intern *names, struct sink *sink)
{
	struct ending *endings = sort_endings(names);
	struct endings texts = write_endings(endings, (size_t)names->count * 2);
	uint32_t *ranks = mem_zero((size_t)names->count * 2 + 1, sizeof *ranks);
	for (size_t rank = 0; rank < (size_t)names->count * 2; rank++)
		ranks[2 * (size_t)endings[rank].number + endings[rank].last] = (uint32_t)rank;
	free(endings);
	struct sort_item *items = mem_zero(flat->count + 1, sizeof *items);
	size_t count = rank_stacks(flat, ranks, items);
	items_sort(items, count);
	write_items(flat, items, count, &texts, sink);
	free(ranks);
	free(items);
	free(texts.numbers);
	free(texts.texts);
	free(texts.bytes);
}

void flat_free(struct flat *flat)
{
	free(flat->stacks);
	free(flat->slots);
	arena_free(&flat->names);
	*flat = (struct flat){0};
}
