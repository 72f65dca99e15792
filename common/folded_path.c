#include "common/folded_path.h"

#include <endian.h>
#include <stdlib.h>

#include "common/mem.h"

/* Sorted text is read without looking anything up: what a stack shares with the one before is known from comparing the
 * two, and the frames behind that are new, made in the order of stacks_children. They become nodes when another stack
 * shares them, or when they are wide enough not to be dropped. The one exception to the order are siblings such as "f1"
 * and "f12": sorted text has "f1 5", "f12 3", "f1;x 2", but the subtree of f1 stands behind that of f12. So such a leaf
 * is set aside until the last of those is through. From the first stack on that does not sort behind its predecessor,
 * frames are looked up in the table. */

/* A frame of the last stack; the first one is the root. */
struct folded_step {
	size_t begin, end; /* where it stands in the text */
	uint32_t node;     /* sorted: its name is set when the frame is complete */
	/* sorted: */
	double start; /* sum of all weights before its own */
	double self,
		gap; /* weight of the stacks that end here, of frames dropped below it, that the table has not yet */
};

enum { NO_NODE = UINT32_MAX };

/* A leaf set aside; its parent is on the path. */
struct folded_aside {
	size_t depth; /* number of frames above it */
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

static size_t common_prefix(struct text a, struct text b)
{
	size_t both = a.size < b.size ? a.size : b.size, i = 0;
	for (; i + 8 <= both; i += 8) {
		uint64_t differs = load8(a.at + i) ^ load8(b.at + i);
		if (differs)
			return i + (size_t)__builtin_ctzll(differs) / 8;
	}
	while (i < both && a.at[i] == b.at[i])
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

static size_t count_frames(struct text stack)
{
	size_t frames = 1, i = 0;
	for (; i + 8 <= stack.size; i += 8)
		frames += (semicolons(load8(stack.at + i)) >> 7) * ones >> 56;
	for (; i < stack.size; i++)
		frames += stack.at[i] == ';';
	return frames;
}

/* Does the frame that ends there end in the stack, too? `common`: so far it has the same bytes. */
static bool ends_frame(struct text stack, size_t end, size_t common)
{
	return end <= common && (end == stack.size || stack.at[end] == ';');
}

static bool sorts_behind(struct text stack, struct text last, size_t common)
{
	if (common == stack.size || common == last.size)
		return common == last.size;
	return (unsigned char)stack.at[common] > (unsigned char)last.at[common];
}

static struct folded_step *push_step(struct folded_path *path, size_t begin, size_t end, uint32_t node, double start)
{
	if (path->depth == path->capacity)
		path->steps = mem_grow(path->steps, &path->capacity, path->depth + 1, sizeof *path->steps);
	struct folded_step *step = &path->steps[path->depth++];
	*step = (struct folded_step){begin, end, node, start, 0, 0};
	return step;
}

static struct folded_step *top_step(const struct folded_path *path)
{
	return &path->steps[path->depth - 1];
}

/* Where the frame behind the path begins; the root ends before the text. */
static size_t behind_path(const struct folded_path *path)
{
	return top_step(path)->end + 1;
}

/* ---- sorted input: frames are complete when the next stack does not have them ---- */

/* The sum can only grow: a frame that is too narrow now is so at the end. */
static bool is_narrow(const struct folded_path *path, double weight)
{
	return weight < path->prune * path->sum;
}

/* The weight of frames that were dropped goes to a gap, or to the one that is their parent's newest child. */
static void add_gap(struct stacks *stacks, struct folded_step *parent)
{
	uint32_t last = stacks->count - 1;
	if (!(parent->gap > 0))
		return;
	if (!(stacks->nodes[last].name & STACKS_GAP) || stacks->nodes[last].parent != parent->node)
		last = stacks_new_child(stacks, parent->node, STACKS_GAP);
	stacks->nodes[last].self += parent->gap;
	parent->gap = 0;
}

/* Makes a node of each frame on the path that is none; the next child of the top one may be made then. */
static uint32_t make_nodes(struct folded_path *path)
{
	size_t level = path->depth;
	while (path->steps[level - 1].node == NO_NODE)
		level--;
	for (; level < path->depth; level++) {
		add_gap(path->stacks, &path->steps[level - 1]);
		path->steps[level].node = stacks_new_child(path->stacks, path->steps[level - 1].node, 0);
	}
	return top_step(path)->node;
}

/* Takes the node, which is too narrow now, and all below it out of the table. */
static void drop_nodes(struct stacks *stacks, uint32_t node)
{
	for (uint32_t i = node; i < stacks->count; i++)
		stacks->dropped += !(stacks->nodes[i].name & STACKS_GAP);
	stacks->count = node;
}

static void add_weights(struct folded_path *path, const struct folded_line *line)
{
	if (line->pair)
		stacks_add_pair(path->stacks, make_nodes(path), line->old, line->count);
	else
		top_step(path)->self += line->count;
}

/* True if sorted text has the name between the leaf's own line and its subtree: "f1 5", "f12 3", "f1;x 2". */
static bool comes_between(struct text leaf, struct text name)
{
	return leaf.size < name.size && memcmp(leaf.at, name.at, leaf.size) == 0 &&
	       (unsigned char)name.at[leaf.size] < ';';
}

/* Makes nodes of the leaves set aside below the top of the path, but not of those that `name` comes between, or that
 * have that name. */
static void bring_back(struct folded_path *path, const struct text *name)
{
	struct stacks *stacks = path->stacks;
	for (; path->aside_count; path->aside_count--) {
		const struct folded_aside *aside = &path->asides[path->aside_count - 1];
		struct text leaf = stacks->names.names[aside->name];
		bool same = name && leaf.size == name->size && memcmp(leaf.at, name->at, leaf.size) == 0;
		if (aside->depth < path->depth || same || (name && comes_between(leaf, *name)))
			break;
		if (is_narrow(path, aside->weights.new)) {
			stacks->dropped++;
			top_step(path)->gap += aside->weights.new;
			continue;
		}
		uint32_t parent = make_nodes(path);
		add_gap(stacks, top_step(path));
		stacks_add_weights(stacks, stacks_new_child(stacks, parent, aside->name), aside->weights);
	}
}

static struct text name_of(const struct folded_path *path, const struct folded_step *step)
{
	return (struct text){path->last.at + step->begin, step->end - step->begin};
}

static void close_frame(struct folded_path *path)
{
	bring_back(path, NULL);
	struct folded_step *step = top_step(path);
	double weight = path->sum - step->start;
	if (is_narrow(path, weight)) {
		if (step->node == NO_NODE)
			path->stacks->dropped++;
		else
			drop_nodes(path->stacks, step->node);
		step[-1].gap += weight;
	} else {
		uint32_t node = make_nodes(path);
		struct text name = name_of(path, step);
		path->stacks->nodes[node].self += step->self;
		path->stacks->nodes[node].name = stacks_name(path->stacks, name.at, name.size);
		add_gap(path->stacks, step);
	}
	path->depth--;
}

/* Puts the tail's frames on the path that end at `common` or before and that `stack` has, too. */
static void open_tail(struct folded_path *path, struct text stack, size_t common)
{
	size_t at = behind_path(path);
	double start = path->sum - path->tail;
	while (at < path->last.size) {
		size_t end = frame_end(path->last, at);
		if (!ends_frame(stack, end, common))
			return;
		push_step(path, at, end, NO_NODE, start);
		at = end + 1;
	}
	top_step(path)->self += path->tail;
	path->has_tail = false;
}

/* Nothing shares the tail: it is complete. */
static void close_tail(struct folded_path *path)
{
	size_t at = behind_path(path), depth = path->depth;
	if (is_narrow(path, path->tail)) {
		path->stacks->dropped += count_frames((struct text){path->last.at + at, path->last.size - at});
		top_step(path)->gap += path->tail;
		path->has_tail = false;
		return;
	}
	open_tail(path, path->last, path->last.size);
	while (path->depth > depth)
		close_frame(path);
}

/* Sets the frame on top of the path aside, on which the last stack ended. */
static void set_aside(struct folded_path *path, struct text name)
{
	struct folded_step *step = top_step(path);
	struct stacks_weights weights = {0};
	if (step->node != NO_NODE) {
		weights = stacks_take_weights(path->stacks, step->node);
		path->stacks->count = step->node;
	}
	weights.new += step->self;
	path->depth--;
	path->asides = mem_grow(path->asides, &path->aside_capacity, path->aside_count + 1, sizeof *path->asides);
	path->asides[path->aside_count++] =
		(struct folded_aside){path->depth, stacks_name(path->stacks, name.at, name.size), weights};
}

/* The leaf set aside that has this name is on the path again. */
static bool resume_leaf(struct folded_path *path, struct text name, size_t begin)
{
	bring_back(path, &name);
	if (!path->aside_count)
		return false;
	const struct folded_aside *aside = &path->asides[path->aside_count - 1];
	if (aside->depth < path->depth || path->stacks->names.names[aside->name].size != name.size)
		return false;
	push_step(path, begin, begin + name.size, NO_NODE, path->sum - aside->weights.new);
	stacks_add_weights(path->stacks, make_nodes(path), aside->weights);
	path->aside_count--;
	return true;
}

/* Is all of the tail one frame that `name` comes between and what may follow below it? */
static bool is_leaf_before(const struct folded_path *path, struct text name)
{
	size_t at = behind_path(path);
	struct text tail = {path->last.at + at, path->last.size - at};
	return comes_between(tail, name) && !memchr(tail.at, ';', tail.size);
}

/* Leaves on the path the frames that the new stack has, too; `common`: so many bytes are the same. */
static void close_frames(struct folded_path *path, struct text stack, size_t common)
{
	if (path->has_tail && common >= behind_path(path))
		open_tail(path, stack, common);
	size_t depth = path->depth;
	while (depth > 1 && !ends_frame(stack, path->steps[depth - 1].end, common))
		depth--;
	size_t at = path->steps[depth - 1].end + 1;
	if ((path->depth == depth && !path->has_tail) || at >= stack.size)
		return;
	struct text name = {stack.at + at, frame_end(stack, at) - at};
	if (path->has_tail && path->depth == depth && is_leaf_before(path, name))
		open_tail(path, path->last, path->last.size);
	if (path->has_tail)
		close_tail(path);
	while (path->depth > depth + 1)
		close_frame(path);
	if (path->depth == depth)
		return;
	struct text sibling = name_of(path, top_step(path));
	if (top_step(path)->end == path->last.size && comes_between(sibling, name))
		set_aside(path, sibling);
	else
		close_frame(path);
}

static void add_sorted(struct folded_path *path, struct text stack, size_t common, const struct folded_line *line)
{
	close_frames(path, stack, common);
	size_t at = behind_path(path);
	if (path->aside_count && at < stack.size) {
		struct text name = {stack.at + at, frame_end(stack, at) - at};
		if (resume_leaf(path, name, at))
			at += name.size + 1;
	}
	path->last = stack;
	path->has_tail = at < stack.size;
	path->tail = line->pair ? 0 : line->count;
	if (path->has_tail && line->pair)
		open_tail(path, stack, stack.size); /* the table has two counts for nodes only */
	if (!path->has_tail)
		add_weights(path, line);
}

/* From here on all is looked up. */
static void leave_sorted(struct folded_path *path)
{
	if (path->has_tail)
		close_tail(path);
	while (path->depth > 1)
		close_frame(path);
	bring_back(path, NULL);
	path->stacks->nodes[0].self += path->steps[0].self;
	add_gap(path->stacks, &path->steps[0]);
	path->sorted = false;
}

/* ---- unsorted input ---- */

static void add_unsorted(struct folded_path *path, struct text stack, size_t common, const struct folded_line *line)
{
	while (path->depth > 1 && (!stack.size || !ends_frame(stack, top_step(path)->end, common)))
		path->depth--;
	size_t at = behind_path(path);
	uint32_t node = top_step(path)->node;
	while (at < stack.size) {
		size_t end = frame_end(stack, at);
		node = stacks_child(path->stacks, node, stacks_name(path->stacks, stack.at + at, end - at));
		push_step(path, at, end, node, 0);
		at = end + 1;
	}
	path->last = stack;
	if (line->pair)
		stacks_add_pair(path->stacks, node, line->old, line->count);
	else
		stacks_add(path->stacks, node, line->count);
}

/* ---- both ---- */

void folded_path_start(struct folded_path *path, struct stacks *stacks, bool sorted, double prune)
{
	*path = (struct folded_path){.stacks = stacks, .sorted = sorted, .prune = prune, .last = {"", 0}};
	push_step(path, 0, SIZE_MAX, 0, 0);
}

bool folded_path_add(struct folded_path *path, struct text stack, const struct folded_line *line)
{
	size_t common = common_prefix(path->last, stack);
	if (path->sorted && !sorts_behind(stack, path->last, common)) {
		if (path->prune > 0)
			return false;
		leave_sorted(path);
	}
	if (path->sorted)
		add_sorted(path, stack, common, line);
	else
		add_unsorted(path, stack, common, line);
	path->sum += line->count;
	return true;
}

void folded_path_move(struct folded_path *path, struct text last)
{
	path->last = last;
	if (!last.size)
		path->depth = 1;
}

void folded_path_end(struct folded_path *path)
{
	if (path->sorted)
		leave_sorted(path);
	free(path->steps);
	free(path->asides);
}
