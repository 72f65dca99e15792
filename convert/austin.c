/* austin: the text of 3.x, and the binary MOJO form (converted by mojo.c). */
#include "convert/austin.h"

#include "common/folded.h"
#include "common/report.h"
#include "convert/converter.h"
#include "convert/frame.h"
#include "convert/lanes.h"
#include "convert/lines.h"
#include "convert/mojo.h"

static const char *metric;
static const char *const metrics[] = {"time", "cpu", "alloc", "dealloc", NULL};
static bool no_lines;

static const struct opt options[] = {
	{0, "metric", OPT_CHOICE, &metric, "NAME",
		"What is counted, if the samples have several: time, cpu (time that was not idle), alloc or dealloc "
		"(bytes). Default: what "
		"there is, of several time.",
		metrics, 0, false},
	{0, "no-lines", OPT_FLAG, &no_lines, NULL, "Leave the line numbers out.", NULL, 0, false},
	{0},
};

bool austin_weight(const struct austin_values *values, double *weight)
{
	const char *wanted = metric ? metric : values->has_time ? "time" : "alloc";
	switch (*wanted) {
	case 't':
		*weight = values->time;
		return values->has_time;
	case 'c':
		*weight = values->idle ? 0 : values->time;
		return values->has_time;
	case 'a':
		*weight = values->memory > 0 ? values->memory : 0;
		return values->has_memory;
	default:
		*weight = values->memory < 0 ? -values->memory : 0;
		return values->has_memory;
	}
}

struct reader {
	struct stacks *stacks;
	struct run *run;
	bool memory; /* "# mode: memory" */
};

/*
 * # austin: 3.6.0
 * # interval: 100
 * # mode: wall
 *
 * P4317;T0:4317;/tmp/a.py:<module>:7;/tmp/a.py:fib:2 159
 * full mode: "time,idle,memory": P1;T0:1;a.py:f:2 159,1,-4096
 */

static void read_comment(struct reader *reader, struct text line)
{
	if (text_starts(line, "# mode:"))
		reader->memory = text_find(line, "memory") != NULL;
}

/* "159" or "159,0,-4096" */
static bool cut_values(const struct reader *reader, struct text text, struct austin_values *out)
{
	double numbers[3];
	size_t count = 0;
	const char *at = text.at, *end = text.at + text.size;
	*out = (struct austin_values){0};
	while (count < 3 && at <= end) {
		const char *stop = memchr(at, ',', (size_t)(end - at));
		if (!stop)
			stop = end;
		if (!text_number((struct text){at, (size_t)(stop - at)}, true, &numbers[count++]))
			return false;
		at = stop + 1;
	}
	if (at <= end || count == 2)
		return false;
	out->has_time = count == 3 || !reader->memory;
	out->has_memory = count == 3 || reader->memory;
	out->time = out->has_time ? numbers[0] : 0;
	out->idle = count == 3 && numbers[1] != 0;
	out->memory = count == 3 ? numbers[2] : reader->memory ? numbers[0] : 0;
	return true;
}

uint32_t austin_frame(struct stacks *stacks, struct text frame)
{
	const char *colon = no_lines ? memrchr(frame.at, ':', frame.size) : NULL;
	uint64_t line;
	if (colon && text_integer((struct text){colon + 1, (size_t)(frame.at + frame.size - colon - 1)}, &line))
		frame.size = (size_t)(colon - frame.at);
	return frame_name(stacks, frame);
}

/* Cuts "P4317" and "T0:4317" (or "T4317") off. */
static void cut_lane(struct text *stack, struct lane *lane)
{
	for (int i = 0; i < 2; i++) {
		if (!text_starts(*stack, i ? "T" : "P"))
			return;
		struct text rest = *stack, frame = {"", 0};
		folded_frame(&rest, &frame);
		struct text id = {frame.at + 1, frame.size - 1};
		if (memchr(id.at, '.', id.size) || memchr(id.at, '/', id.size))
			return; /* a file */
		*(i ? &lane->tid : &lane->pid) = id;
		*stack = rest;
	}
}

static void read_sample(struct reader *reader, const struct chunk *chunk, struct text line)
{
	const char *blank = memrchr(line.at, ' ', line.size);
	struct austin_values values;
	double weight;
	if (!blank ||
		!cut_values(reader, (struct text){blank + 1, (size_t)(line.at + line.size - blank - 1)}, &values)) {
		skip_record(&reader->run->skipped, chunk, line.at, "no metric at the end of the line");
		return;
	}
	if (!austin_weight(&values, &weight)) {
		skip_record(&reader->run->skipped, chunk, line.at, "the sample has no such metric (--metric)");
		return;
	}
	struct text stack = {line.at, (size_t)(blank - line.at)};
	struct lane lane = {0};
	uint32_t thread;
	cut_lane(&stack, &lane);
	uint32_t node = lane_node(reader->run, reader->stacks, &lane, &thread);
	for (struct text frame; folded_frame(&stack, &frame);)
		node = stacks_child(reader->stacks, node, austin_frame(reader->stacks, frame));
	if (weight > 0)
		stacks_add(reader->stacks, node, weight);
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct reader *reader = state;
	if (text_starts(line, "#"))
		read_comment(reader, line);
	else if (text_trim(line).size)
		read_sample(reader, chunk, line);
}

static void end_file(void *state, const struct chunk *chunk)
{
	struct reader *reader = state;
	(void)chunk;
	reader->memory = false;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	if (text_starts(source_peek(source, 3), "MOJ"))
		return mojo_read(source, stacks, run);
	struct reader reader = {.stacks = stacks, .run = run};
	lines_read(source, take_line, end_file, &reader);
	return true;
}

static int detect(struct text head)
{
	if (text_starts(head, "MOJ") || text_starts(head, "# austin: "))
		return 100;
	const char *at = head.at;
	struct text line;
	if (!next_line(&at, head.at + head.size, &line) || !text_starts(line, "P"))
		return 0;
	struct lane lane = {0};
	cut_lane(&line, &lane);
	return lane.pid.size && lane.tid.size ? 80 : 0;
}

const struct converter austin_converter = {
	.name = "austin",
	.summary = "Converts austin's output (text of 3.x, binary MOJO) to folded stacks; times are microseconds.",
	.examples = "  austin -o out.austin python app.py; stackcollapse-austin --no-lines out.austin > out.folded\n",
	.options = options,
	.timed = true,
	.lanes = true,
	.detect = detect,
	.read = read,
};
