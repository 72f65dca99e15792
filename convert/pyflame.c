/* pyflame's other outputs: --flamechart (a time and a stack on two lines) and -d (a dump of all threads). Its usual
 * output is folded already and passes through. */
#include "convert/converter.h"
#include "convert/frame.h"
#include "convert/lines.h"
#include "convert/timeline.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/folded.h"
#include "common/mem.h"

static bool exclude_idle, by_time;

static const struct opt options[] = {
	{'x', "exclude-idle", OPT_FLAG, &exclude_idle, NULL, "Leave out what was idle.", NULL, 0, false},
	{0, "time", OPT_FLAG, &by_time, NULL,
		"Weights are the microseconds up to the next sample, not samples (--flamechart).", NULL, 0, false},
	{0},
};

struct reader {
	struct stacks *stacks;
	struct run *run;
	struct timeline timeline;
	struct frame_list frames; /* of a dumped thread, leaf first */
	double time;              /* of the sample whose stack comes next, microseconds; negative: none */
	double last_gap;          /* between the last two times */
	uint32_t *pending;        /* stacks of the last time, which wait for the next one */
	size_t pending_count, pending_capacity;
	double pending_time;
	unsigned at_this_time; /* stacks with the last time: one of each thread */
	bool in_dump;
};

/* The node of "frame;frame;frame;". */
static uint32_t go_down(struct reader *reader, struct text stack, uint32_t node)
{
	for (struct text frame; folded_frame(&stack, &frame);)
		if (frame.size)
			node = frame_child(reader->stacks, node, frame);
	return node;
}

static void flush_pending(struct reader *reader, double gap)
{
	for (size_t i = 0; i < reader->pending_count; i++)
		stacks_add(reader->stacks, reader->pending[i], gap);
	reader->pending_count = 0;
}

/* Threads have no names: the first stack of each time is one thread's, the second another's. */
static uint32_t thread_of(struct reader *reader)
{
	char name[32];
	int size = snprintf(name, sizeof name, "thread %u", ++reader->at_this_time);
	return stacks_name(reader->stacks, name, (size_t)size);
}

/*
 * 1476839300000000
 * app.py:main:12;app.py:work:20;
 * 1476839300001000
 * (idle)
 */
static void add_timed(struct reader *reader, struct text stack)
{
	double time = reader->time;
	if (exclude_idle && text_is(stack, "(idle)")) {
		stack.size = 0;
		if (!reader->run->ordered)
			return;
	}
	if (reader->run->ordered) {
		uint32_t thread = thread_of(reader);
		uint32_t node = stacks_child(reader->stacks, 0, thread);
		timeline_add(&reader->timeline, thread, go_down(reader, stack, node), time);
	} else if (!by_time) {
		stacks_add(reader->stacks, go_down(reader, stack, 0), 1);
	} else {
		if (reader->pending_count && time != reader->pending_time) {
			reader->last_gap = time > reader->pending_time ? time - reader->pending_time : 0;
			flush_pending(reader, reader->last_gap);
		}
		reader->pending_time = time;
		reader->pending = mem_grow(
			reader->pending, &reader->pending_capacity, reader->pending_count + 1, sizeof *reader->pending);
		reader->pending[reader->pending_count++] = go_down(reader, stack, 0);
	}
}

static void end_dumped_thread(struct reader *reader)
{
	if (reader->frames.count)
		stacks_add(reader->stacks, frame_list_down(&reader->frames, reader->stacks, 0), 1);
}

/* "1234*:" starts a thread of a dump (the star: it holds the GIL). */
static bool is_thread_line(struct text line)
{
	uint64_t tid;
	if (!text_ends(line, ":"))
		return false;
	line.size--;
	if (text_ends(line, "*"))
		line.size--;
	return text_integer(line, &tid);
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct reader *reader = state;
	uint64_t time;
	struct folded_line folded;
	if (is_thread_line(line)) {
		end_dumped_thread(reader);
		reader->in_dump = true;
	} else if (!line.size) {
		end_dumped_thread(reader);
	} else if (reader->in_dump) {
		frame_list_add(&reader->frames, frame_name(reader->stacks, line));
	} else if (text_integer(line, &time)) {
		if ((double)time != reader->time)
			reader->at_this_time = 0;
		reader->time = (double)time;
	} else if (reader->time >= 0) {
		add_timed(reader, line);
	} else if (!folded_is_blank(line) && folded_parse(line, false, &folded) && !reader->run->ordered) {
		if (!exclude_idle || !text_is(folded.stack, "(idle)"))
			stacks_add(reader->stacks, go_down(reader, folded.stack, 0), folded.count);
	} else {
		skip_record(&reader->run->skipped, chunk, line.at, "neither a time, nor a stack that follows one");
	}
}

static void end_file(void *state, const struct chunk *chunk)
{
	struct reader *reader = state;
	(void)chunk;
	end_dumped_thread(reader);
	flush_pending(reader, reader->last_gap);
	reader->time = -1;
	reader->in_dump = false;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct reader reader = {.stacks = stacks, .run = run, .time = -1};
	timeline_begin(&reader.timeline, stacks, run->ordered);
	lines_read(source, take_line, end_file, &reader);
	bool good = timeline_end(&reader.timeline);
	frame_list_free(&reader.frames);
	free(reader.pending);
	return good;
}

static int detect(struct text head)
{
	const char *at = head.at, *end = head.at + head.size;
	struct text first, second;
	uint64_t time;
	if (!next_line(&at, end, &first) || !next_line(&at, end, &second))
		return 0;
	if (text_integer(first, &time) && time > 1000000 && (text_ends(second, ";") || text_is(second, "(idle)")))
		return 80;
	return is_thread_line(first) && memchr(second.at, ':', second.size) ? 60 : 0;
}

const struct converter pyflame_converter = {
	.name = "pyflame",
	.summary = "Converts pyflame's --flamechart (-T) and -d output to folded stacks.",
	.examples = "  pyflame --flamechart -p PID | stackcollapse-pyflame --ordered | flamerender --flamechart > "
		    "out.svg\n",
	.options = options,
	.timed = true,
	.detect = detect,
	.read = read,
};
