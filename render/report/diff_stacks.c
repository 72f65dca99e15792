#include "render/report/diff_stacks.h"

#include <stdlib.h>

#include "common/mem.h"

/* Makes the nodes of `from` in `into`; returns their numbers there, the caller's to free. */
static uint32_t *add_nodes(struct stacks *into, const struct stacks *from)
{
	uint32_t *numbers = mem_zero(from->count, sizeof *numbers);
	for (uint32_t node = 1; node < from->count; node++) {
		struct text name = from->names.names[from->nodes[node].name];
		numbers[node] =
			stacks_child(into, numbers[from->nodes[node].parent], stacks_name(into, name.at, name.size));
	}
	return numbers;
}

struct diff_stacks diff_stacks_of(const struct stacks *now, const struct stacks *old, double scale)
{
	struct diff_stacks diff = {.stacks = stacks_new(false)};
	uint32_t *now_numbers = add_nodes(diff.stacks, now), *old_numbers = add_nodes(diff.stacks, old);
	diff.weights = mem_zero(diff.stacks->count, sizeof *diff.weights);
	for (uint32_t node = 0; node < now->count; node++)
		diff.weights[now_numbers[node]].now += now->nodes[node].self;
	for (uint32_t node = 0; node < old->count; node++)
		diff.weights[old_numbers[node]].old += old->nodes[node].self * scale;
	free(now_numbers);
	free(old_numbers);
	return diff;
}

void diff_stacks_fill(struct diff_stacks *diff, bool turned)
{
	for (uint32_t node = 0; node < diff->stacks->count; node++) {
		struct diff_weights weights = diff->weights[node];
		stacks_take_weights(diff->stacks, node);
		if (weights.now != 0 || weights.old != 0)
			stacks_add_pair(diff->stacks, node, turned ? weights.now : weights.old,
				turned ? weights.old : weights.now);
	}
}

void diff_stacks_free(struct diff_stacks *diff)
{
	stacks_free(diff->stacks);
	free(diff->weights);
	*diff = (struct diff_stacks){0};
}
