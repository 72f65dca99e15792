/* Thread dumps of jstack, one after the other. Only threads that run count, 1 for each dump. */
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/java.h"
#include "convert/parallel.h"

struct jstack {
	struct worker worker;
	bool inside;              /* of a thread's record */
	bool running, idle;       /* its state; known not to run whatever its state */
	struct buffer thread;     /* its name */
	struct frame_list frames; /* leaf first */
};

/*
 * "pool-1-thread-1" #12 prio=5 os_prio=0 tid=0x00007ff454436140 nid=0x1797 runnable [0x00007ff42c8fb000]
 *    java.lang.Thread.State: RUNNABLE
 *         at Busy.fib(Busy.java:3)
 *         - locked <0x0000000687400d08> (a java.lang.Object)
 *         at java.lang.Thread.run(java.base@17.0.15/Thread.java:840)
 */

static bool holds(struct text text, const char *part)
{
	return text_find(text, part) != NULL;
}

/* Threads of the virtual machine, which are always RUNNABLE. */
static bool is_background(struct text name)
{
	const char *compiler = text_find(name, " CompilerThread");
	return (compiler && compiler - name.at >= 2 && compiler[-2] == 'C') || holds(name, "Signal Dispatcher") ||
	       holds(name, "Service Thread") || holds(name, "Attach Listener");
}

/* Methods in which a RUNNABLE thread waits. */
static bool is_waiting(struct text method)
{
	const char *socket = text_find(method, "Socket");
	return holds(method, "epollWait") || holds(method, "EPoll.wait") || text_ends(method, "socketAccept") ||
	       text_ends(method, "socketRead0") ||
	       (socket && text_ends(method, "accept0") && method.at + method.size - socket >= 13);
}

static void end_thread(struct jstack *jstack)
{
	if (jstack->inside && jstack->running && !jstack->idle) {
		uint32_t node =
			java_dump.omit_name ? 0 : frame_child(jstack->worker.stacks, 0, buffer_text(&jstack->thread));
		node = frame_list_down(&jstack->frames, jstack->worker.stacks, node);
		if (node)
			stacks_add(jstack->worker.stacks, node, 1);
	}
	jstack->frames.count = 0;
	jstack->inside = jstack->running = jstack->idle = false;
}

static void begin_thread(struct jstack *jstack, struct text line)
{
	end_thread(jstack);
	cut_start(&line, "\"");
	struct text name = text_before(line, '"'), shown = java_thread_name(name, java_dump.include_number);
	jstack->inside = true;
	jstack->idle = is_background(name);
	buffer_clear(&jstack->thread);
	buffer_add(&jstack->thread, shown.at, shown.size);
}

static void take_record_line(struct jstack *jstack, const struct chunk *chunk, struct text line)
{
	struct text method, number, rest = line;
	if (java_frame_cut(line, &method, &number)) {
		jstack->idle |= is_waiting(method);
		frame_list_add(
			&jstack->frames, java_frame_name(jstack->worker.stacks, method, number, &java_dump.naming));
	} else if (cut_until(&rest, "java.lang.Thread.State: ", &method)) {
		jstack->running = text_is(cut_word(&rest), "RUNNABLE");
	} else if (cut_blanks(&rest) == 0 || text_is(text_trim(rest), "at")) {
		skip_record(&jstack->worker.run->skipped, chunk, line.at, "no line of a thread: %.*s",
			line.size > 60 ? 60 : (int)line.size, line.at);
	} /* else "- locked <...>", "No compile task" and such */
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct jstack *jstack = state;
	if (text_starts(line, "#"))
		return;
	if (text_starts(line, "\""))
		begin_thread(jstack, line);
	else if (!text_trim(line).size)
		end_thread(jstack);
	else if (jstack->inside)
		take_record_line(jstack, chunk, line);
}

static void end_file(void *state, const struct chunk *chunk)
{
	(void)chunk;
	end_thread(state);
}

static bool starts_record(struct text line)
{
	return text_starts(line, "\"");
}

static size_t cut_records(const char *data, size_t size)
{
	return lines_cut_before(data, size, starts_record);
}

static bool end(void *state)
{
	struct jstack *jstack = state;
	buffer_free(&jstack->thread);
	frame_list_free(&jstack->frames);
	return true;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	static const struct parallel_format format = {.cut = cut_records,
		.state_size = sizeof(struct jstack),
		.take = take_line,
		.end_of_lines = end_file,
		.end = end};
	return parallel_read(&format, source, stacks, run);
}

static bool is_heading(struct text line)
{
	return text_starts(line, "Full thread dump ") || text_starts(line, "   java.lang.Thread.State: ");
}

static int detect(struct text head)
{
	return lines_any(head, is_heading) ? 80 : 0;
}

const struct converter jstack_converter = {
	.name = "jstack",
	.summary = "Converts Java thread dumps (jstack) to folded stacks; only running threads count.",
	.examples = "  for i in $(seq 100); do jstack PID; done | stackcollapse-jstack | flamerender > out.svg\n",
	.options = java_dump_options,
	.parallel = true,
	.detect = detect,
	.read = read,
};
