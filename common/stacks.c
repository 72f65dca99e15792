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

/* A node right behind its parent is found without the table, and is not in it: most nodes are of stacks that were new
 * as a whole. */
static bool is_behind_parent(const struct stacks *stacks, uint32_t node)
{
	return stacks->nodes[node].parent == node - 1;
}

static void insert_slot(struct stacks *stacks, uint32_t node)
{
	size_t i = slot_of(stacks, stacks->nodes[node].parent, stacks->nodes[node].name);
	while (stacks->slots[i])
		i = (i + 1) & (stacks->slot_count - 1);
	stacks->slots[i] = node;
}

/* Makes the table more than twice as large as need be, and puts the nodes in. */
static void grow_slots(struct stacks *stacks)
{
	free(stacks->slots);
	stacks->slot_count = 1024;
	stacks->slots_used = 0;
	for (uint32_t node = 1; node < stacks->count; node++)
		stacks->slots_used += !is_behind_parent(stacks, node);
	while (stacks->slot_count <= (size_t)stacks->slots_used * 2)
		stacks->slot_count *= 2;
	stacks->slots = mem_zero(stacks->slot_count, sizeof *stacks->slots);
	for (uint32_t node = 1; node < stacks->count; node++)
		if (!is_behind_parent(stacks, node))
			insert_slot(stacks, node);
}

/* Grows the arrays that run beside the nodes. */
static void grow_nodes(struct stacks *stacks)
{
	stacks->nodes = mem_grow(stacks->nodes, &stacks->capacity, (size_t)stacks->count + 1, sizeof *stacks->nodes);
	if (!stacks->old)
		return;
	stacks->old = mem_resize(stacks->old, stacks->capacity, sizeof *stacks->old);
	stacks->compared = mem_resize(stacks->compared, stacks->capacity, sizeof *stacks->compared);
}

static void start(struct stacks *stacks, bool ordered)
{
	*stacks = (struct stacks){.ordered = ordered, .sorted = true};
	grow_nodes(stacks);
	stacks->nodes[0] = (struct stacks_node){0};
	stacks->count = 1;
}

static void release(struct stacks *stacks)
{
	intern_free(&stacks->names);
	free(stacks->nodes);
	free(stacks->slots);
	free(stacks->old);
	free(stacks->compared);
	free(stacks->steps);
	flat_free(&stacks->whole);
}

struct stacks *stacks_new(bool ordered)
{
	struct stacks *stacks = mem_alloc(sizeof *stacks);
	start(stacks, ordered);
	return stacks;
}

void stacks_free(struct stacks *stacks)
{
	if (stacks)
		release(stacks);
	free(stacks);
}

void stacks_clear(struct stacks *stacks)
{
	bool ordered = stacks->ordered;
	release(stacks);
	start(stacks, ordered);
}

static uint32_t add_node(struct stacks *stacks, uint32_t parent, uint32_t name)
{
	if (stacks->count >= UINT32_MAX - 1)
		die(EXIT_FAILED, "too many different stacks (over 4,294,967,294)");
	if (stacks->count == stacks->capacity)
		grow_nodes(stacks);
	stacks->nodes[stacks->count] = (struct stacks_node){parent, name, 0};
	if (stacks->old) {
		stacks->old[stacks->count] = 0;
		stacks->compared[stacks->count] = false;
	}
	return stacks->count++;
}

uint32_t stacks_child(struct stacks *stacks, uint32_t parent, uint32_t name)
{
	uint32_t next = parent + 1;
	if (next == stacks->count) { /* the newest node has no children */
		stacks->sorted = false;
		return add_node(stacks, parent, name);
	}
	if (stacks->nodes[next].parent == parent && stacks->nodes[next].name == name)
		return next;
	if ((size_t)stacks->slots_used * 2 >= stacks->slot_count)
		grow_slots(stacks);
	size_t mask = stacks->slot_count - 1, i = slot_of(stacks, parent, name);
	for (uint32_t node; (node = stacks->slots[i]) != 0; i = (i + 1) & mask)
		if (stacks->nodes[node].parent == parent && stacks->nodes[node].name == name)
			return node;
	stacks->sorted = false;
	stacks->slots_used++;
	return stacks->slots[i] = add_node(stacks, parent, name);
}

uint32_t stacks_new_child(struct stacks *stacks, uint32_t parent, uint32_t name)
{
	return add_node(stacks, parent, name);
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

struct stacks_weights stacks_take_weights(struct stacks *stacks, uint32_t node)
{
	struct stacks_weights weights = {stacks->nodes[node].self, 0, false};
	stacks->nodes[node].self = 0;
	if (stacks->old) {
		weights.old = stacks->old[node];
		weights.compared = stacks->compared[node];
		stacks->old[node] = 0;
	}
	return weights;
}

void stacks_add_weights(struct stacks *stacks, uint32_t node, struct stacks_weights weights)
{
	stacks->nodes[node].self += weights.new;
	if (stacks->old) {
		stacks->old[node] += weights.old;
		stacks->compared[node] |= weights.compared;
	}
}

void stacks_plant(struct stacks *stacks)
{
	for (size_t i = 0; i < stacks->whole.count; i++) {
		const struct flat_stack *stack = &stacks->whole.stacks[i];
		uint32_t node = 0;
		for (uint32_t k = 0; k < stack->count; k++)
			node = stacks_child(stacks, node, stack->names[k]);
		stacks_add(stacks, node, stack->weight);
	}
	flat_free(&stacks->whole);
}

static void merge_whole(struct flat *into, const struct flat *from, const uint32_t *names)
{
	uint32_t *path = NULL;
	size_t capacity = 0;
	for (size_t i = 0; i < from->count; i++) {
		const struct flat_stack *stack = &from->stacks[i];
		path = mem_grow(path, &capacity, (size_t)stack->count + 1, sizeof *path);
		for (uint32_t k = 0; k < stack->count; k++)
			path[k] = names[stack->names[k]];
		uint32_t number = flat_stack(into, path, stack->count);
		into->stacks[number].weight += stack->weight;
	}
	free(path);
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
	merge_whole(&into->whole, &from->whole, names);
	free(names);
	free(nodes);
}

double stacks_total(const struct stacks *stacks)
{
	double total = 0;
	for (uint32_t i = 0; i < stacks->count; i++)
		total += stacks->nodes[i].self;
	for (size_t i = 0; i < stacks->whole.count; i++)
		total += stacks->whole.stacks[i].weight;
	return total;
}

double *stacks_totals(const struct stacks *stacks, const double *own)
{
	double *totals = mem_zero(stacks->count, sizeof *totals);
	for (uint32_t node = stacks->count - 1; node > 0; node--) {
		totals[node] += own ? own[node] : stacks->nodes[node].self;
		totals[stacks->nodes[node].parent] += totals[node];
	}
	totals[0] += own ? own[0] : stacks->nodes[0].self;
	return totals;
}

/* The siblings of one list: by falling weight, then by rank. */
struct sibling {
	double weight;
	uint32_t rank, node;
};

static int compare_siblings(const void *a, const void *b)
{
	const struct sibling *left = a, *right = b;
	if (left->weight != right->weight)
		return left->weight > right->weight ? -1 : 1;
	return left->rank < right->rank ? -1 : left->rank > right->rank;
}

/* Room for one list. */
struct siblings {
	struct sibling *list;
	size_t count, capacity;
};

static void add_sibling(struct siblings *siblings, struct sibling sibling)
{
	siblings->list = mem_grow(siblings->list, &siblings->capacity, siblings->count + 1, sizeof *siblings->list);
	siblings->list[siblings->count++] = sibling;
}

/* Makes the sorted list that of `parent`; empties the room. */
static void link_siblings(struct siblings *siblings, struct stacks_children *children, uint32_t parent)
{
	mem_sort(siblings->list, siblings->count, sizeof *siblings->list, compare_siblings);
	children->first[parent] = siblings->list[0].node;
	for (size_t i = 0; i < siblings->count; i++)
		children->next[siblings->list[i].node] = i + 1 < siblings->count ? siblings->list[i + 1].node : 0;
	siblings->count = 0;
}

static void sort_by_name(const struct stacks *stacks, struct stacks_children *children)
{
	uint32_t *ranks = intern_ranks(&stacks->names), *next = children->next;
	struct siblings siblings = {0};
	for (uint32_t parent = 0; parent < stacks->count; parent++) {
		uint32_t node = children->first[parent];
		while (node && next[node] && ranks[stacks->nodes[node].name] < ranks[stacks->nodes[next[node]].name])
			node = next[node];
		if (!node || !next[node])
			continue; /* they are sorted */
		for (node = children->first[parent]; node; node = next[node])
			add_sibling(&siblings, (struct sibling){0, ranks[stacks->nodes[node].name], node});
		link_siblings(&siblings, children, parent);
	}
	free(siblings.list);
	free(ranks);
}

/* Putting the nodes at the front of their parents' lists, last first, leaves every list in the order in which the nodes
 * were made. */
struct stacks_children stacks_children_as_made(const struct stacks *stacks)
{
	struct stacks_children children = {
		mem_zero(stacks->count, sizeof(uint32_t)), mem_zero(stacks->count, sizeof(uint32_t))};
	for (uint32_t node = stacks->count - 1; node > 0; node--) {
		uint32_t parent = stacks->nodes[node].parent;
		children.next[node] = children.first[parent];
		children.first[parent] = node;
	}
	return children;
}

struct stacks_children stacks_children(const struct stacks *stacks)
{
	struct stacks_children children = stacks_children_as_made(stacks);
	if (!stacks->sorted)
		sort_by_name(stacks, &children);
	return children;
}

struct stacks_children stacks_children_by_total(const struct stacks *stacks, const double *totals)
{
	struct stacks_children children = stacks_children(stacks);
	struct siblings siblings = {0};
	for (uint32_t parent = 0; parent < stacks->count; parent++) {
		uint32_t rank = 0;
		if (!children.next[children.first[parent]])
			continue; /* none, or one */
		for (uint32_t node = children.first[parent]; node; node = children.next[node], rank++) {
			bool gap = stacks->nodes[node].name & STACKS_GAP;
			add_sibling(&siblings, (struct sibling){gap ? -1 : totals[node], rank, node});
		}
		link_siblings(&siblings, &children, parent);
	}
	free(siblings.list);
	return children;
}

void stacks_children_free(struct stacks_children *children)
{
	free(children->first);
	free(children->next);
	*children = (struct stacks_children){0};
}
