#include "sampler/sample.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/mem.h"
#include "common/report.h"
#include "sampler/remote.h"
#include "sampler/threads.h"

enum { MOST_TRIES = 8, ROOT_TIMES = 3, MOST_THREADS = 8192, MOST_INTERPRETERS = 256 };

/* A thread that we trace. */
struct seized {
	uint64_t thread; /* its state */
	pid_t tid;
	uint64_t identity; /* see threads_identity */
};

/* The frame at the bottom of a thread's stack, for reading without a stop. */
struct root {
	uint64_t thread, root, candidate;
	int times; /* how often the candidate was seen in a row */
};

struct sampler {
	struct target target;
	struct sampling sampling;
	struct codecache *cache;
	struct snapshot snapshot;
	uint64_t gil;
	struct pystack stack, again, later;
	uint32_t *names;
	size_t name_capacity;
	struct seized *seized;
	size_t seized_count, seized_capacity;
	bool fell_back;
	struct root *roots;
	size_t root_count, root_capacity;
	uint64_t *threads; /* room for the list of all */
};

struct sampler *sampler_new(const struct target *target, const struct sampling *sampling,
	const struct frame_naming *naming, struct intern *names)
{
	struct sampler *sampler = mem_zero(1, sizeof *sampler);
	sampler->target = *target;
	sampler->sampling = *sampling;
	sampler->cache = codecache_new(target, naming, names);
	sampler->snapshot.pid = target->pid;
	sampler->gil = threads_find_gil(target);
	sampler->threads = mem_zero(MOST_THREADS, sizeof *sampler->threads);
	return sampler;
}

bool sampler_fell_back(const struct sampler *sampler)
{
	return sampler->fell_back;
}

void sampler_free(struct sampler *sampler)
{
	for (size_t i = 0; i < sampler->seized_count; i++)
		remote_release(sampler->seized[i].tid);
	codecache_free(sampler->cache);
	snapshot_free(&sampler->snapshot);
	free(sampler->stack.frames);
	free(sampler->again.frames);
	free(sampler->later.frames);
	free(sampler->names);
	free(sampler->seized);
	free(sampler->roots);
	free(sampler->threads);
	free(sampler);
}

/* ---- stopping the thread ---- */

static void forget_seized(struct sampler *sampler, pid_t tid)
{
	for (size_t i = 0; i < sampler->seized_count; i++)
		if (sampler->seized[i].tid == tid)
			sampler->seized[i--] = sampler->seized[--sampler->seized_count];
}

static void fall_back(struct sampler *sampler)
{
	if (!sampler->fell_back)
		report_warning("its threads cannot be stopped (another program traces them, or it is forbidden): "
			       "reading without "
			       "a stop, which misses short functions");
	sampler->fell_back = true;
}

static bool is_seized(const struct sampler *sampler, pid_t tid)
{
	for (size_t i = 0; i < sampler->seized_count; i++)
		if (sampler->seized[i].tid == tid)
			return true;
	return false;
}

/* The thread, traced from now on; NULL if it is gone or cannot be traced. */
static struct seized *seize(struct sampler *sampler, uint64_t thread)
{
	uint64_t identity;
	for (size_t i = 0; i < sampler->seized_count; i++)
		if (sampler->seized[i].thread == thread)
			return &sampler->seized[i];
	pid_t tid = threads_number(&sampler->target, thread, &identity);
	if (!tid)
		return NULL;
	bool ours = is_seized(sampler, tid);
	forget_seized(sampler, tid); /* known by another state: that one is gone */
	if (!ours && !remote_seize(tid)) {
		if (errno == EPERM && threads_state(sampler->target.pid, tid) != 0)
			fall_back(sampler);
		return NULL;
	}
	sampler->seized = mem_grow(
		sampler->seized, &sampler->seized_capacity, sampler->seized_count + 1, sizeof *sampler->seized);
	sampler->seized[sampler->seized_count] = (struct seized){thread, tid, identity};
	return &sampler->seized[sampler->seized_count++];
}

/* ---- reading ---- */

/* Turns the walked frames into names; false if one of them is no code object. */
static bool name_frames(struct sampler *sampler, const struct pystack *stack)
{
	sampler->names = mem_grow(sampler->names, &sampler->name_capacity, stack->count + 1, sizeof *sampler->names);
	for (size_t i = 0; i < stack->count; i++)
		if (!codecache_name(sampler->cache, &sampler->snapshot, stack->frames[i].code,
			    stack->frames[i].position, &sampler->names[i]))
			return false;
	return true;
}

/* Stacks seldom change at their root: another root than last time is believed when it is seen again. */
static bool is_root_known(struct sampler *sampler, uint64_t thread, const struct pystack *stack)
{
	if (!stack->count)
		return true;
	uint64_t root = stack->frames[stack->count - 1].address;
	if (codecache_is_generator(sampler->cache, stack->frames[stack->count - 1].code))
		return false;
	struct root *known = NULL;
	for (size_t i = 0; i < sampler->root_count && !known; i++)
		if (sampler->roots[i].thread == thread)
			known = &sampler->roots[i];
	if (!known) {
		sampler->roots = mem_grow(
			sampler->roots, &sampler->root_capacity, sampler->root_count + 1, sizeof *sampler->roots);
		known = &sampler->roots[sampler->root_count++];
		*known = (struct root){.thread = thread};
	}
	known->times = root == known->candidate ? known->times + 1 : 1;
	known->candidate = root;
	if (known->times >= ROOT_TIMES)
		known->root = root;
	return root == known->root;
}

/* Reads two copies of the thread's stack, in opposite orders, with one call; true if they agree. */
static bool read_twice(struct sampler *sampler, uint64_t thread, struct pystack *stack)
{
	snapshot_begin_twice(&sampler->snapshot);
	return walk_stack(&sampler->target, &sampler->snapshot, thread, stack) && snapshot_turn(&sampler->snapshot) &&
	       walk_stack(&sampler->target, &sampler->snapshot, thread, &sampler->again) &&
	       pystack_equal(stack, &sampler->again);
}

/* The process moves while it is read, and a loop can be faster than one reading: four copies must agree, and the root
 * must be the known one. */
static bool read_moving(struct sampler *sampler, uint64_t thread)
{
	for (int attempt = 0; attempt < MOST_TRIES; attempt++)
		if (read_twice(sampler, thread, &sampler->stack) && read_twice(sampler, thread, &sampler->later) &&
			pystack_equal(&sampler->stack, &sampler->later) && name_frames(sampler, &sampler->stack) &&
			is_root_known(sampler, thread, &sampler->stack))
			return true;
	return false;
}

static bool read_standing(struct sampler *sampler, uint64_t thread)
{
	return walk_stack(&sampler->target, &sampler->snapshot, thread, &sampler->stack) &&
	       name_frames(sampler, &sampler->stack);
}

static bool read_thread(struct sampler *sampler, uint64_t thread, bool standing)
{
	return standing ? read_standing(sampler, thread) : read_moving(sampler, thread);
}

/* What `take` is called with, and whether anything was taken. */
struct taking {
	void (*take)(const struct sampled *, void *context);
	void *context;
	uint64_t holder;
	bool any, failed;
};

static void take_thread(struct sampler *sampler, uint64_t thread, bool standing, struct taking *taking)
{
	if (!read_thread(sampler, thread, standing)) {
		taking->failed = true;
		return;
	}
	if (!sampler->stack.count)
		return;
	struct sampled sampled = {.thread = thread,
		.holds_gil = thread == taking->holder,
		.names = sampler->names,
		.count = sampler->stack.count};
	if (sampler->sampling.all_threads || sampler->sampling.numbers) {
		uint64_t identity;
		sampled.tid = threads_number(&sampler->target, thread, &identity);
		if (sampler->sampling.no_idle && !sampled.holds_gil && sampled.tid &&
			threads_state(sampler->target.pid, sampled.tid) != 'R')
			return;
	}
	taking->take(&sampled, taking->context);
	taking->any = true;
}

static void take_all_threads(struct sampler *sampler, bool standing, struct taking *taking)
{
	uint64_t interpreters[MOST_INTERPRETERS];
	size_t interpreter_count = target_interpreters(&sampler->target, interpreters, MOST_INTERPRETERS);
	for (size_t i = 0; i < interpreter_count; i++) {
		size_t count = target_threads(&sampler->target, interpreters[i], sampler->threads, MOST_THREADS);
		for (size_t j = 0; j < count; j++)
			take_thread(sampler, sampler->threads[j], standing, taking);
	}
}

static void take_what_is_asked(struct sampler *sampler, bool standing, struct taking *taking)
{
	if (sampler->sampling.all_threads)
		take_all_threads(sampler, standing, taking);
	else
		take_thread(sampler, taking->holder, standing, taking);
}

/* ---- one sample ---- */

/* True if the thread that stands is the one that holds the GIL. */
static bool is_holder(struct sampler *sampler, const struct seized *seized, uint64_t holder)
{
	const unsigned char *state = walk_thread(&sampler->target, &sampler->snapshot, holder);
	return state && threads_identity(&sampler->target, state) == seized->identity &&
	       threads_gil_holder(&sampler->target, sampler->gil, &sampler->snapshot) == holder;
}

/* While the holder of the GIL stands no other Python thread can move. False: try again, things have changed. */
static bool take_standing(struct sampler *sampler, struct taking *taking)
{
	int status = 0;
	struct seized *seized = seize(sampler, taking->holder);
	if (!seized)
		return false;
	pid_t tid = seized->tid;
	if (!remote_stop(tid, &status)) {
		forget_seized(sampler, tid);
		return false;
	}
	snapshot_begin(&sampler->snapshot);
	bool holds = is_holder(sampler, seized, taking->holder);
	taking->failed = false;
	if (holds)
		take_what_is_asked(sampler, true, taking);
	else
		seized->thread = 0; /* another thread may have this state now */
	remote_resume(tid, status);
	return holds && (taking->any || !taking->failed); /* it may stand where a frame is just being made */
}

static bool is_gone(const struct sampler *sampler)
{
	uint8_t byte;
	return !remote_read(sampler->target.pid, sampler->target.runtime, &byte, 1);
}

static enum sample_result result_of(const struct sampler *sampler, const struct taking *taking)
{
	if (taking->any)
		return SAMPLE_TAKEN;
	if (is_gone(sampler))
		return SAMPLE_GONE;
	return taking->failed ? SAMPLE_FAILED : SAMPLE_IDLE;
}

/* A thread that is stopped again at once stands where it stood: it gets some time, more each time. */
static void move_on(int attempt)
{
	struct timespec time = {0, 10000L << attempt};
	nanosleep(&time, NULL);
}

enum sample_result sampler_take(
	struct sampler *sampler, void (*take)(const struct sampled *, void *context), void *context)
{
	struct taking taking = {.take = take, .context = context};
	for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
		taking.holder = threads_gil_holder(&sampler->target, sampler->gil, NULL);
		bool stops = !sampler->sampling.nonstop && !sampler->fell_back && !sampler->target.layout.free_threaded;
		if (taking.holder && stops) {
			if (take_standing(sampler, &taking))
				return result_of(sampler, &taking);
			move_on(attempt);
			continue;
		}
		if (taking.holder || sampler->sampling.all_threads)
			take_what_is_asked(sampler, false, &taking);
		return result_of(sampler, &taking);
	}
	return is_gone(sampler) ? SAMPLE_GONE : SAMPLE_FAILED;
}
