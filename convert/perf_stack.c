#include "convert/perf_stack.h"

#include <stdlib.h>

#include "common/mem.h"

enum { LIST_STOPS = 0x80000000u }; /* in a list's number of names: the stack starts here */

uint32_t perf_stack_list(struct perf_stack *stack, struct stacks *stacks, const struct buffer *found, bool stops)
{
	uint32_t place = (uint32_t)stack->list_size, number = 0;
	const char *at = found->at, *end = found->at + found->size;
	stack->list_size++;
	while (found->size && at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		stack->lists =
			mem_grow(stack->lists, &stack->list_capacity, stack->list_size + 1, sizeof *stack->lists);
		stack->lists[stack->list_size++] = stacks_name(stacks, at, (size_t)(stop - at));
		number++;
		at = stop + 1;
	}
	stack->lists = mem_grow(stack->lists, &stack->list_capacity, stack->list_size + 1, sizeof *stack->lists);
	stack->lists[place] = number | (stops ? LIST_STOPS : 0);
	return place;
}

void perf_stack_push(struct perf_stack *stack, uint32_t place)
{
	if (stack->stopped)
		return;
	stack->places = mem_grow(stack->places, &stack->capacity, stack->depth + 1, sizeof *stack->places);
	stack->places[stack->depth++] = place;
	stack->stopped = stack->lists[place] & LIST_STOPS;
}

void perf_stack_forget(struct perf_stack *stack)
{
	struct buffer kept = {0};
	for (size_t i = 0; i < stack->depth; i++) {
		const uint32_t *list = stack->lists + stack->places[i];
		buffer_add(&kept, list, ((*list & ~LIST_STOPS) + 1) * sizeof *list);
	}
	cache_free(&stack->known);
	memcpy(stack->lists, kept.size ? kept.at : "", kept.size);
	stack->list_size = kept.size / sizeof *stack->lists;
	uint32_t place = 0;
	for (size_t i = 0; i < stack->depth; i++) {
		stack->places[i] = place;
		place += (stack->lists[place] & ~LIST_STOPS) + 1;
	}
	buffer_free(&kept);
}

void perf_stack_path(const struct perf_stack *stack, struct frame_list *path)
{
	for (size_t i = stack->depth; i > 0; i--) {
		const uint32_t *list = stack->lists + stack->places[i - 1];
		uint32_t number = *list & ~LIST_STOPS;
		for (uint32_t j = 1; j <= number; j++)
			frame_list_add(path, list[j]);
	}
}

void perf_stack_clear(struct perf_stack *stack)
{
	stack->depth = 0;
	stack->stopped = false;
}

void perf_stack_free(struct perf_stack *stack)
{
	cache_free(&stack->known);
	free(stack->lists);
	free(stack->places);
}
