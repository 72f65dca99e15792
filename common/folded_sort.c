#include "common/folded_sort.h"

#include <stdlib.h>

/* Quicksort by eight bytes at a time (multikey quicksort): the bytes that are compared now stand in the key, so that
 * the texts, which are all over the memory, are looked at once for each eight bytes of their common beginning. */
struct item {
	uint64_t key;
	uint32_t number;
};

/* Items that agree in all bytes before `depth`. */
struct part {
	size_t start, end, depth;
};

enum { FEW = 12 };

void folded_lines_add(struct folded_lines *lines, const struct folded_line *line)
{
	lines->lines = mem_grow(lines->lines, &lines->capacity, lines->count + 1, sizeof *lines->lines);
	struct folded_line *copy = &lines->lines[lines->count];
	char *bytes = arena_bytes(&lines->bytes, line->stack.size);
	if (line->stack.size)
		memcpy(bytes, line->stack.at, line->stack.size);
	*copy = *line;
	copy->stack.at = bytes;
	if (lines->count && !lines->unsorted)
		lines->unsorted = text_compare(copy[-1].stack, copy->stack) > 0;
	lines->size += line->stack.size;
	lines->count++;
}

/* The bytes from `depth` on as a number that sorts as they do; what is behind the end counts as 0. */
static uint64_t load_key(struct text stack, size_t depth)
{
	unsigned char bytes[8] = {0};
	if (stack.size > depth)
		memcpy(bytes, stack.at + depth, stack.size - depth < 8 ? stack.size - depth : 8);
	uint64_t key = 0;
	for (int i = 0; i < 8; i++)
		key = key << 8 | bytes[i];
	return key;
}

static void swap_items(struct item *a, struct item *b)
{
	struct item item = *a;
	*a = *b;
	*b = item;
}

static void sort_few(const struct folded_lines *lines, struct item *items, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct item item = items[i];
		size_t place = i;
		for (; place > 0; place--) {
			const struct item *before = &items[place - 1];
			if (before->key < item.key ||
				(before->key == item.key && text_compare(lines->lines[before->number].stack,
								    lines->lines[item.number].stack) <= 0))
				break;
			items[place] = *before;
		}
		items[place] = item;
	}
}

static uint64_t middle_key(const struct item *items, size_t count)
{
	uint64_t a = items[0].key, b = items[count / 2].key, c = items[count - 1].key;
	if (a < b)
		return b < c ? b : a < c ? c : a;
	return a < c ? a : b < c ? c : b;
}

/* Puts smaller keys first, larger ones last; [*low, *high) are equal to the pivot. */
static void split(struct item *items, size_t count, size_t *low, size_t *high)
{
	uint64_t pivot = middle_key(items, count);
	size_t at = 0;
	*low = 0;
	*high = count;
	while (at < *high) {
		if (items[at].key < pivot)
			swap_items(&items[at++], &items[(*low)++]);
		else if (items[at].key > pivot)
			swap_items(&items[at], &items[--*high]);
		else
			at++;
	}
}

/* Takes the next eight bytes as keys; false if no stack has any. */
static bool go_deeper(const struct folded_lines *lines, struct item *items, size_t count, size_t depth)
{
	bool any = false;
	for (size_t i = 0; i < count; i++) {
		struct text stack = lines->lines[items[i].number].stack;
		any |= stack.size > depth;
		items[i].key = load_key(stack, depth);
	}
	return any;
}

static void push(struct part **parts, size_t *count, size_t *capacity, size_t start, size_t end, size_t depth)
{
	if (end - start < 2)
		return;
	*parts = mem_grow(*parts, capacity, *count + 1, sizeof **parts);
	(*parts)[(*count)++] = (struct part){start, end, depth};
}

static void sort_items(const struct folded_lines *lines, struct item *items)
{
	struct part *parts = NULL;
	size_t count = 0, capacity = 0, low, high;
	go_deeper(lines, items, lines->count, 0);
	push(&parts, &count, &capacity, 0, lines->count, 0);
	while (count) {
		struct part part = parts[--count];
		struct item *first = items + part.start;
		if (part.end - part.start <= FEW) {
			sort_few(lines, first, part.end - part.start);
			continue;
		}
		split(first, part.end - part.start, &low, &high);
		push(&parts, &count, &capacity, part.start, part.start + low, part.depth);
		push(&parts, &count, &capacity, part.start + high, part.end, part.depth);
		if (go_deeper(lines, first + low, high - low, part.depth + 8))
			push(&parts, &count, &capacity, part.start + low, part.start + high, part.depth + 8);
	}
	free(parts);
}

void folded_lines_sort(struct folded_lines *lines)
{
	if (!lines->unsorted)
		return;
	struct item *items = mem_zero(lines->count, sizeof *items);
	struct folded_line *sorted = mem_zero(lines->count, sizeof *sorted);
	for (size_t i = 0; i < lines->count; i++)
		items[i].number = (uint32_t)i;
	sort_items(lines, items);
	for (size_t i = 0; i < lines->count; i++)
		sorted[i] = lines->lines[items[i].number];
	free(items);
	free(lines->lines);
	lines->lines = sorted;
	lines->unsorted = false;
}

void folded_lines_free(struct folded_lines *lines)
{
	free(lines->lines);
	arena_free(&lines->bytes);
	*lines = (struct folded_lines){0};
}
