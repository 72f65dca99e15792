/* common/intern, common/stacks: numbers for names, the tree, its merge and its order. */
#include "common/stacks.h"

#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "common/hash.h"

static uint32_t add(struct stacks *stacks, const char *folded, double weight)
{
	uint32_t node = 0;
	for (const char *at = folded; *at;) {
		size_t size = strcspn(at, ";");
		node = stacks_child(stacks, node, stacks_name(stacks, at, size));
		at += size + (at[size] == ';');
	}
	stacks_add(stacks, node, weight);
	return node;
}

static void check_intern(void)
{
	struct intern table = {0};
	char name[20];
	for (uint32_t round = 0; round < 2; round++)
		for (uint32_t i = 0; i < 10000; i++) {
			int size = snprintf(name, sizeof name, "name %u", i);
			CHECK(intern(&table, name, (size_t)size) == i, "same name, same number");
		}
	CHECK_NUMBER(table.count, 10000, "count");
	CHECK_TEXT(table.names[77].at, table.names[77].size, "name 77", "name by number");
	CHECK(intern(&table, "", 0) == 10000 && intern(&table, "", 0) == 10000, "the empty name");
	CHECK(intern(&table, "a\0b", 3) != intern(&table, "a\0c", 3), "names with NUL");
	intern_free(&table);
}

/* Order of name + ";": '(' and ' ' come before ';', letters behind it. */
static void check_ranks(void)
{
	static const char *const order[] = {"", "foo bar", "foo(int)", "foo", "fooa", "\xff"};
	enum { COUNT = sizeof order / sizeof *order };
	struct intern table = {0};
	for (size_t i = COUNT; i > 0; i--)
		intern(&table, order[i - 1], strlen(order[i - 1]));
	uint32_t *ranks = intern_ranks(&table);
	for (uint32_t i = 0; i < COUNT; i++)
		CHECK_NUMBER(ranks[COUNT - 1 - i], i, order[i]);
	free(ranks);
	intern_free(&table);
}

static void check_tree(void)
{
	struct stacks *stacks = stacks_new(false);
	uint32_t first = add(stacks, "a;b", 2), again = add(stacks, "a;b", 3), other = add(stacks, "b;a", 1);
	CHECK(first == again && first != other, "same stack, same node");
	CHECK_NUMBER(stacks->nodes[first].self, 5, "sum");
	CHECK_NUMBER(stacks->count, 5, "nodes with the root");
	CHECK_NUMBER(stacks_total(stacks), 6, "total");
	for (int i = 0; i < 3000; i++) {
		char name[40];
		snprintf(name, sizeof name, "a;x%d;y", i % 1500);
		add(stacks, name, 1);
	}
	CHECK_NUMBER(stacks->count, 5 + 3000, "nodes after growth");
	struct stacks_children children = stacks_children(stacks);
	uint32_t child = children.first[0];
	CHECK_TEXT(stacks->names.names[stacks->nodes[child].name].at, 1, "a", "siblings in order");
	child = children.next[child];
	CHECK_TEXT(stacks->names.names[stacks->nodes[child].name].at, 1, "b", "siblings in order");
	CHECK(!children.next[child], "the last sibling");
	stacks_children_free(&children);
	stacks_free(stacks);
}

static void check_merge(void)
{
	struct stacks *one = stacks_new(false), *two = stacks_new(false);
	add(one, "x;y", 1);
	add(two, "z", 7);
	add(two, "x;y", 2);
	stacks_add_pair(two, add(two, "x", 0), 4, 9);
	stacks_merge(one, two);
	CHECK_NUMBER(one->nodes[add(one, "x;y", 0)].self, 3, "merged sum");
	CHECK_NUMBER(one->nodes[add(one, "z", 0)].self, 7, "new stack");
	CHECK(one->old && one->old[add(one, "x", 0)] == 4, "old counts are merged");
	CHECK_NUMBER(one->max_delta, 5, "largest delta");
	stacks_free(one);
	stacks_free(two);
}

/* Stacks that were added whole, beside the tree. */
static void check_whole(void)
{
	struct stacks *one = stacks_new(false), *two = stacks_new(false);
	uint32_t path[] = {stacks_name(one, "x", 1), stacks_name(one, "y", 1)};
	uint32_t number = flat_stack(&one->whole, path, 2);
	one->whole.stacks[number].weight += 3;
	CHECK_NUMBER(stacks_total(one), 3, "they count for the total");
	stacks_merge(two, one);
	CHECK_NUMBER(stacks_total(two), 3, "they are merged");
	add(two, "x;y", 2);
	stacks_plant(two);
	CHECK_NUMBER(two->nodes[add(two, "x;y", 0)].self, 5, "they are planted beside what was there");
	CHECK_NUMBER(stacks_total(two), 5, "and are counted once");
	stacks_clear(one);
	CHECK_NUMBER(stacks_total(one), 0, "they are cleared with the rest");
	stacks_free(one);
	stacks_free(two);
}

static void check_steps(void)
{
	struct stacks *stacks = stacks_new(true);
	add(stacks, "t;a", 1);
	add(stacks, "t;a", 2);
	add(stacks, "t;b", 3);
	add(stacks, "t;a", 4);
	CHECK_NUMBER((double)stacks->step_count, 3, "equal neighbours are one step");
	CHECK_NUMBER(stacks->steps[0].weight, 3, "their weights are added");
	CHECK_NUMBER(stacks->steps[2].weight, 4, "last step");
	stacks_free(stacks);
}

static void check_hash(void)
{
	char bytes[100] = {0};
	for (size_t size = 0; size < sizeof bytes; size++)
		for (size_t i = 0; i < size; i++) {
			uint64_t before = hash_bytes(bytes, size);
			struct hash128 wide = hash_bytes128(bytes, size);
			bytes[i] ^= 1;
			struct hash128 after = hash_bytes128(bytes, size);
			CHECK(before != hash_bytes(bytes, size), "each byte counts");
			CHECK(wide.low != after.low && wide.high != after.high, "each byte counts in both lanes");
			bytes[i] ^= 1;
		}
	CHECK(hash_bytes(bytes, 5) != hash_bytes(bytes, 6), "the length counts");
}

/* Whether stacks_child finds each node again, and makes none. */
static bool finds_all(struct stacks *stacks)
{
	uint32_t count = stacks->count;
	for (uint32_t node = 1; node < count; node++)
		if (stacks_child(stacks, stacks->nodes[node].parent, stacks->nodes[node].name) != node)
			return false;
	return stacks->count == count;
}

/* Nodes that stand behind their parent and those that do not, in all orders. */
static void check_children(void)
{
	enum { NAMES = 5, DEPTH = 8, STACKS = 20000 };
	struct stacks *stacks = stacks_new(false), *sorted = stacks_new(false);
	uint32_t state = 1;
	for (int i = 0; i < STACKS; i++)
		for (uint32_t node = 0, depth = 0; depth < DEPTH; depth++) {
			state = state * 1664525 + 1013904223;
			node = stacks_child(stacks, node, (state >> 16) % NAMES);
		}
	CHECK(finds_all(stacks), "random stacks");
	for (uint32_t name = 0; name < 3000; name++)
		stacks_new_child(sorted, name % 2 ? name : 0, name);
	CHECK(finds_all(sorted), "children that were made without looking");
	stacks_free(stacks);
	stacks_free(sorted);
}

int main(void)
{
	check_intern();
	check_ranks();
	check_tree();
	check_merge();
	check_whole();
	check_steps();
	check_hash();
	check_children();
	return check_end();
}
