#include "render/view/input.h"

#include <stdlib.h>

#include "common/folded.h"
#include "common/mem.h"

/* Unsorted input is read four times as fast if it may be sorted first, which folded_read does if it may leave narrow
 * frames out: just those without any weight then. */
static const double only_weightless = 1e-300;

/* Two counts in each line: then frames without a new weight count, too. */
static bool has_pairs(struct source *source)
{
	enum { LOOKED_AT = 64 * 1024 };
	return folded_dialect(source_peek(source, LOOKED_AT)) == FOLDED_PAIRS;
}

/* A copy without the gaps that stand for what was left out; frees the table. */
static struct stacks *without_gaps(struct stacks *from)
{
	struct stacks *into = stacks_new(false);
	uint32_t *nodes = mem_zero(from->count, sizeof *nodes);
	for (uint32_t node = 0; node < from->count; node++) {
		struct stacks_node at = from->nodes[node];
		if (at.name & STACKS_GAP)
			continue;
		if (node) {
			struct text name = from->names.names[at.name];
			nodes[node] = stacks_child(into, nodes[at.parent], stacks_name(into, name.at, name.size));
		}
		stacks_add(into, nodes[node], at.self);
	}
	free(nodes);
	stacks_free(from);
	return into;
}

struct stacks *input_read(char *const *paths, size_t count, bool *good)
{
	struct stacks *stacks = stacks_new(false);
	struct source *source = source_open(paths, count);
	struct folded_rules rules = {.pairs = true};
	if (count <= 1 && !has_pairs(source))
		rules.prune = only_weightless;
	folded_read(source, stacks, &rules);
	skipped_summary(&rules.skipped, "lines");
	*good &= source_close(source);
	return stacks->gaps ? without_gaps(stacks) : stacks;
}

/* Adds all stacks of `from`, as the old or as the new counts. */
static void add_counts(struct stacks *into, const struct stacks *from, bool old)
{
	uint32_t *nodes = mem_zero(from->count, sizeof *nodes);
	for (uint32_t node = 0; node < from->count; node++) {
		struct stacks_node at = from->nodes[node];
		if (node) {
			struct text name = from->names.names[at.name];
			nodes[node] = stacks_child(into, nodes[at.parent], stacks_name(into, name.at, name.size));
		}
		if (at.self != 0)
			stacks_add_pair(into, nodes[node], old ? at.self : 0, old ? 0 : at.self);
	}
	free(nodes);
}

/* The largest change of one stack, now that both its counts are known. */
static double largest_change(const struct stacks *stacks)
{
	double largest = 0;
	for (uint32_t node = 0; node < stacks->count; node++) {
		double change = stacks->nodes[node].self - stacks->old[node];
		largest = change > largest ? change : -change > largest ? -change : largest;
	}
	return largest;
}

struct stacks *input_compare(struct stacks *before, struct stacks *after)
{
	struct stacks *both = stacks_new(false);
	stacks_add_pair(both, 0, 0, 0);
	add_counts(both, before, true);
	add_counts(both, after, false);
	both->max_delta = largest_change(both);
	stacks_free(before);
	stacks_free(after);
	return both;
}
