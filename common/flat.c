#include "common/flat.h"

#include <stdlib.h>

#include "common/folded_lines.h"
#include "common/hash.h"
#include "common/report.h"

enum { FIRST_SLOTS = 1024, WORD = sizeof(uint32_t) };

static void insert_slot(struct flat *flat, uint64_t hash, size_t number)
{
	size_t mask = flat->slot_count - 1, i = hash & mask;
	while (flat->slots[i])
		i = (i + 1) & mask;
	flat->slots[i] = (uint32_t)number + 1;
	flat->tags[i] = (uint32_t)(hash >> 32);
}

static void grow_slots(struct flat *flat)
{
	free(flat->slots);
	free(flat->tags);
	flat->slot_count = flat->slot_count ? flat->slot_count * 2 : FIRST_SLOTS;
	flat->slots = mem_zero(flat->slot_count, sizeof *flat->slots);
	flat->tags = mem_zero(flat->slot_count, sizeof *flat->tags);
	for (size_t i = 0; i < flat->count; i++)
		insert_slot(flat, hash_bytes(flat->stacks[i].names, flat->stacks[i].count * WORD), i);
}

uint32_t flat_stack(struct flat *flat, const uint32_t *names, size_t count)
{
	size_t size = count * WORD;
	if (flat->count * 2 >= flat->slot_count)
		grow_slots(flat);
	uint64_t hash = hash_bytes(names, size);
	size_t mask = flat->slot_count - 1, i = hash & mask;
	for (; flat->slots[i]; i = (i + 1) & mask) {
		const struct flat_stack *known = &flat->stacks[flat->slots[i] - 1];
		if (flat->tags[i] == (uint32_t)(hash >> 32) && known->count == count &&
			(!count || memcmp(known->names, names, size) == 0))
			return flat->slots[i] - 1;
	}
	if (flat->count >= UINT32_MAX - 1 || count > UINT32_MAX)
		die(EXIT_FAILED, "too many different stacks");
	char *copy = arena_bytes(&flat->names, size + WORD - 1);
	copy += -(uintptr_t)copy % WORD;
	if (size)
		memcpy(copy, names, size);
	flat->stacks = mem_grow(flat->stacks, &flat->capacity, flat->count + 1, sizeof *flat->stacks);
	flat->stacks[flat->count] = (struct flat_stack){(const uint32_t *)(void *)copy, (uint32_t)count, 0};
	flat->slots[i] = (uint32_t)flat->count + 1;
	flat->tags[i] = (uint32_t)(hash >> 32);
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

/* The stack as bytes that sort as its text does: the ranks of its names, most significant byte first. */
static struct text ranked(const struct flat_stack *stack, const uint32_t *ranks, struct buffer *out)
{
	buffer_clear(out);
	for (uint32_t i = 0; i < stack->count; i++) {
		uint32_t rank = ranks[2 * (size_t)stack->names[i] + (i + 1 == stack->count)];
		const char bytes[WORD] = {(char)(rank >> 24), (char)(rank >> 16), (char)(rank >> 8), (char)rank};
		buffer_add(out, bytes, WORD);
	}
	return buffer_text(out);
}

static void write_ranked(const struct folded_line *line, const struct ending *endings, struct sink *sink)
{
	const unsigned char *at = (const unsigned char *)line->stack.at, *end = at + line->stack.size;
	for (; at < end; at += WORD) {
		uint32_t rank = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
		const struct ending *ending = &endings[rank];
		sink_write(sink, ending->name.at, ending->name.size);
		sink_char(sink, ending->last ? ' ' : ';');
	}
	if (!line->stack.size)
		sink_char(sink, ' ');
	sink_number(sink, line->count);
	sink_char(sink, '\n');
}

void flat_write(const struct flat *flat, const struct intern *names, struct sink *sink)
{
	struct ending *endings = sort_endings(names);
	uint32_t *ranks = mem_zero((size_t)names->count * 2 + 1, sizeof *ranks);
	struct folded_lines lines = {0};
	struct buffer buffer = {0};
	for (size_t rank = 0; rank < (size_t)names->count * 2; rank++)
		ranks[2 * (size_t)endings[rank].number + endings[rank].last] = (uint32_t)rank;
	for (size_t i = 0; i < flat->count; i++)
		if (flat->stacks[i].weight != 0)
			folded_lines_add_copy(
				&lines, &(struct folded_line){.stack = ranked(&flat->stacks[i], ranks, &buffer),
						.count = flat->stacks[i].weight});
	folded_lines_sort(&lines, 0);
	for (size_t i = 0; i < lines.count; i++) {
		struct folded_line line = folded_lines_get(&lines, i);
		write_ranked(&line, endings, sink);
	}
	folded_lines_free(&lines);
	buffer_free(&buffer);
	free(endings);
	free(ranks);
}

void flat_free(struct flat *flat)
{
	free(flat->stacks);
	free(flat->slots);
	free(flat->tags);
	arena_free(&flat->names);
	*flat = (struct flat){0};
}
