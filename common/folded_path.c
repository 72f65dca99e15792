#include "common/folded_path.h"

#include <endian.h>
#include <stdlib.h>

#include "common/mem.h"

/* Sorted text is read without looking anything up: what a stack shares with the one before is known from comparing the
 * two, and the frames behind that are new, made in the order of stacks_children. Frames that were together in all
 * stacks so far are one chain, whose text nobody looks at: when the next stack does not have them, they become nodes if
 * they are wide enough not to be dropped. The one exception to the order are siblings such as "f1" and "f12": sorted
 * text has "f1 5", "f12 3", "f1;x 2", but the subtree of f1 stands behind that of f12. So such a leaf is set aside
 * until the last of those is through. From the first stack on that does not sort behind its predecessor, frames are
 * looked up in the table. */

/* Frames of the last stack that follow each other, with one weight; the first chain is the root. Unsorted: one frame.
 */
struct folded_chain {
	size_t behind; /* where the frames begin that come after it; its own begin behind the chain before it */
	uint32_t node; /* of its last frame; the others have the numbers before that */
	/* sorted: the nodes get their names when the chain is complete; */
	uint32_t narrow;  /* children of its last frame that were dropped, which the table has not yet */
	double start;     /* sum of all weights before its own */
	double self, gap; /* weight of the stacks that end here, of those children, that the table has not yet */
};

enum { NO_NODE = UINT32_MAX };

/* A leaf set aside; its parent is the end of a chain on the path. */
struct folded_aside {
	size_t begin; /* where it stands in the text: behind its parent */
	uint32_t name;
	struct stacks_weights weights;
};

/* Eight bytes as a number whose lowest byte is the first. */
static uint64_t load8(const char *at)
{
	uint64_t word;
	memcpy(&word, at, sizeof word);
	return le64toh(word);
}

/* How many of `size` bytes are the same. */
static size_t common_prefix(const char *a, const char *b, size_t size)
{
	enum { BLOCK = 32 };
	size_t i = 0;
	while (i + BLOCK <= size && memcmp(a + i, b + i, BLOCK) == 0)
		i += BLOCK;
	for (; i + 8 <= size; i += 8) {
		uint64_t differs = load8(a + i) ^ load8(b + i);
		if (differs)
			return i + (size_t)__builtin_ctzll(differs) / 8;
	}
	while (i < size && a[i] == b[i])
		i++;
	return i;
}

static const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;

/* The highest bit of each byte that is a semicolon. */
static uint64_t semicolons(uint64_t word)
{
	uint64_t zeroes = word ^ ones * ';';
	return ~(((zeroes & ~highs) + ~highs) | zeroes) & highs;
}

/* Where the frame that begins at `at` ends: at the next semicolon or the end of the stack. */
static size_t frame_end(struct text stack, size_t at)
{
	for (; at + 8 <= stack.size; at += 8) {
		uint64_t found = semicolons(load8(stack.at + at));
		if (found)
			return at + (size_t)__builtin_ctzll(found) / 8;
	}
	while (at < stack.size && stack.at[at] != ';')
		at++;
	return at;
}

/* A vector register; compilers make instructions of any machine of what is done to it. */
typedef uint8_t lanes __attribute__((vector_size(16)));
enum { LANES = sizeof(lanes) };

static lanes load_lanes(const void *at)
{
	lanes bytes;
	memcpy(&bytes, at, sizeof bytes);
	return bytes;
}

/* 1 for each byte that is a semicolon. */
static lanes semicolon_lanes(const char *at)
{
	const lanes semicolon = (lanes){0} + ';';
	return (lanes)(load_lanes(at) == semicolon) & 1;
}

/* At most 15 in each. */
static size_t sum_lanes(lanes counts)
{
	uint64_t halves[2];
	memcpy(halves, &counts, sizeof halves);
	return (halves[0] + halves[1]) * ones >> 56;
}

/* The frames between two places of a stack: from the start of one to the end of another. */
static size_t count_frames(const char *stack, size_t begin, size_t end)
{
	static const uint8_t masks[2 * LANES] = {[LANES] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
	size_t frames = 1, rest = (end - begin) % LANES;
	lanes found = {0};
	if (begin + rest >= LANES) { /* the rest, and bytes before it that are not counted */
		found = semicolon_lanes(stack + begin + rest - LANES) & load_lanes(masks + rest);
		begin += rest;
	}
	for (; end - begin >= LANES; begin += LANES) {
		found += semicolon_lanes(stack + begin);
		if ((end - begin) / LANES % 8 == 0) {
			frames += sum_lanes(found);
			found = (lanes){0};
		}
	}
	frames += sum_lanes(found);
	for (; begin < end; begin++)
		frames += stack[begin] == ';';
	return frames;
}

static bool is_end(struct text stack, size_t at)
{
	return at == stack.size || stack.at[at] == ';';
}

/* Behind the last semicolon before a place; 0 if there is none. */
static size_t behind_semicolon(const char *stack, size_t at)
{
	for (; at >= 8; at -= 8) {
		uint64_t found = semicolons(load8(stack + at - 8));
		if (found)
			return at - (size_t)__builtin_clzll(found) / 8;
	}
	while (at && stack[at - 1] != ';')
		at--;
	return at;
}

/* Behind the frames that both stacks begin with, if they begin with so many common bytes. */
static size_t behind_shared(struct text last, struct text stack, size_t common)
{
	if (common && is_end(last, common) && is_end(stack, common))
		return common + 1;
	return behind_semicolon(stack.at, common);
}

static bool sorts_behind(struct text stack, struct text last, size_t common)
{
	if (common == stack.size || common == last.size)
		return common == last.size;
	return (unsigned char)stack.at[common] > (unsigned char)last.at[common];
}

static void push_chain(struct folded_path *path, size_t behind, uint32_t node, double start)
{
	if (++path->top == path->chains + path->capacity) {
		size_t depth = path->capacity;
		path->chains = mem_grow(path->chains, &path->capacity, depth + 1, sizeof *path->chains);
		path->top = path->chains + depth;
	}
	*path->top = (struct folded_chain){.behind = behind, .node = node, .start = start};
}

/* ---- sorted input: frames are complete when the next stack does not have them ---- */

/* The sum can only grow: a frame that is too narrow now is so at the end. */
static bool is_narrow(const struct folded_path *path, double weight)
{
	return weight < path->least;
}

static void add_to_sum(struct folded_path *path, double weight)
{
	path->sum += weight;
	if (path->least < path->prune * path->sum)
		path->least = path->prune * path->sum;
}

/* The weight of frames that were dropped goes to a gap, or to the one that is their parent's newest child. */
static void add_gap(struct stacks *stacks, struct folded_chain *parent)
{
	uint32_t last = stacks->count - 1;
	if (!parent->narrow)
		return;
	if (!(stacks->nodes[last].name & STACKS_GAP) || stacks->nodes[last].parent != parent->node)
		last = stacks_new_child(stacks, parent->node, STACKS_GAP);
	struct stacks_node *gap = &stacks->nodes[last];
	uint32_t most = UINT32_MAX - gap->name;
	gap->name += parent->narrow < most ? parent->narrow : most;
	gap->self += parent->gap;
	parent->gap = parent->narrow = 0;
	stacks->gaps = true;
}

/* Children of the last frame on the path are dropped. */
static void drop_children(struct folded_path *path, uint32_t count, double weight)
{
	path->top->narrow += count;
	path->top->gap += weight;
}

/* Makes nodes of all frames on the path that are none; the next child of the last one may be made then. */
static uint32_t make_nodes(struct folded_path *path)
{
	struct folded_chain *chain = path->top;
	while (chain->node == NO_NODE)
		chain--;
	while (chain++ < path->top) {
		size_t frames = count_frames(path->last.at, chain[-1].behind, chain->behind - 1);
		add_gap(path->stacks, chain - 1);
		chain->node = chain[-1].node;
		for (; frames; frames--)
			chain->node = stacks_new_child(path->stacks, chain->node, 0);
	}
	return path->top->node;
}

/* True if sorted text has the name between the leaf's own line and its subtree: "f1 5", "f12 3", "f1;x 2". */
static bool comes_between(struct text leaf, struct text name)
{
	return leaf.size < name.size && memcmp(leaf.at, name.at, leaf.size) == 0 &&
	       (unsigned char)name.at[leaf.size] < ';';
}

/* Makes nodes of the leaves set aside below the end of the path, but not of those that `name` comes between, or that
 * have that name. */
static void bring_back(struct folded_path *path, const struct text *name)
{
	struct stacks *stacks = path->stacks;
	for (; path->aside_count; path->aside_count--) {
		const struct folded_aside *aside = &path->asides[path->aside_count - 1];
		struct text leaf = stacks->names.names[aside->name];
		bool same = name && leaf.size == name->size && memcmp(leaf.at, name->at, leaf.size) == 0;
		if (aside->begin < path->top->behind || same || (name && comes_between(leaf, *name)))
			break;
		if (is_narrow(path, aside->weights.new)) {
			drop_children(path, 1, aside->weights.new);
			continue;
		}
		uint32_t parent = make_nodes(path);
		add_gap(stacks, path->top);
		stacks_add_weights(stacks, stacks_new_child(stacks, parent, aside->name), aside->weights);
	}
}

/* Takes the frames from `begin` on off the path; they are in the last chain. */
static void shorten(struct folded_path *path, size_t begin)
{
	struct folded_chain *chain = path->top;
	if (chain[-1].behind == begin) {
		path->top--;
	} else {
		chain->behind = begin;
		chain->self = chain->gap = chain->narrow = 0;
	}
}

/* The last chain's frames from `begin` on get their names; the nodes before them are the chain's, then. */
static void name_nodes(struct folded_path *path, size_t begin)
{
	struct folded_chain *chain = path->top;
	const char *stack = path->last.at;
	for (size_t end = chain->behind - 1, at = end;; end = --at) {
		while (at > begin && stack[at - 1] != ';')
			at--;
		path->stacks->nodes[chain->node--].name = stacks_name(path->stacks, stack + at, end - at);
		if (at == begin)
			return;
	}
}

/* The last chain's frames from `begin` on are dropped. (Seldom: not inlined, so that close_chain stays short.) */
static __attribute__((noinline)) void drop_nodes(struct folded_path *path, size_t begin)
{
	struct folded_chain *chain = path->top;
	chain->node -= (uint32_t)count_frames(path->last.at, begin, chain->behind - 1);
	path->stacks->count = chain->node + 1;
}

/* The last chain's frames from `begin` on are complete nodes. (As drop_nodes.) */
static __attribute__((noinline)) void keep_nodes(struct folded_path *path, size_t begin)
{
	uint32_t node = make_nodes(path);
	path->stacks->nodes[node].self += path->top->self;
	add_gap(path->stacks, path->top);
	name_nodes(path, begin);
}

/* Completes the last chain, but not its frames before `begin`. */
static inline void close_chain(struct folded_path *path, size_t begin)
{
	struct folded_chain *chain = path->top;
	bool is_leaf = chain->behind > path->last.size && chain->node == NO_NODE;
	double weight = is_leaf ? chain->self : path->sum - chain->start;
	if (begin < chain[-1].behind)
		begin = chain[-1].behind;
	if (path->aside_count)
		bring_back(path, NULL);
	if (!is_narrow(path, weight)) {
		keep_nodes(path, begin);
		shorten(path, begin);
		return;
	}
	if (chain->node != NO_NODE)
		drop_nodes(path, begin);
	shorten(path, begin);
	drop_children(path, 1, weight);
}

/* Sets the last frame of the last stack aside, which begins there. */
static void set_aside(struct folded_path *path, size_t begin)
{
	struct folded_chain *chain = path->top;
	struct stacks_weights weights = {0};
	if (chain->node != NO_NODE) {
		weights = stacks_take_weights(path->stacks, chain->node);
		path->stacks->count = chain->node--;
	}
	weights.new += chain->self;
	uint32_t name = stacks_name(path->stacks, path->last.at + begin, path->last.size - begin);
	shorten(path, begin);
	path->asides = mem_grow(path->asides, &path->aside_capacity, path->aside_count + 1, sizeof *path->asides);
	path->asides[path->aside_count++] = (struct folded_aside){begin, name, weights};
}

/* If the next frame of the stack is a leaf that was set aside, it is on the path again. */
static void resume_leaf(struct folded_path *path)
{
	size_t begin = path->top->behind;
	struct text name = {path->last.at + begin, frame_end(path->last, begin) - begin};
	bring_back(path, &name);
	if (!path->aside_count)
		return;
	const struct folded_aside *aside = &path->asides[path->aside_count - 1];
	if (aside->begin < begin || path->stacks->names.names[aside->name].size != name.size)
		return;
	push_chain(path, begin + name.size + 1, NO_NODE, path->sum - aside->weights.new);
	stacks_add_weights(path->stacks, make_nodes(path), aside->weights);
	path->aside_count--;
}

/* Closes what this stack does not have; its frames before `behind` are the path then. */
static void move_on(struct folded_path *path, struct text stack, size_t common, size_t behind)
{
	size_t shared = behind_shared(path->last, stack, common);
	if (path->top->behind > shared && common == path->last.size && (unsigned char)stack.at[common] < ';')
		set_aside(path, shared);
	while (path->top->behind > shared)
		close_chain(path, shared);
	path->last = stack;
	if (path->aside_count && shared < stack.size)
		resume_leaf(path);
	if (path->top->behind < behind)
		push_chain(path, behind, NO_NODE, path->sum);
}

static void add_sorted(struct folded_path *path, struct text stack, size_t common, const struct folded_line *line)
{
	move_on(path, stack, common, stack.size ? stack.size + 1 : 0);
	if (line->pair)
		stacks_add_pair(path->stacks, make_nodes(path), line->old, line->count);
	else
		path->top->self += line->count;
}

/* From here on all is looked up. */
static void leave_sorted(struct folded_path *path)
{
	while (path->top > path->chains)
		close_chain(path, 0);
	bring_back(path, NULL);
	path->stacks->nodes[0].self += path->chains[0].self;
	add_gap(path->stacks, &path->chains[0]);
	path->order = FOLDED_ANY;
}

/* ---- unsorted input ---- */

static void add_unsorted(struct folded_path *path, struct text stack, size_t common, const struct folded_line *line)
{
	size_t shared = behind_shared(path->last, stack, common);
	while (path->top->behind > shared)
		path->top--;
	uint32_t node = path->top->node;
	for (size_t at = path->top->behind; at < stack.size; at = path->top->behind) {
		size_t end = frame_end(stack, at);
		node = stacks_child(path->stacks, node, stacks_name(path->stacks, stack.at + at, end - at));
		push_chain(path, end + 1, node, 0);
	}
	path->last = stack;
	if (line->pair)
		stacks_add_pair(path->stacks, node, line->old, line->count);
	else
		stacks_add(path->stacks, node, line->count);
}

/* ---- both ---- */

void folded_path_start(
	struct folded_path *path, struct stacks *stacks, enum folded_order order, double prune, double sum)
{
	*path = (struct folded_path){
		.stacks = stacks, .order = order, .prune = prune, .least = prune * sum, .last = {"", 0}};
	path->top = path->chains = mem_grow(NULL, &path->capacity, 1, sizeof *path->chains);
	*path->top = (struct folded_chain){0};
}

size_t folded_path_shared(const struct folded_path *path, struct text text)
{
	return common_prefix(path->last.at, text.at, path->last.size < text.size ? path->last.size : text.size);
}

bool folded_path_add(struct folded_path *path, struct text stack, size_t common, const struct folded_line *line)
{
	if (path->order != FOLDED_ANY && !sorts_behind(stack, path->last, common)) {
		if (path->order == FOLDED_SORTED)
			return false;
		leave_sorted(path);
	}
	if (path->order != FOLDED_ANY)
		add_sorted(path, stack, common, line);
	else
		add_unsorted(path, stack, common, line);
	add_to_sum(path, line->count);
	return true;
}

bool folded_path_add_light(
	struct folded_path *path, struct text stack, size_t common, size_t shared, uint32_t frames, double weight)
{
	if (!sorts_behind(stack, path->last, common))
		return false;
	move_on(path, stack, common, behind_semicolon(stack.at, shared));
	drop_children(path, frames, weight);
	add_to_sum(path, weight);
	return true;
}

void folded_path_move(struct folded_path *path, struct text last)
{
	path->last = last;
	if (!last.size)
		path->top = path->chains;
}

bool folded_path_end(struct folded_path *path)
{
	if (path->order != FOLDED_ANY)
		leave_sorted(path);
	free(path->chains);
	free(path->asides);
	return path->least <= path->prune * path->sum;
}
