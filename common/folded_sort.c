#include "common/folded_sort.h"

#include <endian.h>
#include <math.h>
#include <stdlib.h>

#include "common/report.h"

/* Quicksort by eight bytes at a time (multikey quicksort): the bytes that are compared now stand in the key, so that
 * the texts, which are all over the memory, are looked at once for each eight bytes of their common beginning. */

/* Items that agree in all bytes before `depth`. */
struct part {
	size_t start, end, depth;
};

enum { FEW = 12, AHEAD = 24 };

/* The bytes from `depth` on as a number that sorts as they do; what is behind the end counts as 0. */
static uint64_t load_key(const struct sort_item *item, size_t depth)
{
	uint64_t key = 0;
	if (item->size >= depth + 8) {
		memcpy(&key, item->at + depth, 8);
		return be64toh(key);
	}
	for (size_t i = depth; i < depth + 8; i++)
		key = key << 8 | (i < item->size ? (unsigned char)item->at[i] : 0);
	return key;
}

static void swap_items(struct sort_item *a, struct sort_item *b)
{
	struct sort_item item = *a;
	*a = *b;
	*b = item;
}

/* Both agree in all bytes before `depth`. */
static int compare_items(const struct sort_item *a, const struct sort_item *b, size_t depth)
{
	size_t skip_a = depth < a->size ? depth : a->size, skip_b = depth < b->size ? depth : b->size;
	return text_compare(
		(struct text){a->at + skip_a, a->size - skip_a}, (struct text){b->at + skip_b, b->size - skip_b});
}

static void sort_few(struct sort_item *items, size_t count, size_t depth)
{
	for (size_t i = 0; i < count; i++) {
		__builtin_prefetch(items[i].at + depth);
		__builtin_prefetch(items[i].at + depth + 64);
	}
	for (size_t i = 1; i < count; i++) {
		struct sort_item item = items[i];
		size_t place = i;
		for (; place > 0; place--) {
			const struct sort_item *before = &items[place - 1];
			if (before->key < item.key ||
				(before->key == item.key && compare_items(before, &item, depth) <= 0))
				break;
			items[place] = *before;
		}
		items[place] = item;
	}
}

static uint64_t middle_key(const struct sort_item *items, size_t count)
{
	uint64_t a = items[0].key, b = items[count / 2].key, c = items[count - 1].key;
	if (a < b)
		return b < c ? b : a < c ? c : a;
	return a < c ? a : b < c ? c : b;
}

/* Puts smaller keys first, larger ones last; [*low, *high) are equal to the pivot. */
static void split(struct sort_item *items, size_t count, size_t *low, size_t *high)
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
static bool go_deeper(struct sort_item *items, size_t count, size_t depth)
{
	bool any = false;
	for (size_t i = 0; i < count; i++) {
		if (i + AHEAD < count)
			__builtin_prefetch(items[i + AHEAD].at + depth);
		any |= items[i].size > depth;
		items[i].key = load_key(&items[i], depth);
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

void items_sort(struct sort_item *items, size_t item_count)
{
	struct part *parts = NULL;
	size_t count = 0, capacity = 0, low, high;
	if (item_count < 2)
		return;
	go_deeper(items, item_count, 0);
	push(&parts, &count, &capacity, 0, item_count, 0);
	while (count) {
		struct part part = parts[--count];
		struct sort_item *first = items + part.start;
		if (part.end - part.start <= FEW) {
			sort_few(first, part.end - part.start, part.depth);
			continue;
		}
		split(first, part.end - part.start, &low, &high);
		push(&parts, &count, &capacity, part.start, part.start + low, part.depth);
		push(&parts, &count, &capacity, part.start + high, part.end, part.depth);
		if (go_deeper(first + low, high - low, part.depth + 8))
			push(&parts, &count, &capacity, part.start + low, part.start + high, part.depth + 8);
	}
	free(parts);
}

uint32_t *texts_order(const struct text *texts, size_t count)
{
	struct sort_item *items = mem_zero(count + 1, sizeof *items);
	uint32_t *order = mem_zero(count + 1, sizeof *order);
	bool sorted = true;
	for (size_t i = 0; i < count; i++) {
		items[i] = (struct sort_item){0, texts[i].at, (uint32_t)texts[i].size, (uint32_t)i};
		sorted = sorted && (i == 0 || text_compare(texts[i - 1], texts[i]) <= 0);
	}
	if (!sorted)
		items_sort(items, count);
	for (size_t i = 0; i < count; i++)
		order[i] = items[i].number;
	free(items);
	return order;
}

/* ---- lines ---- */

void folded_lines_add(struct folded_lines *lines, const struct folded_line *line)
{
	size_t number = lines->count;
	if (number >= UINT32_MAX || line->stack.size >= UINT32_MAX)
		die(EXIT_FAILED, "too many lines (over 4,294,967,294) or too long ones to be sorted");
	lines->items = mem_grow(lines->items, &lines->capacity, number + 1, sizeof *lines->items);
	lines->counts = mem_grow(lines->counts, &lines->counts_capacity, number + 1, sizeof *lines->counts);
	char *copy = arena_bytes(&lines->bytes, line->stack.size);
	if (line->stack.size)
		memcpy(copy, line->stack.at, line->stack.size);
	lines->items[number] = (struct sort_item){0, copy, (uint32_t)line->stack.size, (uint32_t)number};
	lines->counts[number] = line->count;
	if (line->pair || lines->olds) {
		size_t first = lines->olds ? number : 0;
		lines->olds = mem_grow(lines->olds, &lines->olds_capacity, number + 1, sizeof *lines->olds);
		for (size_t i = first; i < number; i++)
			lines->olds[i] = NAN;
		lines->olds[number] = line->pair ? line->old : NAN;
	}
	if (number && !lines->unsorted) {
		const struct sort_item *last = &lines->items[number - 1];
		lines->unsorted = text_compare((struct text){last->at, last->size}, line->stack) > 0;
	}
	lines->size += line->stack.size;
	lines->count++;
}

void folded_lines_sort(struct folded_lines *lines)
{
	if (lines->unsorted)
		items_sort(lines->items, lines->count);
	lines->unsorted = false;
}

struct folded_line folded_lines_get(const struct folded_lines *lines, size_t i)
{
	const struct sort_item *item = &lines->items[i];
	double old = lines->olds ? lines->olds[item->number] : NAN;
	return (struct folded_line){.stack = {item->at, item->size},
		.count = lines->counts[item->number],
		.pair = !isnan(old),
		.old = isnan(old) ? 0 : old};
}

void folded_lines_prefetch(const struct folded_lines *lines, size_t i)
{
	if (i >= lines->count)
		return;
	const struct sort_item *item = &lines->items[i];
	text_prefetch((struct text){item->at, item->size});
	__builtin_prefetch(&lines->counts[item->number]);
}

void folded_lines_free(struct folded_lines *lines)
{
	free(lines->items);
	free(lines->counts);
	free(lines->olds);
	arena_free(&lines->bytes);
	*lines = (struct folded_lines){0};
}
