#include "convert/record_stack.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

enum { LIST_STOPS = 0x80000000u }; /* in a list's number of names: the stack starts here */
enum { LISTS_MOST = 1 << 24 };     /* numbers in them, and what the record needs */

/* Forgets the frame lines that were seen; the record being read keeps its own. */
static void forget(struct record_stack *stack)
{
	struct buffer kept = {0};
	for (size_t i = 0; i < stack->depth; i++) {
		const uint32_t *list = stack->lists + stack->places[i];
		buffer_add(&kept, list, ((*list & ~LIST_STOPS) + 1) * sizeof *list);
	}
	cache_free(&stack->known);
	memcpy(stack->lists, kept.size ? kept.at : "", kept.size);
	stack->list_size = stack->list_kept = kept.size / sizeof *stack->lists;
	uint32_t place = 0;
	for (size_t i = 0; i < stack->depth; i++) {
		stack->places[i] = place;
		place += (stack->lists[place] & ~LIST_STOPS) + 1;
	}
	buffer_free(&kept);
}

/* Keeps the names of a frame line; their place. */
static uint32_t add_list(struct record_stack *stack, struct blocks *blocks, const struct buffer *names, bool stops)
{
	if (cache_is_full(&stack->known) || stack->list_size > LISTS_MOST + 2 * stack->list_kept)
		forget(stack);
	uint32_t place = (uint32_t)stack->list_size, number = 0;
	const char *at = names->at, *end = names->at + names->size;
	stack->list_size++;
	while (names->size && at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		stack->lists =
			mem_grow(stack->lists, &stack->list_capacity, stack->list_size + 1, sizeof *stack->lists);
		stack->lists[stack->list_size++] = blocks_name(blocks, at, (size_t)(stop - at));
		number++;
		at = stop + 1;
	}
	stack->lists = mem_grow(stack->lists, &stack->list_capacity, stack->list_size + 1, sizeof *stack->lists);
	stack->lists[place] = number | (stops ? LIST_STOPS : 0);
	return place;
}

static void push(struct record_stack *stack, uint32_t place)
{
	if (stack->stopped)
		return;
	stack->places = mem_grow(stack->places, &stack->capacity, stack->depth + 1, sizeof *stack->places);
	stack->places[stack->depth++] = place;
	stack->stopped = stack->lists[place] & LIST_STOPS;
}

bool record_stack_known(struct record_stack *stack, struct hash128 key)
{
	int64_t place = cache_find(&stack->known, key);
	if (place >= 0)
		push(stack, (uint32_t)place);
	return place >= 0;
}

void record_stack_new(
	struct record_stack *stack, struct hash128 key, struct blocks *blocks, const struct buffer *names, bool stops)
{
	uint32_t place = add_list(stack, blocks, names, stops);
	cache_add(&stack->known, key, place);
	push(stack, place);
}

void record_stack_push(struct record_stack *stack, struct blocks *blocks, const struct buffer *names, bool stops)
{
	push(stack, add_list(stack, blocks, names, stops));
}

void record_stack_path(const struct record_stack *stack, struct frame_list *path)
{
	for (size_t i = stack->depth; i > 0; i--) {
		const uint32_t *list = stack->lists + stack->places[i - 1];
		uint32_t number = *list & ~LIST_STOPS;
		for (uint32_t j = 1; j <= number; j++)
			frame_list_add(path, list[j]);
	}
}

void record_stack_clear(struct record_stack *stack)
{
	stack->depth = 0;
	stack->stopped = false;
}

void record_stack_free(struct record_stack *stack)
{
	cache_free(&stack->known);
	free(stack->lists);
	free(stack->places);
}
