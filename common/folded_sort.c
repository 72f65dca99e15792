#include "common/folded_sort.h"

#include <endian.h>
#include <stdlib.h>

#include "common/report.h"

/* Sorts by eight bytes at a time: those that are compared now stand in the key, so that the texts, which are all over
 * the memory, are looked at once for each eight bytes of their common beginning. Many items are dealt out by one byte
 * of the key after the other (radix sort), fewer ones sorted by whole keys (multikey quicksort). */

/* Items that agree in all bytes before `depth`. */
struct part {
	size_t start, end, depth;
};

enum { FEW = 12, MANY = 500, AHEAD = 24, KEY_BYTES = 8, BYTES = 256 };

/* The bytes from `depth` on as a number that sorts as they do; what is behind the end counts as 0. */
static uint64_t load_key(const struct sort_item *item, size_t depth)
{
	uint64_t key = 0;
	if (item->size >= depth + KEY_BYTES) {
		memcpy(&key, item->at + depth, KEY_BYTES);
		return be64toh(key);
	}
	for (size_t i = depth; i < depth + KEY_BYTES; i++)
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

/* The parts that are still to be sorted. */
struct parts {
	struct part *list;
	size_t count, capacity;
};

static void push(struct parts *parts, struct part part)
{
	if (part.end - part.start < 2)
		return;
	parts->list = mem_grow(parts->list, &parts->capacity, parts->count + 1, sizeof part);
	parts->list[parts->count++] = part;
}

/* Items with the same keys are sorted by the next eight bytes. */
static void push_deeper(struct parts *parts, struct sort_item *items, struct part part)
{
	part.depth += KEY_BYTES;
	if (go_deeper(items + part.start, part.end - part.start, part.depth))
		push(parts, part);
}

static unsigned key_byte(const struct sort_item *item, unsigned which)
{
	return item->key >> (KEY_BYTES - 1 - which) * 8 & 0xFF;
}

/* How many bytes all keys begin with. */
static unsigned same_bytes(const struct sort_item *items, size_t count)
{
	uint64_t differs = 0;
	for (size_t i = 1; i < count; i++)
		differs |= items[i].key ^ items[0].key;
	return differs ? (unsigned)__builtin_clzll(differs) / 8 : KEY_BYTES;
}

/* Puts every item where those with its byte belong: it takes the place of one that is moved on, in turn. */
static void deal_out(struct parts *parts, struct sort_item *items, struct part part)
{
	size_t next[BYTES], ends[BYTES], counts[BYTES] = {0}, at = part.start;
	unsigned same = same_bytes(items + part.start, part.end - part.start);
	if (same == KEY_BYTES) {
		push_deeper(parts, items, part);
		return;
	}
	for (size_t i = part.start; i < part.end; i++)
		counts[key_byte(&items[i], same)]++;
	for (unsigned byte = 0; byte < BYTES; byte++) {
		next[byte] = at;
		ends[byte] = at += counts[byte];
	}
	for (unsigned byte = 0; byte < BYTES; byte++) {
		while (next[byte] < ends[byte]) {
			struct sort_item item = items[next[byte]];
			for (unsigned home; (home = key_byte(&item, same)) != byte;)
				swap_items(&item, &items[next[home]++]);
			items[next[byte]++] = item;
		}
		push(parts, (struct part){ends[byte] - counts[byte], ends[byte], part.depth});
	}
}

static void sort_by_keys(struct parts *parts, struct sort_item *items, struct part part)
{
	size_t low, high;
	split(items + part.start, part.end - part.start, &low, &high);
	push(parts, (struct part){part.start, part.start + low, part.depth});
	push(parts, (struct part){part.start + high, part.end, part.depth});
	push_deeper(parts, items, (struct part){part.start + low, part.start + high, part.depth});
}

void items_sort(struct sort_item *items, size_t count)
{
	struct parts parts = {0};
	if (count < 2)
		return;
	go_deeper(items, count, 0);
	push(&parts, (struct part){0, count, 0});
	while (parts.count) {
		struct part part = parts.list[--parts.count];
		if (part.end - part.start <= FEW)
			sort_few(items + part.start, part.end - part.start, part.depth);
		else if (part.end - part.start >= MANY)
			deal_out(&parts, items, part);
		else
			sort_by_keys(&parts, items, part);
	}
	free(parts.list);
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
	const double counts[] = {line->old, line->count};
	size_t size = line->stack.size, number = line->pair ? 2 : 1, counts_size = number * sizeof *counts;
	if (size >= UINT32_MAX)
		die(EXIT_FAILED, "a stack is too long to be sorted (over 4,294,967,294 bytes)");
	char *copy = arena_bytes(&lines->bytes, counts_size + size);
	memcpy(copy, counts + 2 - number, counts_size);
	copy += counts_size;
	if (size)
		memcpy(copy, line->stack.at, size);
	if (lines->count && !lines->unsorted) {
		const struct sort_item *last = &lines->items[lines->count - 1];
		lines->unsorted = text_compare((struct text){last->at, last->size}, line->stack) > 0;
	}
	lines->items = mem_grow(lines->items, &lines->capacity, lines->count + 1, sizeof *lines->items);
	lines->items[lines->count++] = (struct sort_item){0, copy, (uint32_t)size, (uint32_t)number};
	lines->size += size;
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
	struct folded_line line = {.stack = {item->at, item->size}, .pair = item->number == 2};
	memcpy(&line.count, item->at - sizeof line.count, sizeof line.count);
	if (line.pair)
		memcpy(&line.old, item->at - 2 * sizeof line.old, sizeof line.old);
	return line;
}

void folded_lines_prefetch(const struct folded_lines *lines, size_t i)
{
	if (i < lines->count)
		text_prefetch((struct text){lines->items[i].at, lines->items[i].size});
}

void folded_lines_free(struct folded_lines *lines)
{
	free(lines->items);
	arena_free(&lines->bytes);
	*lines = (struct folded_lines){0};
}
