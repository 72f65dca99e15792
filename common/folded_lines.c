#include "common/folded_lines.h"

#include <math.h>
#include <stdlib.h>

#include "common/intern.h"
#include "common/report.h"

/* The count as an item's number. */
static uint32_t keep_counts(struct folded_lines *lines, const struct folded_line *line)
{
	if (!line->pair && line->count >= 0 && line->count < SORT_ODD && line->count == (uint32_t)line->count)
		return (uint32_t)line->count;
	size_t place = lines->odd_count;
	lines->odd = mem_grow(lines->odd, &lines->odd_capacity, place + 2, sizeof *lines->odd);
	lines->odd[place] = line->count;
	lines->odd[place + 1] = line->pair ? line->old : NAN;
	lines->odd_count += 2;
	lines->pairs |= line->pair;
	return SORT_ODD + (uint32_t)place;
}

void folded_lines_add(struct folded_lines *lines, const struct folded_line *line)
{
	if (line->stack.size >= UINT32_MAX)
		die(EXIT_FAILED, "a stack is too long to be sorted (over 4,294,967,294 bytes)");
	if (lines->count && !lines->unsorted) {
		const struct sort_item *last = &lines->items[lines->count - 1];
		lines->unsorted = text_compare((struct text){last->at, last->size}, line->stack) > 0;
	}
	lines->items = mem_grow(lines->items, &lines->capacity, lines->count + 1, sizeof *lines->items);
	lines->items[lines->count++] =
		(struct sort_item){0, line->stack.at, (uint32_t)line->stack.size, keep_counts(lines, line)};
	lines->size += sizeof *lines->items;
	lines->sum += line->count;
}

void folded_lines_add_copy(struct folded_lines *lines, const struct folded_line *line)
{
	struct folded_line kept = *line;
	if (kept.stack.size) {
		char *copy = arena_bytes(&lines->bytes, kept.stack.size);
		memcpy(copy, kept.stack.at, kept.stack.size);
		kept.stack.at = copy;
	}
	folded_lines_add(lines, &kept);
	lines->size += kept.stack.size;
}

void folded_lines_sort(struct folded_lines *lines, double share)
{
	if (lines->unsorted && share > 0 && !lines->pairs)
		lines->light = items_sort_heavy(lines->items, lines->count, lines->odd, share * lines->sum);
	else if (lines->unsorted)
		items_sort(lines->items, lines->count);
	lines->unsorted = false;
}

struct folded_line folded_lines_get(const struct folded_lines *lines, size_t i)
{
	const struct sort_item *item = &lines->items[i];
	struct folded_line line = {.stack = {item->at, item->size}, .count = item->number};
	if (item->number < SORT_ODD)
		return line;
	const double *odd = &lines->odd[item->number - SORT_ODD];
	line.count = odd[0];
	line.pair = !isnan(odd[1]);
	line.old = line.pair ? odd[1] : 0;
	return line;
}

/* The frame's bytes from `at` on. */
static struct text rest_of_frame(const struct sort_item *item, size_t at)
{
	const char *start = item->at + at, *stop = memchr(start, ';', item->size - at);
	return (struct text){start, stop ? (size_t)(stop - start) : item->size - at};
}

uint32_t folded_lines_frames(const struct folded_lines *lines, const struct light_run *run)
{
	enum { AHEAD = 8 };
	const struct sort_item *items = lines->items;
	struct intern names = {0};
	if (run->end - run->start == 1 || items[run->start].at[run->shared] == ';')
		return 1;
	for (size_t i = run->start; i < run->end; i++) {
		if (i + AHEAD < run->end)
			__builtin_prefetch(items[i + AHEAD].at + run->shared);
		struct text rest = rest_of_frame(&items[i], run->shared);
		intern(&names, rest.at, rest.size);
	}
	uint32_t count = names.count;
	intern_free(&names);
	return count;
}

void folded_lines_prefetch(const struct folded_lines *lines, size_t i)
{
	if (i < lines->count)
		text_prefetch((struct text){lines->items[i].at, lines->items[i].size});
}

void folded_lines_free(struct folded_lines *lines)
{
	free(lines->items);
	free(lines->odd);
	free(lines->light.list);
	arena_free(&lines->bytes);
	*lines = (struct folded_lines){0};
}
