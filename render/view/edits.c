#include "render/view/edits.h"

#include <stdlib.h>

#include "common/mem.h"

static void remove_at(struct edits *edits, size_t at)
{
	free(edits->steps[at].name);
	edits->count--;
	memmove(edits->steps + at, edits->steps + at + 1, (edits->count - at) * sizeof *edits->steps);
}

bool edits_remove(struct edits *edits, enum edit_kind kind)
{
	for (size_t i = edits->count; i > 0; i--)
		if (edits->steps[i - 1].kind == kind) {
			remove_at(edits, i - 1);
			return true;
		}
	return false;
}

void edits_add(struct edits *edits, enum edit_kind kind, struct text name)
{
	size_t at = 0;
	if (kind == EDIT_THREAD)
		edits_remove(edits, kind);
	while (at < edits->count && (kind == EDIT_HIDE || kind == EDIT_ONLY || edits->steps[at].kind < kind))
		at++;
	edits->steps = mem_grow(edits->steps, &edits->capacity, edits->count + 1, sizeof *edits->steps);
	memmove(edits->steps + at + 1, edits->steps + at, (edits->count - at) * sizeof *edits->steps);
	edits->steps[at] = (struct edit_step){kind, mem_alloc(name.size + 1), name.size};
	memcpy(edits->steps[at].name, name.at, name.size);
	edits->count++;
}

const struct edit_step *edits_find(const struct edits *edits, enum edit_kind kind)
{
	for (size_t i = 0; i < edits->count; i++)
		if (edits->steps[i].kind == kind)
			return &edits->steps[i];
	return NULL;
}

struct edits edits_copy(const struct edits *edits)
{
	struct edits copy = {0};
	for (size_t i = 0; i < edits->count; i++)
		edits_add(&copy, edits->steps[i].kind, (struct text){edits->steps[i].name, edits->steps[i].size});
	return copy;
}

void edits_free(struct edits *edits)
{
	for (size_t i = 0; i < edits->count; i++)
		free(edits->steps[i].name);
	free(edits->steps);
	*edits = (struct edits){0};
}

/* ---- copying, node by node: parents come before their children ---- */

enum { DROPPED = UINT32_MAX };

struct copy {
	const struct stacks *from;
	struct stacks *to;
	uint32_t *names; /* number in `to` of each name of `from` */
	uint32_t *nodes; /* number in `to` of each node of `from`, or DROPPED */
};

static struct copy copy_begin(const struct stacks *from)
{
	struct copy copy = {from, stacks_new(false), mem_alloc(((size_t)from->names.count + 1) * sizeof(uint32_t)),
		mem_alloc(from->count * sizeof(uint32_t))};
	for (uint32_t i = 0; i < from->names.count; i++)
		copy.names[i] = stacks_name(copy.to, from->names.names[i].at, from->names.names[i].size);
	return copy;
}

static struct stacks *copy_end(struct copy *copy)
{
	free(copy->names);
	free(copy->nodes);
	return copy->to;
}

static bool has_weight(const struct stacks *stacks, uint32_t node)
{
	return stacks->nodes[node].self != 0 || (stacks->old && stacks->old[node] != 0);
}

static void copy_weight(struct copy *copy, uint32_t node, uint32_t to)
{
	const struct stacks *from = copy->from;
	if (!has_weight(from, node))
		return;
	if (from->old)
		stacks_add_pair(copy->to, to, from->old[node], from->nodes[node].self);
	else
		stacks_add(copy->to, to, from->nodes[node].self);
}

/* Where a node goes: DROPPED, its parent's place, or a child there. `match`: it has the name that the step is about. */
static uint32_t place(struct copy *copy, enum edit_kind kind, uint32_t node, bool match)
{
	uint32_t parent = copy->from->nodes[node].parent, above = copy->nodes[parent];
	if (kind == EDIT_HIDE && match)
		return above;
	if (kind == EDIT_THREAD && parent == 0 && !match)
		return DROPPED;
	if (above == DROPPED && !(kind == EDIT_ONLY && match))
		return DROPPED;
	return stacks_child(copy->to, above == DROPPED ? 0 : above, copy->names[copy->from->nodes[node].name]);
}

static struct stacks *filter(const struct stacks *stacks, const struct edit_step *step)
{
	struct copy copy = copy_begin(stacks);
	uint32_t wanted = stacks_name(copy.to, step->name, step->size);
	copy.nodes[0] = step->kind == EDIT_ONLY ? DROPPED : 0;
	for (uint32_t node = 1; node < stacks->count; node++) {
		bool match = copy.names[stacks->nodes[node].name] == wanted;
		copy.nodes[node] = place(&copy, step->kind, node, match);
		if (copy.nodes[node] != DROPPED)
			copy_weight(&copy, node, copy.nodes[node]);
	}
	if (step->kind == EDIT_HIDE)
		copy_weight(&copy, 0, 0);
	return copy_end(&copy);
}

/* So many frames are turned round at most (a deep recursion would give half the square of its depth), but always LEAST
 * of each stack. */
enum { MOST_TURNED = 1 << 26, LEAST_TURNED = 32 };

static size_t depth_limit(const struct stacks *stacks)
{
	size_t weighted = 1;
	for (uint32_t node = 0; node < stacks->count; node++)
		weighted += has_weight(stacks, node);
	size_t limit = MOST_TURNED / weighted;
	return limit > LEAST_TURNED ? limit : LEAST_TURNED;
}

static struct stacks *turn_round(const struct stacks *stacks, bool *cut)
{
	struct copy copy = copy_begin(stacks);
	size_t limit = depth_limit(stacks);
	for (uint32_t node = 0; node < stacks->count; node++) {
		if (!has_weight(stacks, node))
			continue;
		uint32_t to = 0, up = node;
		for (size_t depth = 0; up && depth < limit; depth++, up = stacks->nodes[up].parent)
			to = stacks_child(copy.to, to, copy.names[stacks->nodes[up].name]);
		*cut |= up != 0;
		copy_weight(&copy, node, to);
	}
	return copy_end(&copy);
}

struct stacks *edits_apply(const struct edits *edits, struct stacks *stacks, bool *cut)
{
	struct stacks *now = stacks;
	*cut = false;
	for (size_t i = 0; i < edits->count; i++) {
		const struct edit_step *step = &edits->steps[i];
		struct stacks *next = step->kind == EDIT_INVERT ? turn_round(now, cut) : filter(now, step);
		if (now != stacks)
			stacks_free(now);
		now = next;
	}
	return now;
}
