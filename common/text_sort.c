#include "common/text_sort.h"

#include <endian.h>
#include <stdlib.h>

#include "common/mem.h"

/* Sorts by eight bytes at a time: those that are compared now stand in the key, so that the texts, which are all over
 * the memory, are looked at once for each eight bytes of their common beginning. Many items are dealt out by one byte
 * of the key after the other (radix sort), fewer ones sorted by whole keys (multikey quicksort). */

/* Items that agree in all bytes before `depth`. */
struct part {
	size_t start, end, depth;
};

/* What a sort knows. */
struct sort {
	struct sort_item *items;
	struct part *parts; /* still to be sorted */
	size_t count, capacity;
	bool heavy; /* light parts are not sorted: */
	const double *weights;
	double least;
	struct light_runs light;
};

enum { FEW = 12, MANY = 32, AHEAD = 24, KEY_BYTES = 8, BYTES = 256 };

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

static void push(struct sort *sort, struct part part)
{
	if (part.end - part.start < 2)
		return;
	sort->parts = mem_grow(sort->parts, &sort->capacity, sort->count + 1, sizeof part);
	sort->parts[sort->count++] = part;
}

/* Items with the same keys are sorted by the next eight bytes. */
static void push_deeper(struct sort *sort, struct part part)
{
	part.depth += KEY_BYTES;
	if (go_deeper(sort->items + part.start, part.end - part.start, part.depth))
		push(sort, part);
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

/* Items of a part by one byte of their keys. */
struct deal {
	unsigned which;
	size_t counts[BYTES], ends[BYTES]; /* ends: in all items */
	double weights[BYTES];             /* heavy only */
};

static void count_bytes(const struct sort *sort, struct part part, struct deal *deal)
{
	size_t at = part.start;
	memset(deal->counts, 0, sizeof deal->counts);
	memset(deal->weights, 0, sort->heavy ? sizeof deal->weights : 0);
	for (const struct sort_item *item = sort->items + part.start; item < sort->items + part.end; item++) {
		unsigned byte = key_byte(item, deal->which);
		deal->counts[byte]++;
		if (sort->heavy)
			deal->weights[byte] +=
				item->number < SORT_ODD ? item->number : sort->weights[item->number - SORT_ODD];
	}
	for (unsigned byte = 0; byte < BYTES; byte++)
		deal->ends[byte] = at += deal->counts[byte];
}

/* Puts every item where those with its byte belong: it takes the place of one that is moved on, in turn. */
static void move_items(struct sort_item *items, const struct deal *deal)
{
	size_t next[BYTES];
	for (unsigned byte = 0; byte < BYTES; byte++)
		next[byte] = deal->ends[byte] - deal->counts[byte];
	for (unsigned byte = 0; byte < BYTES; byte++) {
		while (next[byte] < deal->ends[byte]) {
			struct sort_item item = items[next[byte]];
			for (unsigned home; (home = key_byte(&item, deal->which)) != byte;)
				swap_items(&item, &items[next[home]++]);
			items[next[byte]++] = item;
		}
	}
}

/* Is it sure that no frame which goes on behind the place that was dealt out by weighs enough? If a stack ends there,
 * the one that is followed by a semicolon is the same frame. */
static bool is_light(const struct sort *sort, const struct deal *deal, unsigned byte)
{
	return sort->heavy && byte && deal->weights[byte] < sort->least && !(byte == ';' && deal->counts[0]);
}

static void add_run(struct light_runs *light, struct light_run run)
{
	light->list = mem_grow(light->list, &light->capacity, light->count + 1, sizeof run);
	light->list[light->count++] = run;
}

static void deal_out(struct sort *sort, struct part part)
{
	struct deal deal = {.which = same_bytes(sort->items + part.start, part.end - part.start)};
	if (deal.which == KEY_BYTES) {
		push_deeper(sort, part);
		return;
	}
	count_bytes(sort, part, &deal);
	move_items(sort->items, &deal);
	for (unsigned byte = BYTES; byte-- > 0;) {
		size_t start = deal.ends[byte] - deal.counts[byte];
		if (is_light(sort, &deal, byte)) {
			if (deal.counts[byte])
				add_run(&sort->light, (struct light_run){start, deal.ends[byte],
							      part.depth + deal.which, deal.weights[byte]});
		} else {
			push(sort, (struct part){start, deal.ends[byte], part.depth});
		}
	}
}

static void sort_by_keys(struct sort *sort, struct part part)
{
	size_t low, high;
	split(sort->items + part.start, part.end - part.start, &low, &high);
	push(sort, (struct part){part.start, part.start + low, part.depth});
	push(sort, (struct part){part.start + high, part.end, part.depth});
	push_deeper(sort, (struct part){part.start + low, part.start + high, part.depth});
}

static void run_sort(struct sort *sort, size_t count)
{
	if (count < 2)
		return;
	go_deeper(sort->items, count, 0);
	push(sort, (struct part){0, count, 0});
	while (sort->count) {
		struct part part = sort->parts[--sort->count];
		size_t size = part.end - part.start;
		if (size <= FEW)
			sort_few(sort->items + part.start, size, part.depth);
		else if (size >= MANY)
			deal_out(sort, part);
		else
			sort_by_keys(sort, part);
	}
	free(sort->parts);
}

void items_sort(struct sort_item *items, size_t count)
{
	struct sort sort = {.items = items};
	run_sort(&sort, count);
}

static int compare_runs(const void *a, const void *b)
{
	const struct light_run *left = a, *right = b;
	return left->start < right->start ? -1 : left->start > right->start;
}

struct light_runs items_sort_heavy(struct sort_item *items, size_t count, const double *weights, double least)
{
	struct sort sort = {.items = items, .heavy = true, .weights = weights, .least = least};
	run_sort(&sort, count);
	if (sort.light.count > 1)
		mem_sort(sort.light.list, sort.light.count, sizeof *sort.light.list, compare_runs);
	return sort.light;
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
