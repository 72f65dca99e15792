/* Time off the CPU, from the scheduler events that perf recorded:
 * perf record -a -g -e sched:sched_switch -e sched:sched_stat_sleep -e sched:sched_stat_blocked -- sleep 10
 * perf script -F time,comm,pid,tid,event,ip,sym,dso,trace
 * A thread's stack is that of its last sched_switch; the event that says that it was woken says how long it slept. */
#include <math.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/lanes.h"
#include "convert/lines.h"
#include "convert/perf_header.h"
#include "convert/slices.h"

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
	int64_t end;    /* --ordered: of its last sleep, nanoseconds */
	bool slept;     /* end is known */
};

enum event { OTHER, SWITCH, WOKEN };

struct sched {
	struct stacks *tree; /* stacks as paths; weights are nanoseconds */
	struct run *run;
	struct slices_output ordered; /* --ordered: what was slept when */
	unsigned long timeless;       /* sleeps whose end has no time */
	struct buffer texts;          /* holds comm and tid */
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
	int64_t time;              /* --ordered: nanoseconds; negative: there is none */
	struct text comm, tid;     /* --ordered: of the subject */
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

/* Copies a path of the tree into the stacks that are written. */
static uint32_t copy_path(const struct stacks *tree, uint32_t node, struct stacks *to, uint32_t parent)
{
	struct frame_list path = {0};
	for (; node; node = tree->nodes[node].parent) {
		struct text name = tree->names.names[tree->nodes[node].name];
		frame_list_add(&path, stacks_name(to, name.at, name.size));
	}
	parent = frame_list_down(&path, to, parent);
	frame_list_free(&path);
	return parent;
}

static void add_step(struct slices_output *output, const struct slice_step *step)
{
	output->steps = mem_grow(output->steps, &output->capacity, output->count + 1, sizeof *output->steps);
	output->steps[output->count++] = *step;
}

/* --ordered: the sleep ends now; between two sleeps there is the thread alone. */
static void add_sleep(struct sched *sched, uint32_t stack)
{
	struct thread *thread = &sched->threads[sched->subject];
	struct stacks *stacks = sched->ordered.stacks;
	struct lane lane = {.thread = sched->comm, .tid = sched->tid};
	uint32_t name, root = lane_node(sched->run, stacks, &lane, &name);
	if (sched->time < 0) {
		sched->timeless++;
		return;
	}
	int64_t length = sched->delay < (double)sched->time ? (int64_t)sched->delay : sched->time;
	int64_t start = sched->time - length;
	if (thread->slept && start < thread->end)
		start = thread->end;
	if (thread->slept && start > thread->end)
		add_step(&sched->ordered, &(struct slice_step){thread->end, start - thread->end, root, sched->subject});
	if (sched->time > start)
		add_step(&sched->ordered, &(struct slice_step){start, sched->time - start,
						  copy_path(sched->tree, stack, stacks, root), sched->subject});
	thread->slept = true;
	thread->end = sched->time > start ? sched->time : start;
}

static void end_sleep(struct sched *sched, struct thread *thread)
{
	struct stacks *tree = sched->tree;
	uint32_t stack = thread->stack;
	if (record_wake_stack || recurse)
		stack = append_waker(sched, stack);
	thread->asleep = false;
	thread->chain = stack;
	if (sched->run->ordered)
		add_sleep(sched, stack);
	else
		stacks_add(tree, append_path(tree, stacks_child(tree, 0, sched->name), stack), sched->delay);
}

static void end_event(struct sched *sched)
{
	struct thread *thread = &sched->threads[sched->subject];
	if (sched->event == SWITCH) {
		thread->asleep = true;
		thread->stack = frame_list_down(&sched->frames, sched->tree, 0);
		thread->chain = 0;
	} else if (sched->event == WOKEN && thread->asleep) {
		end_sleep(sched, thread);
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

/* The texts outlive the chunk in which they stand. */
static void keep_subject(struct sched *sched, struct text comm, struct text tid)
{
	buffer_clear(&sched->texts);
	buffer_add(&sched->texts, comm.at, comm.size);
	buffer_add(&sched->texts, tid.at, tid.size);
	sched->comm = (struct text){sched->texts.at, comm.size};
	sched->tid = (struct text){sched->texts.at + comm.size, tid.size};
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
	keep_subject(sched, comm, tid);
	sched->time = header->has_time && header->time < 9e9 ? llround(header->time * 1e9) : -1;
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

static bool write_ordered(struct sched *sched)
{
	sched->ordered.threads = (uint32_t)sched->thread_count;
	slices_end(&sched->ordered);
	if (sched->timeless)
		report_error("%lu sleep%s without a time: --ordered needs perf script -F time,...", sched->timeless,
			plural(sched->timeless));
	return !sched->timeless;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct sched sched = {.tree = stacks_new(false), .skipped = &run->skipped, .run = run};
	bool good = true;
	sched.ordered = (struct slices_output){.stacks = stacks, .ordered = true};
	thread_number(&sched, (struct text){"0", 1});
	lines_read(source, take_line, end_file, &sched);
	if (run->ordered) {
		good = write_ordered(&sched);
	} else {
		to_microseconds(sched.tree);
		stacks_merge(stacks, sched.tree);
	}
	stacks_free(sched.tree);
	intern_free(&sched.tids);
	free(sched.threads);
	frame_list_free(&sched.frames);
	buffer_free(&sched.texts);
	return good;
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
	.timed = true,
	.detect = detect,
	.read = read,
};
