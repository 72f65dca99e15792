/* What Python's faulthandler prints (dump_traceback_later with repeat, or a signal), also between other text; each
 * stack counts 1. */
#include <inttypes.h>

#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/lanes.h"
#include "convert/parallel.h"

static bool no_lines;

static const struct opt options[] = {
	{0, "no-lines", OPT_FLAG, &no_lines, NULL, "Leave the line numbers out of the frame names.", NULL, 0, false},
	{0},
};

struct faulthandler {
	struct worker worker;
	struct buffer thread, tid; /* the thread's name and number */
	struct buffer name;
	struct frame_list frames; /* of the stack so far, leaf first */
};

/*
 * Thread 0x00007f10c4af06c0 [worker-1] (most recent call first):
 *   File "/app/job.py", line 4 in parse
 *   File "/app/job.py", line 10 in <module>
 *   ...                                         (deeper than 100 frames: these are left out)
 *
 * Current thread's C stack trace (most recent call first):
 *   Binary file "/usr/bin/python3", at _Py_DumpStack+0x48 [0x61e5c8]
 */

/* Python says the name of threads that have one from 3.14 on. */
static void begin_thread(struct faulthandler *state, struct text line)
{
	struct text before, tid, name;
	buffer_clear(&state->thread);
	buffer_clear(&state->tid);
	if (!cut_until(&line, "hread 0x", &before))
		return;
	tid = cut_word(&line);
	buffer_add_format(&state->tid, "0x%.*s", (int)tid.size, tid.at);
	if (cut_start(&line, "[") && cut_until(&line, "] (", &name))
		buffer_add(&state->thread, name.at, name.size);
}

static void end_stack(struct faulthandler *state)
{
	if (!state->frames.count)
		return;
	struct lane lane = {.thread = buffer_text(&state->thread), .tid = buffer_text(&state->tid)};
	uint32_t thread, root = lane_node(state->worker.run, state->worker.stacks, &lane, &thread);
	stacks_add(state->worker.stacks, frame_list_down(&state->frames, state->worker.stacks, root), 1);
}

/*   File "/app/job.py", line 4 in parse: "/app/job.py:4:parse". False if it is none. */
static bool add_frame(struct faulthandler *state, struct text line)
{
	struct text file, number;
	uint64_t value;
	if (!cut_start(&line, "  File \"") || !cut_until(&line, "\", line ", &file) ||
		!cut_until(&line, " in ", &number) || !text_integer(number, &value) || !line.size)
		return false;
	buffer_clear(&state->name);
	buffer_add(&state->name, file.at, file.size);
	if (!no_lines)
		buffer_add_format(&state->name, ":%" PRIu64, value);
	buffer_add_format(&state->name, ":%.*s", (int)line.size, line.at);
	frame_list_add(&state->frames, frame_name(state->worker.stacks, buffer_text(&state->name)));
	return true;
}

static void take_line(void *reader, const struct chunk *chunk, struct text line)
{
	struct faulthandler *state = reader;
	if (text_starts(line, "  File \"")) {
		if (!add_frame(state, line))
			skip_record(&state->worker.run->skipped, chunk, line.at,
				"a frame that is not 'File \"FILE\", line N in NAME'");
	} else if (text_is(line, "  ...") && state->frames.count) {
		frame_list_add(&state->frames, stacks_name(state->worker.stacks, "...", 3));
		end_stack(state);
	} else {
		end_stack(state);
		if (text_starts(line, "Thread 0x") || text_starts(line, "Current thread 0x") ||
			text_starts(line, "Stack ("))
			begin_thread(state, line);
	}
}

static void end_file(void *reader, const struct chunk *chunk)
{
	struct faulthandler *state = reader;
	(void)chunk;
	end_stack(state);
	buffer_clear(&state->thread);
	buffer_clear(&state->tid);
}

static bool starts_record(struct text line)
{
	return text_starts(line, "Thread 0x") || text_starts(line, "Current thread 0x") || text_starts(line, "Stack (");
}

static size_t cut_records(const char *data, size_t size)
{
	return lines_cut_before(data, size, starts_record);
}

static bool end(void *reader)
{
	struct faulthandler *state = reader;
	buffer_free(&state->thread);
	buffer_free(&state->tid);
	buffer_free(&state->name);
	frame_list_free(&state->frames);
	return true;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	static const struct parallel_format format = {.cut = cut_records,
		.state_size = sizeof(struct faulthandler),
		.take = take_line,
		.end_of_lines = end_file,
		.end = end};
	return parallel_read(&format, source, stacks, run);
}

static bool is_header(struct text line)
{
	return (text_starts(line, "Thread 0x") || text_starts(line, "Current thread 0x") ||
		       text_starts(line, "Stack (")) &&
	       text_ends(line, "(most recent call first):");
}

static int detect(struct text head)
{
	return lines_any(head, is_header) ? 80 : 0;
}

const struct converter faulthandler_converter = {
	.name = "faulthandler",
	.summary = "Converts the tracebacks of Python's faulthandler to folded stacks.",
	.examples = "  python3 -c 'import faulthandler; faulthandler.dump_traceback_later(0.1, repeat=True); import "
		    "app' 2> out.txt\n"
		    "  stackcollapse-faulthandler --threads out.txt | flamerender > out.svg\n",
	.options = options,
	.parallel = true,
	.lanes = true,
	.detect = detect,
	.read = read,
};
