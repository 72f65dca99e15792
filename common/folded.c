#include "common/folded.h"

#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

/* ---- one line ---- */

static bool is_separator(char c)
{
	return c == ' ' || c == '\t';
}

enum { NO_COUNT = SIZE_MAX };

/* The number behind the last blank, of any form; returns where the blank is, or NO_COUNT. */
static size_t find_number(struct text text, double *count)
{
	size_t i = text.size;
	while (i && !is_separator(text.at[i - 1]))
		i--;
	if (!i || !text_number((struct text){text.at + i, text.size - i}, false, count))
		return NO_COUNT;
	return i - 1;
}

/* The same: "stack 12.5" -> 12.5, 5. Nearly all are short and whole. */
static inline size_t find_count(struct text text, double *count)
{
	enum { MOST_DIGITS = 15 }; /* of whole numbers that a double can hold */
	size_t i = text.size, stop = i > MOST_DIGITS ? i - MOST_DIGITS : 0;
	int64_t whole = 0, unit = 1;
	for (; i > stop && text.at[i - 1] >= '0' && text.at[i - 1] <= '9'; i--, unit *= 10)
		whole += (text.at[i - 1] - '0') * unit;
	if (unit == 1 || i == 0 || !is_separator(text.at[i - 1]))
		return find_number(text, count);
	*count = (double)whole;
	return i - 1;
}

struct text folded_trim(struct text stack)
{
	while (stack.size && stack.at[stack.size - 1] == ';')
		stack.size--;
	return stack;
}

bool folded_parse(struct text line, bool pairs, struct folded_line *out)
{
	while (line.size && is_separator(line.at[line.size - 1]))
		line.size--;
	size_t size = find_count(line, &out->count), shorter = NO_COUNT;
	if (size == NO_COUNT)
		return false;
	if (pairs)
		shorter = find_count((struct text){line.at, size}, &out->old);
	out->pair = shorter != NO_COUNT;
	out->stack = folded_trim((struct text){line.at, out->pair ? shorter : size});
	return true;
}

bool folded_is_blank(struct text line)
{
	return text_starts(line, "# ") || text_trim(line).size == 0;
}

enum { LINES_JUDGED = 100 };

enum folded_dialect folded_dialect(struct text start)
{
	const char *at = start.at, *end = start.at + start.size;
	int deep = 0, deep_pairs = 0, flat = 0, flat_pairs = 0;
	struct folded_line parts;
	struct text line;
	while (deep + flat < LINES_JUDGED && next_line(&at, end, &line)) {
		bool cut_off = at == end && end[-1] != '\n' && deep + flat > 0;
		if (cut_off || folded_is_blank(line) || !folded_parse(line, true, &parts))
			continue;
		bool is_deep = parts.stack.size && memchr(parts.stack.at, ';', parts.stack.size);
		deep += is_deep;
		flat += !is_deep;
		deep_pairs += is_deep && parts.pair;
		flat_pairs += !is_deep && parts.pair;
	}
	if (deep + flat == 0)
		return FOLDED_EMPTY;
	return (deep ? deep_pairs * 2 > deep : flat_pairs == flat) ? FOLDED_PAIRS : FOLDED_SINGLE;
}

/* ---- sorted output ---- */

/* What is still to be visited: a node's own line, its subtree, or first the one and then the other. */
enum visit_kind { VISIT_BOTH, VISIT_SELF, VISIT_SUBTREE };
struct visit {
	uint32_t node;
	size_t depth;
	enum visit_kind kind;
};

struct walk {
	const struct stacks *stacks;
	struct stacks_children children;
	struct visit *todo; /* a stack: the next one is last */
	size_t count, capacity;
	uint32_t *path;
	size_t path_capacity;
	struct visit *siblings;
	size_t sibling_count, sibling_capacity;
};

/* qsort has no context argument: the walk that sorts now. */
static const struct stacks *sorted_stacks;

static struct text node_name(const struct stacks *stacks, uint32_t node)
{
	return stacks->names.names[stacks->nodes[node].name];
}

/* A node's own line sorts as its name, the lines of its subtree as its name and ";". */
static int compare_visits(const void *left, const void *right)
{
	const struct visit *a = left, *b = right;
	struct text x = node_name(sorted_stacks, a->node), y = node_name(sorted_stacks, b->node);
	size_t both = x.size < y.size ? x.size : y.size;
	int order = both ? memcmp(x.at, y.at, both) : 0;
	if (order)
		return order;
	int next_x = x.size > both ? (unsigned char)x.at[both] : a->kind == VISIT_SUBTREE ? ';' : -1;
	int next_y = y.size > both ? (unsigned char)y.at[both] : b->kind == VISIT_SUBTREE ? ';' : -1;
	return next_x - next_y;
}

static void add_sibling(struct walk *walk, struct visit visit)
{
	walk->siblings = mem_grow(walk->siblings, &walk->sibling_capacity, walk->sibling_count + 1, sizeof visit);
	walk->siblings[walk->sibling_count++] = visit;
}

/* "foo(int)" has its subtree before foo's, but its own line behind foo's: then both kinds are sorted apart. */
static void sort_apart(struct walk *walk)
{
	size_t count = walk->sibling_count;
	for (size_t i = 0; i < count; i++) {
		struct visit subtree = walk->siblings[i];
		walk->siblings[i].kind = VISIT_SELF;
		subtree.kind = VISIT_SUBTREE;
		add_sibling(walk, subtree);
	}
	sorted_stacks = walk->stacks;
	mem_sort(walk->siblings, walk->sibling_count, sizeof *walk->siblings, compare_visits);
}

static void visit_children(struct walk *walk, uint32_t parent, size_t depth)
{
	bool in_order = true;
	uint32_t only = walk->children.first[parent];
	if (!only)
		return;
	if (!walk->children.next[only]) {
		walk->todo = mem_grow(walk->todo, &walk->capacity, walk->count + 1, sizeof *walk->todo);
		walk->todo[walk->count++] = (struct visit){only, depth, VISIT_BOTH};
		return;
	}
	walk->sibling_count = 0;
	for (uint32_t node = walk->children.first[parent]; node; node = walk->children.next[node]) {
		if (walk->sibling_count &&
			text_compare(node_name(walk->stacks, walk->siblings[walk->sibling_count - 1].node),
				node_name(walk->stacks, node)) > 0)
			in_order = false;
		add_sibling(walk, (struct visit){node, depth, VISIT_BOTH});
	}
	if (!in_order)
		sort_apart(walk);
	walk->todo = mem_grow(walk->todo, &walk->capacity, walk->count + walk->sibling_count, sizeof *walk->todo);
	for (size_t i = walk->sibling_count; i > 0; i--)
		walk->todo[walk->count++] = walk->siblings[i - 1];
}

static bool has_weight(const struct stacks *stacks, uint32_t node)
{
	return stacks->nodes[node].self != 0 || (stacks->old && stacks->old[node] != 0);
}

void folded_each(const struct stacks *stacks,
	void (*each)(const struct stacks *, const uint32_t *path, size_t depth, uint32_t node, void *context),
	void *context)
{
	struct walk walk = {.stacks = stacks, .children = stacks_children(stacks)};
	if (has_weight(stacks, 0))
		each(stacks, NULL, 0, 0, context);
	visit_children(&walk, 0, 1);
	while (walk.count) {
		struct visit visit = walk.todo[--walk.count];
		if (walk.count) { /* comes when this subtree is done */
			__builtin_prefetch(&stacks->nodes[walk.todo[walk.count - 1].node]);
			__builtin_prefetch(&walk.children.first[walk.todo[walk.count - 1].node]);
		}
		walk.path = mem_grow(walk.path, &walk.path_capacity, visit.depth, sizeof *walk.path);
		walk.path[visit.depth - 1] = stacks->nodes[visit.node].name;
		if (visit.kind != VISIT_SUBTREE && has_weight(stacks, visit.node))
			each(stacks, walk.path, visit.depth, visit.node, context);
		if (visit.kind != VISIT_SELF)
			visit_children(&walk, visit.node, visit.depth + 1);
	}
	stacks_children_free(&walk.children);
	free(walk.todo);
	free(walk.siblings);
	free(walk.path);
}

static void write_stack(const struct stacks *stacks, const uint32_t *path, size_t depth, struct sink *sink)
{
	for (size_t i = 0; i < depth; i++) {
		struct text name = stacks->names.names[path[i]];
		if (i)
			sink_char(sink, ';');
		sink_write(sink, name.at, name.size);
	}
}

static void write_line(const struct stacks *stacks, const uint32_t *path, size_t depth, uint32_t node, void *context)
{
	struct sink *sink = context;
	write_stack(stacks, path, depth, sink);
	if (stacks->old) {
		sink_char(sink, ' ');
		sink_number(sink, stacks->old[node]);
	}
	sink_char(sink, ' ');
	sink_number(sink, stacks->nodes[node].self);
	sink_char(sink, '\n');
}

void folded_write(const struct stacks *stacks, struct sink *sink)
{
	if (stacks->whole.count) {
		flat_write(&stacks->whole, &stacks->names, sink);
		return;
	}
	folded_each(stacks, write_line, sink);
}

void folded_write_ordered(const struct stacks *stacks, struct sink *sink)
{
	uint32_t *path = NULL;
	size_t capacity = 0;
	for (size_t i = 0; i < stacks->step_count; i++) {
		size_t depth = 0;
		for (uint32_t node = stacks->steps[i].node; node; node = stacks->nodes[node].parent)
			depth++;
		path = mem_grow(path, &capacity, depth, sizeof *path);
		size_t at = depth;
		for (uint32_t node = stacks->steps[i].node; node; node = stacks->nodes[node].parent)
			path[--at] = stacks->nodes[node].name;
		write_stack(stacks, path, depth, sink);
		sink_char(sink, ' ');
		sink_number(sink, stacks->steps[i].weight);
		sink_char(sink, '\n');
	}
	free(path);
}
