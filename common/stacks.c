#include "common/stacks.h"

#include <math.h>
#include <stdlib.h>

#include "common/hash.h"
#include "common/mem.h"
#include "common/report.h"

static size_t slot_of(const struct stacks *stacks, uint32_t parent, uint32_t name)
{
	return hash_mix(parent, name) & (stacks->slot_count - 1);
}

static void grow_slots(struct stacks *stacks)
{
	free(stacks->slots);
	stacks->slot_count = stacks->slot_count ? stacks->slot_count * 2 : 1024;
	stacks->slots = mem_zero(stacks->slot_count, sizeof *stacks->slots);
	for (uint32_t node = 1; node < stacks->count; node++) {
		size_t i = slot_of(stacks, stacks->nodes[node].parent, stacks->nodes[node].name);
		while (stacks->slots[i])
			i = (i + 1) & (stacks->slot_count - 1);
		stacks->slots[i] = node;
	}
}

/* Grows the arrays that run beside the nodes. */
static void grow_nodes(struct stacks *stacks)
{
	size_t before = stacks->capacity;
	stacks->nodes = mem_grow(stacks->nodes, &stacks->capacity, (size_t)stacks->count + 1, sizeof *stacks->nodes);
	if (!stacks->old)
		return;
	stacks->old = mem_resize(stacks->old, stacks->capacity, sizeof *stacks->old);
	stacks->compared = mem_resize(stacks->compared, stacks->capacity, sizeof *stacks->compared);
	for (size_t i = before; i < stacks->capacity; i++) {
		stacks->old[i] = 0;
		stacks->compared[i] = false;
	}
}

struct stacks *stacks_new(bool ordered)
{
	struct stacks *stacks = mem_zero(1, sizeof *stacks);
	stacks->ordered = ordered;
	grow_nodes(stacks);
	stacks->nodes[0] = (struct stacks_node){0};
	stacks->count = 1;
	grow_slots(stacks);
	return stacks;
}

void stacks_free(struct stacks *stacks)
{
	if (!stacks)
		return;
	intern_free(&stacks->names);
	free(stacks->nodes);
	free(stacks->slots);
	free(stacks->old);
	free(stacks->compared);
	free(stacks->steps);
	free(stacks);
}

uint32_t stacks_child(struct stacks *stacks, uint32_t parent, uint32_t name)
{
	size_t mask = stacks->slot_count - 1, i = slot_of(stacks, parent, name);
	for (uint32_t node; (node = stacks->slots[i]) != 0; i = (i + 1) & mask)
		if (stacks->nodes[node].parent == parent && stacks->nodes[node].name == name)
			return node;
	if (stacks->count >= UINT32_MAX - 1)
		die(EXIT_FAILED, "more than 4,294,967,294 different stacks");
	if (stacks->count == stacks->capacity)
		grow_nodes(stacks);
	uint32_t node = stacks->count++;
	stacks->nodes[node] = (struct stacks_node){parent, name, 0};
	stacks->slots[i] = node;
	if ((size_t)stacks->count * 2 > stacks->slot_count)
		grow_slots(stacks);
	return node;
}

static void add_step(struct stacks *stacks, uint32_t node, double weight)
{
	if (stacks->step_count && stacks->steps[stacks->step_count - 1].node == node) {
		stacks->steps[stacks->step_count - 1].weight += weight;
		return;
	}
	stacks->steps = mem_grow(stacks->steps, &stacks->step_capacity, stacks->step_count + 1, sizeof *stacks->steps);
	stacks->steps[stacks->step_count++] = (struct stacks_step){node, weight};
}

void stacks_add(struct stacks *stacks, uint32_t node, double weight)
{
	stacks->nodes[node].self += weight;
	if (stacks->ordered)
		add_step(stacks, node, weight);
}

static void begin_pairs(struct stacks *stacks)
{
	if (stacks->old)
		return;
	stacks->old = mem_zero(stacks->capacity, sizeof *stacks->old);
	stacks->compared = mem_zero(stacks->capacity, sizeof *stacks->compared);
}

void stacks_add_pair(struct stacks *stacks, uint32_t node, double old, double new)
{
	begin_pairs(stacks);
	stacks->old[node] += old;
	double delta = fabs(new - old);
	if (delta > stacks->max_delta)
		stacks->max_delta = delta;
	for (uint32_t up = node; up && !stacks->compared[up]; up = stacks->nodes[up].parent)
		stacks->compared[up] = true;
	stacks_add(stacks, node, new);
}

void stacks_merge(struct stacks *into, const struct stacks *from)
{
	uint32_t *names = mem_zero((size_t)from->names.count + 1, sizeof *names);
	for (uint32_t i = 0; i < from->names.count; i++)
		names[i] = stacks_name(into, from->names.names[i].at, from->names.names[i].size);
	uint32_t *nodes = mem_zero(from->count, sizeof *nodes);
	for (uint32_t i = 1; i < from->count; i++)
		nodes[i] = stacks_child(into, nodes[from->nodes[i].parent], names[from->nodes[i].name]);
	for (uint32_t i = 0; i < from->count; i++)
		into->nodes[nodes[i]].self += from->nodes[i].self;
	if (from->old) {
		begin_pairs(into);
		for (uint32_t i = 0; i < from->count; i++) {
			into->old[nodes[i]] += from->old[i];
			into->compared[nodes[i]] |= from->compared[i];
		}
		into->max_delta = fmax(into->max_delta, from->max_delta);
	}
	for (size_t i = 0; into->ordered && i < from->step_count; i++)
		add_step(into, nodes[from->steps[i].node], from->steps[i].weight);
	free(names);
	free(nodes);
}

double stacks_total(const struct stacks *stacks)
{
	double total = 0;
	for (uint32_t i = 0; i < stacks->count; i++)
		total += stacks->nodes[i].self;
	return total;
}

/* All nodes ordered by the rank of their name, largest first: a counting sort. */
static uint32_t *nodes_by_rank(const struct stacks *stacks, const uint32_t *ranks)
{
	uint32_t *starts = mem_zero((size_t)stacks->names.count + 1, sizeof *starts);
	uint32_t *order = mem_zero(stacks->count, sizeof *order);
	uint32_t last = stacks->names.count - 1;
	for (uint32_t node = 1; node < stacks->count; node++)
		starts[last - ranks[stacks->nodes[node].name] + 1]++;
	for (uint32_t i = 0; i < last + 1; i++)
		starts[i + 1] += starts[i];
	for (uint32_t node = 1; node < stacks->count; node++)
		order[starts[last - ranks[stacks->nodes[node].name]]++] = node;
	free(starts);
	return order;
}

/* Putting the nodes at the front of their parents' lists, largest first, leaves every list sorted. */
struct stacks_children stacks_children(const struct stacks *stacks)
{
	struct stacks_children children = {
		mem_zero(stacks->count, sizeof(uint32_t)), mem_zero(stacks->count, sizeof(uint32_t))};
	if (stacks->count == 1)
		return children;
	uint32_t *ranks = intern_ranks(&stacks->names);
	uint32_t *order = nodes_by_rank(stacks, ranks);
	for (uint32_t i = 0; i < stacks->count - 1; i++) {
		uint32_t node = order[i], parent = stacks->nodes[node].parent;
		children.next[node] = children.first[parent];
		children.first[parent] = node;
	}
	free(order);
	free(ranks);
	return children;
}

void stacks_children_free(struct stacks_children *children)
{
	free(children->first);
	free(children->next);
	*children = (struct stacks_children){0};
}
