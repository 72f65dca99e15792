/* Backtraces of gdb, one after the other (the poor man's profiler):
 * gdb -p PID -batch -ex "set pagination 0" -ex "thread apply all bt"; each stack counts 1. */
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/lanes.h"
#include "convert/parallel.h"

static bool with_lines;

static const struct opt options[] = {
	{0, "lines", OPT_FLAG, &with_lines, NULL, "Append source lines: main (busy.c:14).", NULL, 0, false},
	{0},
};

struct gdb {
	struct worker worker;
	struct buffer thread, tid; /* the thread's name and number */
	struct buffer frame;       /* the frame that was read last: it may go on in the next line */
	struct frame_list frames;  /* those before it, leaf first */
};

/*
 * Thread 2 (Thread 0x7f13a153d6c0 (LWP 5923) "worker"):
 * #0  0x00007f13a16f1d8a in std::map<int, int>::find (this=0x7ffe017edc70, k="long argument",
 *     v=3) at map.h:12
 * #1  <signal handler called>
 * #2  main () at busy.cc:20
 */

/* How long is "operator<", "operator->" or the like at that place, whose signs are no brackets; 0 if it is none. */
static size_t operator_length(struct text name, size_t at)
{
	static const char word[] = "operator";
	struct text rest = {name.at + at, name.size - at};
	if (!text_starts(rest, word))
		return 0;
	size_t length = sizeof word - 1;
	while (length < rest.size && memchr("<>=-!", rest.at[length], 5))
		length++;
	return length;
}

/* The function's name: what stands before the first " (" that is outside of all brackets. */
static struct text function_of(struct text text)
{
	size_t depth = 0;
	for (size_t i = operator_length(text, 0); i + 1 < text.size; i += 1 + operator_length(text, i + 1)) {
		char c = text.at[i];
		if (depth == 0 && c == ' ' && text.at[i + 1] == '(')
			return (struct text){text.at, i};
		if (c == '<' || c == '(' || c == '{')
			depth++;
		else if (depth && (c == '>' || c == ')' || c == '}'))
			depth--;
	}
	const char *arguments = text_find(text, " (");
	return arguments ? (struct text){text.at, (size_t)(arguments - text.at)} : text;
}

/* "main () at src/busy.cc:20": busy.cc:20. Empty if no line is known. */
static struct text source_line_of(struct text text)
{
	const char *last = NULL;
	for (struct text part, rest = text; cut_until(&rest, ") at ", &part);)
		last = rest.at;
	if (!last)
		return (struct text){"", 0};
	const char *end = text.at + text.size, *slash = memrchr(last, '/', (size_t)(end - last));
	last = slash ? slash + 1 : last;
	return (struct text){last, (size_t)(end - last)};
}

static void end_frame(struct gdb *gdb)
{
	struct text text = buffer_text(&gdb->frame);
	if (!text.size)
		return;
	struct text function = function_of(text), line = source_line_of(text);
	struct buffer name = {0};
	buffer_add(&name, function.at, function.size);
	if (with_lines && line.size)
		buffer_add_format(&name, " (%.*s)", (int)line.size, line.at);
	frame_list_add(&gdb->frames, frame_name(gdb->worker.stacks, buffer_text(&name)));
	buffer_free(&name);
	buffer_clear(&gdb->frame);
}

static void end_stack(struct gdb *gdb)
{
	end_frame(gdb);
	if (!gdb->frames.count)
		return;
	struct lane lane = {.thread = buffer_text(&gdb->thread), .tid = buffer_text(&gdb->tid)};
	uint32_t thread, root = lane_node(gdb->worker.run, gdb->worker.stacks, &lane, &thread);
	stacks_add(gdb->worker.stacks, frame_list_down(&gdb->frames, gdb->worker.stacks, root), 1);
}

/* Thread 2 (Thread 0x7f13a153d6c0 (LWP 5923) "worker"):
 * Thread 2 (LWP 5923 "worker"):                            without the threads' library */
static void begin_thread(struct gdb *gdb, struct text line)
{
	struct text before, name;
	uint64_t tid;
	buffer_clear(&gdb->thread);
	buffer_clear(&gdb->tid);
	if (cut_until(&line, "(LWP ", &before) && cut_integer(&line, &tid))
		buffer_add_format(&gdb->tid, "%llu", (unsigned long long)tid);
	if (cut_until(&line, " \"", &before) && cut_until(&line, "\"", &name))
		buffer_add(&gdb->thread, name.at, name.size);
}

/* #0  0x00007f13a16f1d8a in __sleep (seconds=0) at sleep.c:55 */
static void begin_frame(struct gdb *gdb, const struct chunk *chunk, struct text line)
{
	struct text rest = line, address;
	uint64_t number;
	cut_start(&rest, "#");
	if (!cut_integer(&rest, &number)) {
		skip_record(&gdb->worker.run->skipped, chunk, line.at, "a frame without a number");
		return;
	}
	if (number == 0)
		end_stack(gdb);
	end_frame(gdb);
	cut_blanks(&rest);
	bool has_function = !text_starts(rest, "0x") || cut_until(&rest, " in ", &address);
	if (has_function && rest.size)
		buffer_add(&gdb->frame, rest.at, rest.size);
	else
		skip_record(&gdb->worker.run->skipped, chunk, line.at, "a frame without a function");
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	enum { FRAME_BYTES = 1 << 16, INDENT = 4 };
	struct gdb *gdb = state;
	struct text rest = line;
	if (text_starts(line, "Thread ")) {
		end_stack(gdb);
		begin_thread(gdb, line);
	} else if (line.size > 1 && line.at[0] == '#' && line.at[1] >= '0' && line.at[1] <= '9') {
		begin_frame(gdb, chunk, line);
	} else if (cut_blanks(&rest) >= INDENT && rest.size) {
		if (line.size - rest.size == INDENT && gdb->frame.size && gdb->frame.size < FRAME_BYTES) {
			buffer_add_char(&gdb->frame, ' ');
			buffer_add(&gdb->frame, rest.at, rest.size);
		} /* else it is a local variable of bt full */
	} else if (!text_is(line, "No locals.") && !text_starts(line, "--Type <RET>")) {
		end_stack(gdb);
	}
}

static void end_file(void *state, const struct chunk *chunk)
{
	struct gdb *gdb = state;
	(void)chunk;
	end_stack(gdb);
	buffer_clear(&gdb->thread);
	buffer_clear(&gdb->tid);
}

static bool starts_thread(struct text line)
{
	return text_starts(line, "Thread ");
}

static bool starts_stack(struct text line)
{
	return text_starts(line, "#0 ");
}

/* Without headings of threads each stack stands for itself. */
static size_t cut_records(const char *data, size_t size)
{
	size_t thread = lines_cut_before(data, size, starts_thread);
	if (thread || text_starts((struct text){data, size}, "Thread "))
		return thread;
	return lines_cut_before(data, size, starts_stack);
}

static bool end(void *state)
{
	struct gdb *gdb = state;
	buffer_free(&gdb->thread);
	buffer_free(&gdb->tid);
	buffer_free(&gdb->frame);
	frame_list_free(&gdb->frames);
	return true;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	static const struct parallel_format format = {.cut = cut_records,
		.state_size = sizeof(struct gdb),
		.take = take_line,
		.end_of_lines = end_file,
		.end = end};
	return parallel_read(&format, source, stacks, run);
}

static bool is_thread(struct text line)
{
	return text_starts(line, "Thread ") && text_find(line, " (Thread 0x") && text_find(line, "(LWP ");
}

/* "#0  0x00005555 in main ()", "#1  main ()" */
static bool is_frame(struct text line)
{
	return text_starts(line, "#0  ") && text_find(line, " (");
}

static int detect(struct text head)
{
	return lines_any(head, is_thread) ? 80 : lines_any(head, is_frame) ? 60 : 0;
}

const struct converter gdb_converter = {
	.name = "gdb",
	.summary = "Converts backtraces of gdb (thread apply all bt) to folded stacks.",
	.examples =
		"  for i in $(seq 100); do gdb -p PID -batch -ex 'set pagination 0' -ex 'thread apply all bt'; done |\n"
		"      stackcollapse-gdb --threads | flamerender > out.svg\n",
	.options = options,
	.parallel = true,
	.lanes = true,
	.detect = detect,
	.read = read,
};
