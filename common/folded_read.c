#include <stdlib.h>

#include "common/folded.h"
#include "common/folded_sort.h"
#include "common/mem.h"

/* Sorted text is read without looking anything up: what a stack shares with the one before is known from comparing the
 * two, and the frames behind that are new, made in the order of stacks_children. The one exception are siblings such
 * as "f1" and "f12": sorted text has "f1 5", "f12 3", "f1;x 2", but the subtree of f1 stands behind that of f12. So
 * such a leaf is set aside until the last of those is through. From the first stack on that does not sort behind its
 * predecessor, frames are looked up in the table. */

/* A frame of the last stack. */
struct path_step {
	size_t begin, end; /* where it stands in the text */
	uint32_t node;     /* its name is set when the frame is complete */
	double start;      /* sum of all weights before its own */
};

/* A leaf set aside; its parent is on the path. */
struct aside {
	size_t depth; /* number of frames above it */
	uint32_t name;
	struct stacks_weights weights;
};

struct reader {
	struct stacks *stacks;
	struct folded_rules *rules;
	struct text last;   /* the stack added before */
	struct buffer kept; /* holds `last` when it does not stand in the chunk any more */
	struct path_step *path;
	size_t depth, capacity;
	bool sorted;
	struct aside *asides;
	size_t aside_count, aside_capacity;
	double prune, sum;   /* share below which frames are dropped; sum of all weights so far */
	bool decided, pairs; /* does this file have two counts a line? */
	struct buffer edited, turned;
	struct folded_lines *lines; /* where lines are kept for sorting; NULL: they go into the table at once */
};

/* So many lines ahead memory is asked for. */
enum { AHEAD = 8 };
/* So many bytes of stacks are kept for sorting at most. */
enum { MOST_KEPT = 1 << 30 };

static uint64_t load8(const char *at)
{
	uint64_t word;
	memcpy(&word, at, sizeof word);
	return word;
}

static size_t common_prefix(struct text a, struct text b)
{
	size_t both = a.size < b.size ? a.size : b.size, i = 0;
	while (i + 8 <= both && load8(a.at + i) == load8(b.at + i))
		i += 8;
	while (i < both && a.at[i] == b.at[i])
		i++;
	return i;
}

/* Where the frame that begins at `at` ends: at the next semicolon or the end of the stack. */
static size_t frame_end(struct text stack, size_t at)
{
	const uint64_t ones = 0x0101010101010101u;
	for (; at + 8 <= stack.size; at += 8) {
		uint64_t word = load8(stack.at + at) ^ ones * ';';
		if ((word - ones) & ~word & ones * 0x80)
			break;
	}
	while (at < stack.size && stack.at[at] != ';')
		at++;
	return at;
}

/* The number of frames that both stacks begin with; sets whether `stack` sorts behind the last one. */
static size_t shared_depth(const struct reader *reader, struct text stack, bool *behind)
{
	struct text last = reader->last;
	size_t common = common_prefix(last, stack), depth = stack.size ? reader->depth : 0; /* "" is no frame */
	for (; depth; depth--) {
		size_t end = reader->path[depth - 1].end;
		if (end <= common && (end == stack.size || stack.at[end] == ';'))
			break;
	}
	if (common == stack.size || common == last.size)
		*behind = common == last.size;
	else
		*behind = (unsigned char)stack.at[common] > (unsigned char)last.at[common];
	return depth;
}

static void push_frame(struct reader *reader, size_t begin, size_t end, uint32_t node, double start)
{
	if (reader->depth == reader->capacity)
		reader->path = mem_grow(reader->path, &reader->capacity, reader->depth + 1, sizeof *reader->path);
	reader->path[reader->depth++] = (struct path_step){begin, end, node, start};
}

static uint32_t top_node(const struct reader *reader)
{
	return reader->depth ? reader->path[reader->depth - 1].node : 0;
}

/* ---- sorted input: frames are complete when the next stack does not have them ---- */

static uint32_t name_of(struct reader *reader, const struct path_step *step)
{
	return stacks_name(reader->stacks, reader->last.at + step->begin, step->end - step->begin);
}

/* Drops the newest node with all below it: their weight goes to a gap, or to the one that stands before it. */
static void drop(struct stacks *stacks, uint32_t node, double weight)
{
	uint32_t parent = stacks->nodes[node].parent, last = node - 1;
	stacks->count = node;
	stacks->dropped++;
	if (!(stacks->nodes[last].name & STACKS_GAP) || stacks->nodes[last].parent != parent)
		last = stacks_new_child(stacks, parent, STACKS_GAP);
	stacks->nodes[last].self += weight;
}

/* The sum can only grow: a frame that is too narrow now is so at the end. */
static bool is_narrow(const struct reader *reader, double weight)
{
	return weight < reader->prune * reader->sum;
}

/* True if sorted text has the name between the leaf's own line and its subtree: "f1 5", "f12 3", "f1;x 2". */
static bool comes_between(struct text leaf, struct text name)
{
	return leaf.size < name.size && memcmp(leaf.at, name.at, leaf.size) == 0 &&
	       (unsigned char)name.at[leaf.size] < ';';
}

/* Makes nodes of the leaves set aside below the top of the path, but not of those that `name` comes between, or that
 * have that name. */
static void bring_back(struct reader *reader, const struct text *name)
{
	struct stacks *stacks = reader->stacks;
	while (reader->aside_count) {
		struct aside *aside = &reader->asides[reader->aside_count - 1];
		struct text leaf = stacks->names.names[aside->name];
		bool same = name && leaf.size == name->size && memcmp(leaf.at, name->at, leaf.size) == 0;
		if (aside->depth < reader->depth || same || (name && comes_between(leaf, *name)))
			break;
		uint32_t node = stacks_new_child(stacks, top_node(reader), aside->name);
		stacks_add_weights(stacks, node, aside->weights);
		if (is_narrow(reader, aside->weights.new))
			drop(stacks, node, aside->weights.new);
		reader->aside_count--;
	}
}

static void close_frame(struct reader *reader)
{
	bring_back(reader, NULL);
	const struct path_step *step = &reader->path[--reader->depth];
	double weight = reader->sum - step->start;
	if (is_narrow(reader, weight))
		drop(reader->stacks, step->node, weight);
	else
		reader->stacks->nodes[step->node].name = name_of(reader, step);
}

/* The frame of the last stack that stands where the new one has `name`: complete, or a leaf to be set aside. */
static void close_sibling(struct reader *reader, struct text name)
{
	const struct path_step *step = &reader->path[reader->depth - 1];
	struct text last = {reader->last.at + step->begin, step->end - step->begin};
	bool leaf = step->node == reader->stacks->count - 1 && step->end == reader->last.size;
	if (!leaf || !comes_between(last, name)) {
		close_frame(reader);
		return;
	}
	reader->asides =
		mem_grow(reader->asides, &reader->aside_capacity, reader->aside_count + 1, sizeof *reader->asides);
	reader->asides[reader->aside_count++] = (struct aside){
		reader->depth - 1, name_of(reader, step), stacks_take_weights(reader->stacks, step->node)};
	reader->stacks->count = step->node;
	reader->depth--;
}

/* The leaf set aside that has this name, as a node again. */
static bool resume_leaf(struct reader *reader, struct text name, size_t begin)
{
	bring_back(reader, &name);
	if (!reader->aside_count)
		return false;
	const struct aside *aside = &reader->asides[reader->aside_count - 1];
	if (aside->depth < reader->depth || reader->stacks->names.names[aside->name].size != name.size)
		return false;
	uint32_t node = stacks_new_child(reader->stacks, top_node(reader), aside->name);
	stacks_add_weights(reader->stacks, node, aside->weights);
	push_frame(reader, begin, begin + name.size, node, reader->sum - aside->weights.new);
	reader->aside_count--;
	return true;
}

static void add_sorted(struct reader *reader, struct text stack, size_t depth)
{
	bool differs = reader->depth > depth;
	while (reader->depth > depth + differs)
		close_frame(reader);
	size_t at = depth ? reader->path[depth - 1].end + 1 : 0;
	if (differs && at < stack.size) {
		struct text name = {stack.at + at, frame_end(stack, at) - at};
		close_sibling(reader, name);
		if (resume_leaf(reader, name, at))
			at += name.size + 1;
	}
	while (at < stack.size) {
		size_t end = frame_end(stack, at);
		uint32_t node = stacks_new_child(reader->stacks, top_node(reader), 0);
		push_frame(reader, at, end, node, reader->sum);
		at = end + 1;
	}
}

/* ---- unsorted input ---- */

/* Names the nodes on the path and makes nodes of what was set aside: from here on all is looked up. */
static void leave_sorted(struct reader *reader)
{
	reader->sorted = false;
	while (reader->depth)
		close_frame(reader);
	bring_back(reader, NULL);
}

static void add_unsorted(struct reader *reader, struct text stack, size_t depth)
{
	reader->depth = depth;
	size_t at = depth ? reader->path[depth - 1].end + 1 : 0;
	uint32_t node = top_node(reader);
	while (at < stack.size) {
		size_t end = frame_end(stack, at);
		node = stacks_child(reader->stacks, node, stacks_name(reader->stacks, stack.at + at, end - at));
		push_frame(reader, at, end, node, 0);
		at = end + 1;
	}
}

/* Makes the path that of the stack. False if the input turns out not to be sorted after frames were dropped. */
static bool follow(struct reader *reader, struct text stack)
{
	bool behind;
	size_t depth = shared_depth(reader, stack, &behind);
	if (reader->sorted && !behind) {
		if (reader->prune > 0)
			return false;
		leave_sorted(reader);
		depth = 0;
	}
	if (reader->sorted)
		add_sorted(reader, stack, depth);
	else
		add_unsorted(reader, stack, depth);
	reader->last = stack;
	return true;
}

/* ---- lines ---- */

/* "a;b;c" -> "c;b;a" */
static struct text turn_round(struct text stack, struct buffer *out)
{
	buffer_clear(out);
	size_t end = stack.size;
	while (stack.size) {
		const char *semicolon = memrchr(stack.at, ';', end);
		size_t start = semicolon ? (size_t)(semicolon - stack.at) + 1 : 0;
		if (end != stack.size)
			buffer_add_char(out, ';');
		buffer_add(out, stack.at + start, end - start);
		if (!start)
			break;
		end = start - 1;
	}
	return buffer_text(out);
}

static struct text drop_empty_leaves(struct text stack)
{
	while (stack.size && stack.at[stack.size - 1] == ';')
		stack.size--;
	return stack;
}

/* Stacks that were rewritten stand in buffers that the next line overwrites: nothing is shared with the next one. */
static void forget_last(struct reader *reader)
{
	reader->depth = 0;
	reader->last = (struct text){"", 0};
}

/* Adds the weights of a line to its stack, which may be rewritten. False as `follow`. */
static bool add_stack(struct reader *reader, struct text stack, const struct folded_line *line)
{
	if (!follow(reader, stack))
		return false;
	if (line->pair)
		stacks_add_pair(reader->stacks, top_node(reader), line->old, line->count);
	else
		stacks_add(reader->stacks, top_node(reader), line->count);
	reader->sum += line->count;
	return true;
}

/* Too much to be kept for sorting: what was kept goes into the table, and so will the rest. */
static void stop_keeping(struct reader *reader)
{
	struct folded_lines *kept = reader->lines;
	reader->lines = NULL;
	for (size_t i = 0; i < kept->count; i++)
		add_stack(reader, kept->lines[i].stack, &kept->lines[i]);
	forget_last(reader);
	folded_lines_free(kept);
}

static bool add_line(struct reader *reader, const struct folded_line *line)
{
	struct folded_rules *rules = reader->rules;
	struct text stack = drop_empty_leaves(line->stack);
	if (rules->edit) {
		buffer_clear(&reader->edited);
		if (!rules->edit(stack, &reader->edited, rules->context))
			return true;
		stack = drop_empty_leaves(buffer_text(&reader->edited));
	}
	if (rules->reverse)
		stack = turn_round(stack, &reader->turned);
	if (reader->lines && reader->lines->size > MOST_KEPT)
		stop_keeping(reader);
	if (reader->lines) {
		struct folded_line kept = *line;
		kept.stack = stack;
		folded_lines_add(reader->lines, &kept);
		return true;
	}
	bool good = add_stack(reader, stack, line);
	if (rules->reverse || rules->edit)
		forget_last(reader);
	return good;
}

static bool read_chunk(struct reader *reader, const struct chunk *chunk)
{
	const char *at = chunk->data, *end = chunk->data + chunk->size;
	struct text text;
	if (chunk->first)
		reader->decided = false;
	while (next_line(&at, end, &text)) {
		struct folded_line line;
		bool pairs = reader->rules->pairs && (reader->pairs || !reader->decided);
		if (text.size == 0 || (text.at[0] == '#' && folded_is_blank(text)))
			continue;
		if (folded_parse(text, pairs, &line)) {
			if (!reader->decided)
				reader->pairs = line.pair;
			reader->decided = true;
			if (!add_line(reader, &line))
				return false;
		} else if (!folded_is_blank(text)) {
			skip_record(&reader->rules->skipped, chunk, text.at,
				"not a line of folded text (frame;frame COUNT): skipped");
		}
	}
	buffer_clear(&reader->kept);
	buffer_add(&reader->kept, reader->last.at, reader->last.size);
	reader->last = buffer_text(&reader->kept);
	return true;
}

static void free_reader(struct reader *reader)
{
	buffer_free(&reader->kept);
	buffer_free(&reader->edited);
	buffer_free(&reader->turned);
	free(reader->path);
	free(reader->asides);
}

/* Reads all lines: into the table, or (lines) keeps them, as long as they are not too much. `sorted`: expects them to
 * be. */
static bool read_all(struct source *source, struct stacks *stacks, struct folded_rules *rules, bool sorted,
	double prune, struct folded_lines *lines)
{
	struct reader reader = {
		.stacks = stacks, .rules = rules, .prune = prune, .sorted = sorted, .last = {"", 0}, .lines = lines};
	struct chunk chunk = {0};
	bool complete = true;
	while (complete && source_chunk(source, source_cut_lines, &chunk))
		complete = read_chunk(&reader, &chunk);
	if (reader.sorted)
		leave_sorted(&reader);
	chunk_free(&chunk);
	free_reader(&reader);
	return complete;
}

/* Adds lines that were kept: sorted, and dropping what will be too narrow. */
static void add_kept(struct stacks *stacks, struct folded_rules *rules, struct folded_lines *lines)
{
	folded_lines_sort(lines);
	for (int attempt = 0; attempt < 2; attempt++) {
		bool sorted = attempt == 0, complete = true;
		struct reader reader = {.stacks = stacks,
			.rules = rules,
			.prune = sorted ? rules->prune : 0,
			.sorted = sorted,
			.last = {"", 0}};
		for (size_t i = 0; complete && i < lines->count; i++) {
			/* They lie all over the memory. */
			if (i + AHEAD < lines->count)
				text_prefetch(lines->lines[i + AHEAD].stack);
			complete = add_stack(&reader, lines->lines[i].stack, &lines->lines[i]);
		}
		if (reader.sorted)
			leave_sorted(&reader);
		free_reader(&reader);
		if (complete)
			break;
		stacks_clear(stacks); /* bytes of 0 in names do not sort as they should */
	}
	folded_lines_free(lines);
}

void folded_read(struct source *source, struct stacks *stacks, struct folded_rules *rules)
{
	bool as_it_is = !rules->edit && !rules->reverse && !stacks->ordered && stacks->count == 1;
	unsigned long skipped = rules->skipped.count;
	struct folded_lines lines = {0};
	if (!(rules->prune > 0) || stacks->ordered) {
		read_all(source, stacks, rules, as_it_is, 0, NULL);
		return;
	}
	if (as_it_is && source_can_rewind(source)) {
		if (read_all(source, stacks, rules, true, rules->prune, NULL))
			return;
		stacks_clear(stacks);
		rules->skipped.count = skipped;
		source_rewind(source);
	}
	read_all(source, stacks, rules, false, 0, &lines);
	if (lines.count)
		add_kept(stacks, rules, &lines);
}
