/* Inclusive weights, beside sums made stack by stack. */
#include "render/inclusive.h"

#include <stdlib.h>

#include "common/mem.h"
#include "tests/unit/check.h"

enum { NODES = 300, GROUPS = 7, ROUNDS = 50 };

static unsigned state = 1;

static unsigned roll(unsigned sides)
{
	state = state * 1103515245 + 12345;
	return (state >> 16) % sides;
}

/* A tree of few names: the same group stands in many stacks more than once. */
static struct stacks *random_stacks(void)
{
	struct stacks *stacks = stacks_new(false);
	for (int i = 0; i < NODES; i++) {
		char name = (char)('a' + roll(GROUPS + 1));
		uint32_t parent = roll(stacks->count),
			 node = stacks_child(stacks, parent, stacks_name(stacks, &name, 1));
		stacks_add(stacks, node, roll(4));
	}
	return stacks;
}

static bool met_below(const struct stacks *stacks, const uint32_t *group_of, uint32_t node)
{
	for (uint32_t at = stacks->nodes[node].parent; at; at = stacks->nodes[at].parent)
		if (group_of[at] == group_of[node])
			return true;
	return false;
}

static double weight_by_stacks(const struct stacks *stacks, const uint32_t *group_of, uint32_t group)
{
	double sum = 0;
	for (uint32_t end = 1; end < stacks->count; end++)
		for (uint32_t at = end; at; at = stacks->nodes[at].parent)
			if (group_of[at] == group && !met_below(stacks, group_of, at))
				sum += stacks->nodes[end].self;
	return sum;
}

static void check_round(void)
{
	struct stacks *stacks = random_stacks();
	uint32_t *group_of = mem_alloc(stacks->count * sizeof *group_of);
	group_of[0] = NO_GROUP;
	for (uint32_t node = 1; node < stacks->count; node++) {
		char name = *stacks->names.names[stacks->nodes[node].name].at;
		group_of[node] = name == 'a' + GROUPS ? NO_GROUP : (uint32_t)(name - 'a');
	}
	double *weights = inclusive_weights(stacks, group_of, GROUPS);
	for (uint32_t group = 0; group < GROUPS; group++)
		CHECK(weights[group] == weight_by_stacks(stacks, group_of, group), "a group's stacks count once");
	free(weights);
	free(group_of);
	stacks_free(stacks);
}

int main(void)
{
	struct stacks *empty = stacks_new(false);
	uint32_t none = NO_GROUP;
	free(inclusive_weights(empty, &none, 0));
	stacks_free(empty);
	for (int i = 0; i < ROUNDS; i++)
		check_round();
	return check_end();
}
