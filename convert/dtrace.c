/* DTrace's aggregations of stack() and ustack(), and what bcc's tools print in that form. */
#include "convert/converter.h"
#include "convert/parallel.h"
#include "convert/record_stack.h"
#include "convert/rust_names.h"

static bool include_offset;

static const struct opt options[] = {
	{0, "includeoffset", OPT_FLAG, &include_offset, NULL, "Keep the offsets into functions, but for the leaf's.",
		NULL, 0, false},
	{0},
};

struct reader {
	struct worker worker;
	struct record_stack stack;
	struct frame_list path; /* its names, root first */
	struct buffer name, names, rust;
	bool in_header;
};

/*
 * CPU     ID                    FUNCTION:NAME
 *   0  64091                        :tick-60s
 *
 *               genunix`fop_open+0x20
 *               unix`sys_syscall+0x17a
 *                 1
 */

/* A stack's line: indented, and not the table below the heading. */
static bool is_stack_line(struct text line)
{
	struct text text = text_trim(line);
	return line.size && (line.at[0] == ' ' || line.at[0] == '\t') && text.size &&
	       (memchr(text.at, '`', text.size) || text_starts(text, "0x"));
}

/* Argument lists and template arguments are cut where there is a scope. */
static struct text cut_arguments(struct text name)
{
	const char *scope = text_find(name, "::");
	for (size_t i = name.size; scope && name.at + i > scope + 2; i--)
		if (name.at[i - 1] == '(' || name.at[i - 1] == '<')
			return (struct text){name.at, i - 1};
	return name;
}

/* "module`symbol": the symbol without Rust's hash and escapes. */
static struct text clean_rust(struct reader *reader, struct text name)
{
	const char *tick = memchr(name.at, '`', name.size);
	if (!tick)
		return name;
	struct text symbol = {tick + 1, name.size - (size_t)(tick + 1 - name.at)};
	if (!rust_name(symbol, &reader->rust))
		return name;
	buffer_clear(&reader->name);
	buffer_add(&reader->name, name.at, (size_t)(tick + 1 - name.at));
	buffer_add(&reader->name, reader->rust.at, reader->rust.size);
	return buffer_text(&reader->name);
}

/* "Lcaller->Linlined->Linlined": inlined ones get the mark _[i]. */
static void add_inlined(struct text rest, struct buffer *names)
{
	const char *mark = "";
	for (const char *arrow = rest.at; arrow; mark = "_[i]") {
		if (rest.size && *rest.at == 'L')
			rest = (struct text){rest.at + 1, rest.size - 1};
		arrow = text_find(rest, "->");
		frame_fit((struct text){rest.at, arrow ? (size_t)(arrow - rest.at) : rest.size}, names);
		buffer_add_string(names, mark);
		buffer_add_char(names, '\n');
		if (arrow)
			rest = (struct text){arrow + 2, rest.size - (size_t)(arrow + 2 - rest.at)};
	}
}

static void name_frame(struct reader *reader, struct text text)
{
	text = clean_rust(reader, cut_arguments(text));
	if (text_find(text, "->")) {
		add_inlined(text, &reader->names);
	} else {
		frame_fit(text.size ? text : text_of("-"), &reader->names);
		buffer_add_char(&reader->names, '\n');
	}
}

/* bcc: "    -                comm (pid)" is the process. */
static struct text process_of(struct text text)
{
	text = text_trim((struct text){text.at + 1, text.size - 1});
	const char *paren = memrchr(text.at, '(', text.size);
	return text_trim(paren ? (struct text){text.at, (size_t)(paren - text.at)} : text);
}

/* A frame's line, or a process's. */
static void add_line(struct reader *reader, struct text text)
{
	struct record_stack *stack = &reader->stack;
	bool process = text_starts(text, "- ");
	const char *plus = process ? NULL : memrchr(text.at, '+', text.size);
	if (plus && (!include_offset || !stack->depth))
		text.size = (size_t)(plus - text.at);
	struct hash128 key = hash_bytes128(text.at, text.size);
	if (record_stack_known(stack, key))
		return;
	buffer_clear(&reader->names);
	if (process) {
		frame_fit(process_of(text), &reader->names);
		buffer_add_char(&reader->names, '\n');
	} else {
		name_frame(reader, text);
	}
	record_stack_new(stack, key, &reader->worker.blocks, &reader->names, false);
}

/* Adds the stack that the frames make; empties them. Lines with this key, if it is not NULL, make the same one. */
static void end_stack(struct reader *reader, double count, const struct hash128 *key)
{
	reader->path.count = 0;
	record_stack_path(&reader->stack, &reader->path);
	record_stack_clear(&reader->stack);
	uint32_t stack = blocks_stack(&reader->worker.blocks, reader->path.names, reader->path.count, key);
	blocks_weigh(&reader->worker.blocks, stack, count);
}

static void read_line(struct reader *reader, const struct chunk *chunk, struct text line)
{
	struct text text = text_trim(line);
	double count;
	if (reader->in_header) {
		reader->in_header = text.size != 0 && !is_stack_line(line);
		if (reader->in_header)
			return;
	}
	if (!text.size)
		return;
	if (text_number(text, false, &count)) {
		if (!reader->stack.depth) {
			skip_record(&reader->worker.run->skipped, chunk, line.at, "a count without a stack");
			return;
		}
		end_stack(reader, count, NULL);
	} else {
		add_line(reader, text);
	}
}

/* The line with the count that ends the stack which starts at `at`; false if it is not in this chunk. */
static bool find_count(const char *at, const char *end, struct text *line, double *count)
{
	while (next_line(&at, end, line)) {
		size_t blanks = 0;
		while (blanks < line->size && line->at[blanks] == ' ')
			blanks++;
		if (blanks < line->size && line->at[blanks] >= '0' && line->at[blanks] <= '9' &&
			text_number(text_trim(*line), false, count))
			return true;
	}
	return false;
}

/* A stack whose lines were seen before, or are seen for the first time. False if it is not whole here: its lines are to
 * be read one by one. */
static bool read_block(struct reader *reader, const struct chunk *chunk, const char **at, const char *end)
{
	struct text line;
	double count;
	if (!find_count(*at, end, &line, &count))
		return false;
	struct hash128 key = hash_bytes128(*at, (size_t)(line.at - *at));
	int64_t known = blocks_find(&reader->worker.blocks, key);
	if (known < 0) {
		for (struct text frame; *at < line.at && next_line(at, end, &frame);)
			read_line(reader, chunk, frame);
		if (!reader->stack.depth)
			return false; /* a count alone */
		end_stack(reader, count, &key);
	} else {
		blocks_weigh(&reader->worker.blocks, (uint32_t)known, count);
	}
	*at = line.at;
	next_line(at, end, &line);
	return true;
}

static bool is_count(struct text line)
{
	double count;
	return text_number(text_trim(line), false, &count);
}

static size_t cut_records(const char *data, size_t size)
{
	return lines_cut_behind(data, size, is_count);
}

static void work(void *state, const struct chunk *chunk)
{
	struct reader *reader = state;
	const char *at = chunk->data, *end = chunk->data + chunk->size;
	bool blocks = true;
	reader->in_header = chunk->first;
	while (at < end) {
		struct text line;
		bool between = !reader->in_header && !reader->stack.depth;
		if (blocks && between && (blocks = read_block(reader, chunk, &at, end)))
			continue;
		if (next_line(&at, end, &line))
			read_line(reader, chunk, line);
		blocks |= !reader->stack.depth && !reader->in_header;
	}
	if (reader->in_header)
		skip_record(&reader->worker.run->skipped, chunk, at, "the input ends in its heading");
	else if (reader->stack.depth)
		skip_record(&reader->worker.run->skipped, chunk, at, "the input ends in the middle of a stack");
	record_stack_clear(&reader->stack);
}

static bool end(void *state)
{
	struct reader *reader = state;
	record_stack_free(&reader->stack);
	frame_list_free(&reader->path);
	buffer_free(&reader->name);
	buffer_free(&reader->names);
	buffer_free(&reader->rust);
	return true;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	static const struct parallel_format format = {
		.cut = cut_records, .whole = true, .state_size = sizeof(struct reader), .work = work, .end = end};
	return parallel_read(&format, source, stacks, run);
}

static int detect(struct text head)
{
	const char *at = head.at, *end = head.at + head.size;
	bool heading = text_starts(head, "CPU ");
	int frames = 0;
	for (struct text line; next_line(&at, end, &line);) {
		double count;
		if (is_stack_line(line))
			frames++;
		else if (frames && text_number(text_trim(line), false, &count))
			return heading ? 80 : 60;
	}
	return frames && heading ? 60 : 0;
}

const struct converter dtrace_converter = {
	.name = "dtrace",
	.summary = "Converts DTrace's (and bcc's) printed stack counts to folded stacks.",
	.examples = "  dtrace -n 'profile-99 { @[ustack()] = count(); }' -o out.txt; stackcollapse-dtrace out.txt\n",
	.options = options,
	.parallel = true,
	.detect = detect,
	.read = read,
};
