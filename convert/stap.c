/* Stacks that SystemTap's print_backtrace printed, each with a count below it. */
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/parallel.h"

struct stap {
	struct worker worker;
	struct frame_list frames; /* leaf first */
};

/*
 *  0xffffffff8103ce3b : native_safe_halt+0xb/0x10 [kernel]
 *  0xffffffff8101c6a3 : default_idle+0x53/0x1d0 [kernel]
 *  0x55b1a0b045b1 [/usr/bin/app+0x45b1/0x1d000]
 * 	2404
 */

/* Every frame has an address before it or an offset behind it; other text is none. */
static bool is_frame(struct text text)
{
	return text_starts(text, "0x") || text_find(text, "+0x");
}

/* "native_safe_halt", "[app]", the address where nothing else is known. */
static uint32_t name_of(struct stap *stap, struct text text)
{
	struct text address, rest = text;
	if (cut_until(&rest, " : ", &address))
		text = rest;
	else if (cut_until(&rest, " [", &address))
		text = (struct text){rest.at - 1, rest.size + 1};
	const char *plus = text.size ? memrchr(text.at, '+', text.size) : NULL;
	if (plus)
		text.size = (size_t)(plus - text.at);
	if (!text_starts(text, "["))
		return frame_name(stap->worker.stacks, text.size ? text : (struct text){"-", 1});
	const char *slash = memrchr(text.at, '/', text.size);
	struct buffer name = {0};
	const char *start = slash ? slash + 1 : text.at + 1;
	int size = (int)(text.at + text.size - start);
	buffer_add_format(&name, text_ends(text, "]") ? "[%.*s" : "[%.*s]", size, start);
	uint32_t result = frame_name(stap->worker.stacks, buffer_text(&name));
	buffer_free(&name);
	return result;
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct stap *stap = state;
	struct text text = text_trim(line);
	double count;
	if (!text.size)
		return;
	if (is_frame(text))
		frame_list_add(&stap->frames, name_of(stap, text));
	else if (!text_number(text, false, &count))
		skip_record(&stap->worker.run->skipped, chunk, line.at, "neither a frame nor a count: %.*s",
			text.size > 60 ? 60 : (int)text.size, text.at);
	else if (!stap->frames.count)
		skip_record(&stap->worker.run->skipped, chunk, line.at, "a count without a stack");
	else
		stacks_add(stap->worker.stacks, frame_list_down(&stap->frames, stap->worker.stacks, 0), count);
}

static void end_file(void *state, const struct chunk *chunk)
{
	struct stap *stap = state;
	if (stap->frames.count)
		skip_record(&stap->worker.run->skipped, chunk, chunk->data, "the input ends in the middle of a stack");
	stap->frames.count = 0;
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

static bool end(void *state)
{
	struct stap *stap = state;
	frame_list_free(&stap->frames);
	return true;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	static const struct parallel_format format = {.cut = cut_records,
		.state_size = sizeof(struct stap),
		.take = take_line,
		.end_of_lines = end_file,
		.end = end};
	return parallel_read(&format, source, stacks, run);
}

/* " 0xffffffff8103ce3b : native_safe_halt+0xb/0x10 [kernel]" */
static bool is_full_frame(struct text line)
{
	return text_starts(text_trim(line), "0x") && text_find(line, " : ") && text_find(line, "+0x") &&
	       text_ends(text_trim(line), "]");
}

static int detect(struct text head)
{
	return lines_any(head, is_full_frame) ? 80 : 0;
}

const struct converter stap_converter = {
	.name = "stap",
	.summary = "Converts stacks printed by SystemTap, each with a count, to folded stacks.",
	.examples = "  stap -e 'global s; probe timer.profile { s[backtrace()] <<< 1 }\n"
		    "      probe end { foreach (b in s) { print_stack(b); printf(\"\\t%d\\n\", @count(s[b])) } }' > "
		    "out.txt\n"
		    "  stackcollapse-stap out.txt | flamerender > out.svg\n",
	.parallel = true,
	.detect = detect,
	.read = read,
};
