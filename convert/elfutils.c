/* Backtraces of elfutils' eu-stack, one after the other; each stack counts 1. */
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/parallel.h"

struct elfutils {
	struct worker worker;
	uint64_t pid, tid;
	struct frame_list frames; /* leaf first */
};

/*
 * PID 5922 - process
 * TID 5922:
 * #0  0x000055bbb58093b3 spin(int)
 *     /src/busy.cc:14:41                     (eu-stack -s)
 * #1  0x000055bbb5809559 - 1 main            (older: "- 1" where the address is a return address)
 * #2  0x00007f13a18d44a3
 */

static uint32_t number_frame(struct elfutils *elfutils, uint32_t parent, const char *what, uint64_t number)
{
	struct buffer name = {0};
	buffer_add_format(&name, "%s=%llu", what, (unsigned long long)number);
	uint32_t node = frame_child(elfutils->worker.stacks, parent, buffer_text(&name));
	buffer_free(&name);
	return node;
}

static void end_stack(struct elfutils *elfutils)
{
	if (!elfutils->frames.count)
		return;
	const struct run *run = elfutils->worker.run;
	uint32_t node = run->pid ? number_frame(elfutils, 0, "PID", elfutils->pid) : 0;
	node = run->tid || run->threads ? number_frame(elfutils, node, "TID", elfutils->tid) : node;
	stacks_add(elfutils->worker.stacks, frame_list_down(&elfutils->frames, elfutils->worker.stacks, node), 1);
}

/* "#1  0x000055bbb5809559 - 1 main" */
static bool add_frame(struct elfutils *elfutils, struct text line)
{
	uint64_t number;
	if (!cut_start(&line, "#") || !cut_integer(&line, &number) || !text_starts(cut_word(&line), "0x"))
		return false;
	if (!cut_start(&line, "- 1 ") && text_is(line, "- 1"))
		line.size = 0;
	frame_list_add(&elfutils->frames, frame_name(elfutils->worker.stacks, line));
	return true;
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct elfutils *elfutils = state;
	struct text rest = line;
	bool good = true;
	if (cut_start(&rest, "PID ")) {
		end_stack(elfutils);
		good = cut_integer(&rest, &elfutils->pid);
	} else if (cut_start(&rest, "TID ")) {
		end_stack(elfutils);
		good = cut_integer(&rest, &elfutils->tid);
	} else if (text_starts(line, "#")) {
		good = add_frame(elfutils, line);
	}
	if (!good)
		skip_record(&elfutils->worker.run->skipped, chunk, line.at,
			"not 'PID N', 'TID N' or '#N ADDRESS FUNCTION'");
}

static void end_file(void *state, const struct chunk *chunk)
{
	(void)chunk;
	end_stack(state);
}

static bool starts_record(struct text line)
{
	return text_starts(line, "PID ");
}

static size_t cut_records(const char *data, size_t size)
{
	return lines_cut_before(data, size, starts_record);
}

static bool end(void *state)
{
	struct elfutils *elfutils = state;
	frame_list_free(&elfutils->frames);
	return true;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	static const struct parallel_format format = {.cut = cut_records,
		.state_size = sizeof(struct elfutils),
		.take = take_line,
		.end_of_lines = end_file,
		.end = end};
	return parallel_read(&format, source, stacks, run);
}

/* "TID 5922:" */
static bool is_thread(struct text line)
{
	uint64_t tid;
	return cut_start(&line, "TID ") && cut_integer(&line, &tid) && text_is(line, ":");
}

static int detect(struct text head)
{
	return lines_any(head, is_thread) ? 80 : 0;
}

const struct converter elfutils_converter = {
	.name = "elfutils",
	.summary = "Converts backtraces of eu-stack (elfutils) to folded stacks.",
	.examples =
		"  for i in $(seq 100); do eu-stack -p PID; done | stackcollapse-elfutils | flamerender > out.svg\n",
	.parallel = true,
	.lanes = true,
	.detect = detect,
	.read = read,
};
