/* Time off the CPU, from the scheduler events that perf recorded:
 * perf record -a -g -e sched:sched_switch -e sched:sched_stat_sleep -e sched:sched_stat_blocked -- sleep 10
 * perf script -F time,comm,pid,tid,event,ip,sym,dso,trace
 * A thread's stack is that of its last sched_switch; the event that says that it was woken says how long it slept. */
#include <math.h>
#include <stdlib.h>

#include "common/mem.h"
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/lines.h"
#include "convert/perf_header.h"

static bool record_tid, record_wake_stack, recurse;

static const struct opt options[] = {
	{0, "record-tid", OPT_FLAG, &record_tid, NULL, "Names of threads are comm-TID.", NULL, 0, false},
	{0, "record-wake-stack", OPT_FLAG, &record_wake_stack, NULL,
		"Above each stack, upside down, stands the stack that woke it, and who that was.", NULL, 0, false},
	{0, "recurse", OPT_FLAG, &recurse, NULL,
		"Above that, behind \"-\", stands what woke the waker, and so on (implies --record-wake-stack).", NULL,
		0, false},
	{0},
};

/* Chains of wakers do not grow beyond so many frames. */
enum { CHAIN_FRAMES = 4000 };

/* What is known of a thread; stacks are nodes of `tree`. */
struct thread {
	bool asleep;
	uint32_t stack; /* in which it went to sleep */
	uint32_t chain; /* --recurse: the whole stack of its last sleep, with its waker's, 0: none */
};

enum event { OTHER, SWITCH, WOKEN };

struct sched {
	struct stacks *tree; /* stacks as paths; weights are nanoseconds */
	struct skipped *skipped;
	struct intern tids;
	struct thread *threads; /* by number in tids */
	size_t thread_count, thread_capacity;
	/* the event being read: */
	enum event event;
	uint32_t subject;          /* the thread that sleeps or was woken */
	uint32_t waker;            /* the thread that ran when the event came */
	uint32_t name, waker_name; /* frames of both */
	double delay;              /* nanoseconds */
	struct frame_list frames;  /* leaf first */
};

static uint32_t thread_number(struct sched *sched, struct text tid)
{
	uint32_t number = intern(&sched->tids, tid.at, tid.size);
	sched->threads = mem_grow(sched->threads, &sched->thread_capacity, number + 1, sizeof *sched->threads);
	while (sched->thread_count <= number)
		sched->threads[sched->thread_count++] = (struct thread){0};
	return number;
}

/* "comm", with --record-tid "comm-ID". */
static uint32_t thread_name(struct sched *sched, struct text comm, struct text id)
{
	struct buffer name = {0};
	buffer_add(&name, comm.at, comm.size);
	if (record_tid)
		buffer_add_format(&name, "-%.*s", (int)id.size, id.at);
	uint32_t result = frame_name(sched->tree, buffer_text(&name));
	buffer_free(&name);
	return result;
}

/* ---- stacks ---- */

/* The node for the path of `node`, below `parent`. */
static uint32_t append_path(struct stacks *tree, uint32_t parent, uint32_t node)
{
	struct frame_list path = {0};
	for (; node; node = tree->nodes[node].parent)
		frame_list_add(&path, tree->nodes[node].name);
	parent = frame_list_down(&path, tree, parent);
	frame_list_free(&path);
	return parent;
}

static size_t path_length(const struct stacks *tree, uint32_t node)
{
	size_t length = 0;
	for (; node; node = tree->nodes[node].parent)
		length++;
	return length;
}

/* What woke the thread: the frames from the leaf to the root, the waker, and with --recurse what woke that. */
static uint32_t append_waker(struct sched *sched, uint32_t node)
{
	node = frame_list_up(&sched->frames, sched->tree, node);
	node = stacks_child(sched->tree, node, sched->waker_name);
	uint32_t chain = recurse ? sched->threads[sched->waker].chain : 0;
	if (!chain || path_length(sched->tree, node) + path_length(sched->tree, chain) >= CHAIN_FRAMES)
		return node;
	node = stacks_child(sched->tree, node, stacks_name(sched->tree, "-", 1));
	return append_path(sched->tree, node, chain);
}

static void end_event(struct sched *sched)
{
	struct stacks *tree = sched->tree;
	struct thread *thread = &sched->threads[sched->subject];
	if (sched->event == SWITCH) {
		*thread = (struct thread){true, .stack = frame_list_down(&sched->frames, tree, 0)};
	} else if (sched->event == WOKEN && thread->asleep) {
		uint32_t stack = thread->stack;
		if (record_wake_stack || recurse)
			stack = append_waker(sched, stack);
		*thread = (struct thread){.chain = stack};
		stacks_add(tree, append_path(tree, stacks_child(tree, 0, sched->name), stack), sched->delay);
	}
	sched->frames.count = 0;
	sched->event = OTHER;
}

/* ---- lines ---- */

/*
 * java 25607/25608 13836.153: sched:sched_switch: prev_comm=java prev_pid=25608 prev_prio=120 prev_state=S ==> ...
 *         ffffffff821f94c3 schedule ([kernel.kallsyms])
 *         7f722d142778 Pool::wait(unsigned long) (/opt/app)
 *
 * swapper 0/0 13836.253: sched:sched_stat_sleep: comm=java pid=25608 delay=100078421 [ns]
 *         ffffffff813a8887 try_to_wake_up ([kernel.kallsyms])
 */

/* The value behind "prev_pid=" and the like, up to the next blank. */
static struct text variable(struct text text, const char *name)
{
	struct text before;
	return cut_until(&text, name, &before) ? cut_word(&text) : (struct text){"", 0};
}

static bool read_switch(struct sched *sched, const struct perf_header *header)
{
	struct text tid = variable(header->rest, "prev_pid=");
	sched->event = text_is(tid, "0") ? OTHER : SWITCH; /* 0: an idle CPU */
	sched->subject = thread_number(sched, tid);
	return tid.size != 0;
}

static bool read_woken(struct sched *sched, const struct perf_header *header)
{
	struct text comm, before, rest = header->rest, tid = variable(rest, " pid="), delay = variable(rest, " delay=");
	uint64_t nanoseconds;
	if (!cut_until(&rest, "comm=", &before) || !cut_until(&rest, " pid=", &comm) || !tid.size ||
		!text_integer(delay, &nanoseconds))
		return false;
	struct text id = header->tid;
	if (header->pid.size && header->pid.at < id.at) /* "0/0": both, as they stand there */
		id = (struct text){header->pid.at, (size_t)(id.at + id.size - header->pid.at)};
	sched->event = WOKEN;
	sched->subject = thread_number(sched, tid);
	sched->waker = thread_number(sched, header->tid);
	sched->name = thread_name(sched, comm, tid);
	sched->waker_name = thread_name(sched, header->comm, id);
	sched->delay = (double)nanoseconds;
	return true;
}

static void begin_event(struct sched *sched, const struct chunk *chunk, struct text line)
{
	struct perf_header header;
	end_event(sched);
	bool good = perf_header_parse(line, &header);
	if (good && text_is(header.event, "sched:sched_switch"))
		good = read_switch(sched, &header);
	else if (good &&
		 (text_is(header.event, "sched:sched_stat_sleep") || text_is(header.event, "sched:sched_stat_blocked")))
		good = read_woken(sched, &header);
	if (good)
		return;
	sched->event = OTHER;
	skip_record(sched->skipped, chunk, line.at, "no event of the scheduler: %.*s",
		line.size > 60 ? 60 : (int)line.size, line.at);
}

/* "c60849 MyClass::Foo(unsigned long) (/opt/a.out)": the words between the address and the file. */
static void add_frame(struct sched *sched, struct text line)
{
	struct text rest = line;
	cut_word(&rest);
	rest = text_trim(rest);
	if (text_ends(rest, " (deleted))"))
		rest.size -= strlen(" (deleted))");
	const char *module = NULL;
	for (struct text part, next = rest; cut_until(&next, " (", &part);)
		module = next.at - 2;
	if (module)
		rest.size = (size_t)(module - rest.at);
	frame_list_add(&sched->frames, frame_name(sched->tree, rest));
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct sched *sched = state;
	if (text_starts(line, "#"))
		return;
	if (!text_trim(line).size)
		end_event(sched);
	else if (line.at[0] != ' ' && line.at[0] != '\t')
		begin_event(sched, chunk, line);
	else if (sched->event != OTHER)
		add_frame(sched, text_trim(line));
}

static void end_file(void *state, const struct chunk *chunk)
{
	struct sched *sched = state;
	(void)chunk;
	end_event(sched);
	for (size_t i = 0; i < sched->thread_count; i++)
		sched->threads[i] = (struct thread){0};
}

/* Stacks weigh whole microseconds. */
static void to_microseconds(struct stacks *tree)
{
	for (uint32_t i = 1; i < tree->count; i++)
		stacks_add(tree, i, floor(stacks_take_weights(tree, i).new / 1000));
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct sched sched = {.tree = stacks_new(false), .skipped = &run->skipped};
	thread_number(&sched, (struct text){"0", 1});
	lines_read(source, take_line, end_file, &sched);
	to_microseconds(sched.tree);
	stacks_merge(stacks, sched.tree);
	stacks_free(sched.tree);
	intern_free(&sched.tids);
	free(sched.threads);
	frame_list_free(&sched.frames);
	return true;
}

static bool is_event(struct text line)
{
	return text_find(line, " sched:sched_stat_sleep: ") || text_find(line, " sched:sched_stat_blocked: ");
}

static int detect(struct text head)
{
	return lines_any(head, is_event) ? 80 : 0;
}

const struct converter perf_sched_converter = {
	.name = "perf-sched",
	.summary = "Converts scheduler events of perf script to folded stacks of time off the CPU, in microseconds.",
	.examples = "  perf script -F time,comm,pid,tid,event,ip,sym,dso,trace | stackcollapse-perf-sched |\n"
		    "      flamerender --colors io --countname us > out.svg\n",
	.options = options,
	.detect = detect,
	.read = read,
};
