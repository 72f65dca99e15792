#include "sampler/sample.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/mem.h"
#include "sampler/gil.h"
#include "sampler/remote.h"
#include "sampler/stopping.h"
#include "sampler/threads.h"

enum {
	MOST_TRIES = 8,
	ROOT_TIMES = 3,
	MOST_THREADS = 8192,
	MOST_INTERPRETERS = 256,
	LANE_SAMPLES = 256,
	CAREFUL_STOPS = 1000
};

/* What is kept of a thread that is read by itself, from sample to sample. */
struct lane {
	uint64_t thread; /* its state */
	uint64_t last;   /* the sample that used it last */
	struct snapshot snapshot;
	uint64_t root, candidate; /* the frame at the bottom of its stack, for reading without a stop */
	int times;                /* how often the candidate was seen in a row */
};

/* A stack of the sample that is being taken: frames[first], ... and as many names. */
struct pending {
	uint64_t thread, identity; /* see threads_identity */
	pid_t tid;
	bool named, runs;
	bool holds_gil, active;
	size_t first, count;
};

struct sampler {
	struct target target;
	struct sampling sampling;
	struct codecache *cache;
	struct snapshot snapshot; /* consistent: of all that stands together */
	struct gils gils;
	struct pystack stack, again, later;
	struct frame_ref *frames; /* of the sample; */
	uint32_t *names;          /* their names; */
	uint64_t *codes;          /* room for as many code objects */
	size_t frame_count, frame_capacity, name_capacity, code_capacity;
	struct snapshot code_snapshot;
	uint32_t gc_name;
	unsigned careful; /* for so many stops code objects are looked at while the thread stands */
	struct pending *pending;
	size_t pending_count, pending_capacity;
	struct stopping stopping;
	struct standing *standing; /* consistent: who stands */
	struct lane *lanes;
	size_t lane_count, lane_capacity;
	uint64_t number;   /* of the sample */
	uint64_t *threads; /* the thread states of all interpreters */
	size_t thread_count;
};

struct sampler *sampler_new(const struct target *target, const struct sampling *sampling,
	const struct frame_naming *naming, struct intern *names)
{
	struct sampler *sampler = mem_zero(1, sizeof *sampler);
	sampler->target = *target;
	sampler->sampling = *sampling;
	sampler->cache = codecache_new(target, naming, names);
	sampler->gc_name = intern(names, "<GC>", 4);
	sampler->snapshot.pid = sampler->code_snapshot.pid = target->pid;
	sampler->threads = mem_zero(MOST_THREADS, sizeof *sampler->threads);
	sampler->standing = mem_zero(MOST_THREADS, sizeof *sampler->standing);
	return sampler;
}

bool sampler_fell_back(const struct sampler *sampler)
{
	return sampler->stopping.fell_back;
}

void sampler_free(struct sampler *sampler)
{
	stopping_free(&sampler->stopping);
	codecache_free(sampler->cache);
	snapshot_free(&sampler->snapshot);
	snapshot_free(&sampler->code_snapshot);
	gils_free(&sampler->gils);
	for (size_t i = 0; i < sampler->lane_count; i++)
		snapshot_free(&sampler->lanes[i].snapshot);
	free(sampler->lanes);
	free(sampler->stack.frames);
	free(sampler->again.frames);
	free(sampler->later.frames);
	free(sampler->frames);
	free(sampler->names);
	free(sampler->codes);
	free(sampler->pending);
	free(sampler->standing);
	free(sampler->threads);
	free(sampler);
}

/* ---- lanes ---- */

static struct lane *lane_for(struct sampler *sampler, uint64_t thread)
{
	struct lane *lane = NULL;
	for (size_t i = 0; i < sampler->lane_count && !lane; i++)
		if (sampler->lanes[i].thread == thread)
			lane = &sampler->lanes[i];
	if (!lane) {
		sampler->lanes = mem_grow(
			sampler->lanes, &sampler->lane_capacity, sampler->lane_count + 1, sizeof *sampler->lanes);
		lane = &sampler->lanes[sampler->lane_count++];
		*lane = (struct lane){.thread = thread, .snapshot = {.pid = sampler->target.pid}};
	}
	lane->last = sampler->number;
	return lane;
}

/* Forgets threads that were not seen for long. */
static void drop_lanes(struct sampler *sampler)
{
	if (++sampler->number % LANE_SAMPLES)
		return;
	for (size_t i = 0; i < sampler->lane_count; i++)
		if (sampler->lanes[i].last + LANE_SAMPLES < sampler->number) {
			snapshot_free(&sampler->lanes[i].snapshot);
			sampler->lanes[i--] = sampler->lanes[--sampler->lane_count];
		}
}

/* ---- reading ---- */

/* Makes room for so many frames more. */
static void reserve(struct sampler *sampler, size_t count)
{
	size_t need = sampler->frame_count + count + 1;
	sampler->frames = mem_grow(sampler->frames, &sampler->frame_capacity, need, sizeof *sampler->frames);
	sampler->names = mem_grow(sampler->names, &sampler->name_capacity, need, sizeof *sampler->names);
	sampler->codes = mem_grow(sampler->codes, &sampler->code_capacity, need, sizeof *sampler->codes);
}

/* Turns frames into names; false if one of them is no code object. */
static bool name_frames(struct sampler *sampler, struct snapshot *snapshot, const struct frame_ref *frames,
	size_t count, uint32_t *names)
{
	for (size_t i = 0; i < count; i++)
		if (frames[i].code == CODE_GC)
			names[i] = sampler->gc_name;
		else if (!codecache_name(sampler->cache, snapshot, &frames[i], &names[i]))
			return false;
	return true;
}

/* Stacks seldom change at their root: another root than last time is believed when it is seen again. */
static bool is_root_known(struct sampler *sampler, struct lane *lane, const struct pystack *stack)
{
	if (!stack->count)
		return true;
	uint64_t root = stack->frames[stack->count - 1].address;
	if (codecache_is_generator(sampler->cache, stack->frames[stack->count - 1].code))
		return false;
	lane->times = root == lane->candidate ? lane->times + 1 : 1;
	lane->candidate = root;
	if (lane->times >= ROOT_TIMES)
		lane->root = root;
	return root == lane->root;
}

/* The thread's stack out of the snapshot. */
static bool walk(struct sampler *sampler, struct snapshot *snapshot, uint64_t thread, bool runs, struct pystack *stack)
{
	if (!walk_stack(&sampler->target, snapshot, thread, stack))
		return false;
	if (sampler->sampling.gc && runs && stack->count)
		walk_mark_gc(&sampler->target, snapshot, thread, stack);
	return true;
}

/* Reads two copies of the thread's stack with one call; true if they agree. */
static bool read_twice(struct sampler *sampler, struct lane *lane, bool runs, struct pystack *stack)
{
	struct snapshot *snapshot = &lane->snapshot;
	snapshot_begin_twice(snapshot);
	return walk(sampler, snapshot, lane->thread, runs, stack) && snapshot_turn(snapshot) &&
	       walk(sampler, snapshot, lane->thread, runs, &sampler->again) && pystack_equal(stack, &sampler->again);
}

/* The process moves while it is read, and a loop can be faster than one reading: four copies must agree, and the root
 * must be the known one. */
static bool read_moving(struct sampler *sampler, uint64_t thread, bool runs)
{
	struct lane *lane = lane_for(sampler, thread);
	const struct pystack *stack = &sampler->stack;
	for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
		if (!read_twice(sampler, lane, runs, &sampler->stack) ||
			!read_twice(sampler, lane, runs, &sampler->later) || !pystack_equal(stack, &sampler->later))
			continue;
		reserve(sampler, stack->count);
		if (name_frames(sampler, &lane->snapshot, stack->frames, stack->count,
			    sampler->names + sampler->frame_count) &&
			is_root_known(sampler, lane, stack))
			return true;
	}
	return false;
}

/* What the sample is about, and whether a stack could not be read. */
struct taking {
	struct gil *gil; /* NULL: free-threaded */
	uint64_t holder; /* of the GIL, or 0 */
	bool failed;
};

/* Adds the thread's stack to the sample. `standing`: the snapshot of what stands, which is named later; NULL if the
 * thread may move. `runs`: it runs Python. */
static void take_thread(
	struct sampler *sampler, uint64_t thread, struct snapshot *standing, bool runs, struct taking *taking)
{
	const struct pystack *stack = &sampler->stack;
	if (!(standing ? walk(sampler, standing, thread, runs, &sampler->stack) : read_moving(sampler, thread, runs))) {
		taking->failed = true;
		return;
	}
	struct snapshot *snapshot = standing ? standing : &lane_for(sampler, thread)->snapshot;
	const unsigned char *state = walk_thread(&sampler->target, snapshot, thread);
	if (!stack->count || !state)
		return;
	struct pending pending = {.thread = thread,
		.identity = threads_identity(&sampler->target, state),
		.named = !standing,
		.runs = runs,
		.holds_gil = thread == taking->holder,
		.first = sampler->frame_count,
		.count = stack->count};
	reserve(sampler, pending.count);
	memcpy(sampler->frames + pending.first, stack->frames, pending.count * sizeof *stack->frames);
	for (size_t i = 0; i < pending.count && standing && !sampler->careful; i++)
		codecache_guess_class(sampler->cache, standing, &sampler->frames[pending.first + i]);
	sampler->frame_count += pending.count;
	sampler->pending = mem_grow(
		sampler->pending, &sampler->pending_capacity, sampler->pending_count + 1, sizeof *sampler->pending);
	sampler->pending[sampler->pending_count++] = pending;
}

/* ---- naming what stood ---- */

/* Takes the stacks from the one with this number on back. */
static void drop_stacks(struct sampler *sampler, size_t from)
{
	if (from < sampler->pending_count)
		sampler->frame_count = sampler->pending[from].first;
	sampler->pending_count = from;
}

static void name_stacks(struct sampler *sampler, size_t from, struct taking *taking)
{
	size_t first = from < sampler->pending_count ? sampler->pending[from].first : sampler->frame_count;
	size_t count = sampler->frame_count - first;
	for (size_t i = 0; i < count; i++) {
		uint64_t code = sampler->frames[first + i].code;
		sampler->codes[i] = code == CODE_GC ? 0 : code;
	}
	if (count)
		codecache_fetch(sampler->cache, &sampler->code_snapshot, sampler->codes, count);
	for (size_t i = from; i < sampler->pending_count; i++) {
		struct pending *pending = &sampler->pending[i];
		size_t place = pending->first;
		if (!pending->named && !name_frames(sampler, &sampler->code_snapshot, sampler->frames + place,
					       pending->count, sampler->names + place)) {
			taking->failed = true;
			sampler->pending[i--] = sampler->pending[--sampler->pending_count];
		}
	}
}

static bool are_known(const struct sampler *sampler, size_t from)
{
	size_t first = from < sampler->pending_count ? sampler->pending[from].first : sampler->frame_count;
	for (size_t i = first; i < sampler->frame_count; i++)
		if (sampler->frames[i].code != CODE_GC && !codecache_knows(sampler->cache, sampler->frames[i].code))
			return false;
	return true;
}

/* While the threads stand: names their stacks if a code object among them is new; true if that can wait. */
static bool can_wait(struct sampler *sampler, size_t from, struct taking *taking)
{
	if (!sampler->careful && are_known(sampler, from))
		return true;
	if (sampler->careful)
		sampler->careful--;
	name_stacks(sampler, from, taking);
	return false;
}

/* They run again. If a code object is another one than when it was seen last, nobody knows which one it was when they
 * stood: the stacks are taken anew, and the next ones are named in time. */
static void name_late(struct sampler *sampler, size_t from, struct taking *taking)
{
	unsigned long replaced = codecache_replaced(sampler->cache);
	name_stacks(sampler, from, taking);
	if (codecache_replaced(sampler->cache) == replaced)
		return;
	sampler->careful = CAREFUL_STOPS;
	drop_stacks(sampler, from);
	taking->failed = true;
}

static void list_threads(struct sampler *sampler)
{
	uint64_t interpreters[MOST_INTERPRETERS];
	size_t interpreter_count = target_interpreters(&sampler->target, interpreters, MOST_INTERPRETERS);
	sampler->thread_count = 0;
	for (size_t i = 0; i < interpreter_count; i++)
		sampler->thread_count += target_threads(&sampler->target, interpreters[i],
			sampler->threads + sampler->thread_count, MOST_THREADS - sampler->thread_count);
}

/* What is asked for of the threads that take this GIL. */
static void take_what_is_asked(struct sampler *sampler, struct snapshot *standing, struct taking *taking)
{
	if (!sampler->sampling.all_threads) {
		take_thread(sampler, taking->holder, standing, true, taking);
		return;
	}
	size_t count =
		gil_threads(&sampler->gils, taking->gil, &sampler->target, standing, sampler->threads, MOST_THREADS);
	for (size_t i = 0; i < count; i++)
		take_thread(sampler, sampler->threads[i], standing, sampler->threads[i] == taking->holder, taking);
}

/* ---- with a GIL: its holder is stopped ---- */

/* True if the thread that stands is still the one with this state. */
static bool is_same(
	struct sampler *sampler, struct snapshot *snapshot, uint64_t thread, const struct standing *standing)
{
	const unsigned char *state = walk_thread(&sampler->target, snapshot, thread);
	return state && threads_identity(&sampler->target, state) == standing->identity;
}

/* Up to 3.12 the state of a sub-interpreter may run in another thread than the one it notes: then the wrong thread
 * stands, and what it shows is compared as if it moved. */
static bool is_sure(const struct sampler *sampler)
{
	unsigned minor = sampler->target.layout.minor;
	return sampler->gils.interpreter_count == 1 || minor >= 13;
}

/* While the holder of the GIL stands no other Python thread can move. False: try again, things have changed. */
static bool take_standing(struct sampler *sampler, struct taking *taking)
{
	struct snapshot *snapshot = &taking->gil->snapshot;
	size_t before = sampler->pending_count;
	struct standing standing;
	if (!stopping_stop(&sampler->stopping, &sampler->target, taking->holder, &standing))
		return false;
	snapshot_begin(snapshot);
	bool holds = is_same(sampler, snapshot, taking->holder, &standing) &&
		     gil_holder(taking->gil, &sampler->target, snapshot) == taking->holder;
	taking->failed = false;
	if (holds)
		take_what_is_asked(sampler, is_sure(sampler) ? snapshot : NULL, taking);
	else
		stopping_forget(&sampler->stopping, taking->holder);
	bool later = can_wait(sampler, before, taking);
	remote_resume(standing.tid, standing.status);
	if (later)
		name_late(sampler, before, taking);
	return holds &&
	       (sampler->pending_count > before || !taking->failed); /* it may stand where a frame is just being made */
}

/* A thread that is stopped again at once stands where it stood: it gets some time, more each time. */
static void move_on(int attempt)
{
	struct timespec time = {0, 10000L << attempt};
	nanosleep(&time, NULL);
}

/* The threads that take this GIL. False if they could not be read. */
static bool take_gil(struct sampler *sampler, size_t number)
{
	for (int attempt = 0; attempt < MOST_TRIES && number < sampler->gils.count; attempt++) {
		struct gil *gil = &sampler->gils.list[number];
		struct taking taking = {.gil = gil, .holder = gil->holder};
		if (!taking.holder || sampler->sampling.nonstop || sampler->stopping.fell_back) {
			if (taking.holder || sampler->sampling.all_threads)
				take_what_is_asked(sampler, NULL, &taking);
			return !taking.failed;
		}
		if (take_standing(sampler, &taking))
			return true;
		move_on(attempt);
		gils_read(&sampler->gils, &sampler->target);
	}
	return number >= sampler->gils.count;
}

static void take_with_gil(struct sampler *sampler, struct taking *taking)
{
	gils_read(&sampler->gils, &sampler->target);
	for (size_t i = 0; i < sampler->gils.count; i++)
		if (!take_gil(sampler, i))
			taking->failed = true;
}

/* ---- free-threaded: each thread that runs Python is stopped ---- */

/* A thread that runs, stopped by itself. */
static void take_running(struct sampler *sampler, uint64_t thread, struct taking *taking)
{
	struct snapshot *snapshot = &lane_for(sampler, thread)->snapshot;
	struct standing standing;
	for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
		size_t before = sampler->pending_count;
		struct taking one = {0};
		if (!stopping_stop(&sampler->stopping, &sampler->target, thread, &standing))
			return; /* it is gone */
		snapshot_begin(snapshot);
		bool same = is_same(sampler, snapshot, thread, &standing);
		bool runs =
			same && threads_is_attached(&sampler->target, walk_thread(&sampler->target, snapshot, thread));
		if (runs || (same && sampler->sampling.all_threads))
			take_thread(sampler, thread, snapshot, runs, &one);
		bool later = can_wait(sampler, before, &one);
		remote_resume(standing.tid, standing.status);
		if (later)
			name_late(sampler, before, &one);
		if (!same)
			stopping_forget(&sampler->stopping, thread);
		if (!one.failed || sampler->pending_count > before)
			return;
		move_on(attempt);
	}
	taking->failed = true;
}

/* All that run are stopped before the first is read. */
static void take_together(struct sampler *sampler, const bool *runs, struct taking *taking)
{
	size_t count = 0, before = sampler->pending_count;
	for (size_t i = 0; i < sampler->thread_count; i++)
		if (runs[i] && stopping_stop(&sampler->stopping, &sampler->target, sampler->threads[i],
				       &sampler->standing[count]))
			sampler->threads[count++] = sampler->threads[i];
	snapshot_begin(&sampler->snapshot);
	for (size_t i = 0; i < count; i++)
		if (is_same(sampler, &sampler->snapshot, sampler->threads[i], &sampler->standing[i]))
			take_thread(sampler, sampler->threads[i], &sampler->snapshot, true, taking);
		else
			stopping_forget(&sampler->stopping, sampler->threads[i]);
	bool later = can_wait(sampler, before, taking);
	for (size_t i = 0; i < count; i++)
		remote_resume(sampler->standing[i].tid, sampler->standing[i].status);
	if (later)
		name_late(sampler, before, taking);
}

static void take_free_threads(struct sampler *sampler, struct taking *taking)
{
	static bool runs[MOST_THREADS];
	list_threads(sampler);
	for (size_t i = 0; i < sampler->thread_count; i++) {
		bool stops = !sampler->sampling.nonstop && !sampler->stopping.fell_back;
		unsigned char state[THREAD_BYTES];
		runs[i] = remote_read(sampler->target.pid, sampler->threads[i], state,
				  sampler->target.layout.thread.used) &&
			  threads_is_attached(&sampler->target, state);
		if (runs[i] && stops && !sampler->sampling.consistent)
			take_running(sampler, sampler->threads[i], taking);
		else if ((runs[i] && !stops) || (!runs[i] && sampler->sampling.all_threads))
			take_thread(sampler, sampler->threads[i], NULL, runs[i], taking);
	}
	if (sampler->sampling.consistent && !sampler->sampling.nonstop && !sampler->stopping.fell_back)
		take_together(sampler, runs, taking);
}

/* ---- one sample ---- */

static bool is_gone(const struct sampler *sampler)
{
	uint8_t byte;
	return !remote_read(sampler->target.pid, sampler->target.runtime, &byte, 1);
}

/* What the kernel knows of the thread; false if it is left out. */
static bool complete(struct sampler *sampler, struct pending *pending)
{
	const struct sampling *sampling = &sampler->sampling;
	if (sampling->all_threads || sampling->numbers)
		pending->tid = threads_number_of(&sampler->target, pending->identity);
	if (sampling->no_idle || sampling->states)
		pending->active =
			pending->runs || !pending->tid || threads_state(sampler->target.pid, pending->tid) == 'R';
	return !sampling->no_idle || pending->active;
}

enum sample_result sampler_take(
	struct sampler *sampler, void (*take)(const struct sampled *, void *context), void *context)
{
	struct taking taking = {0};
	bool any = false;
	sampler->frame_count = sampler->pending_count = 0;
	drop_lanes(sampler);
	if (sampler->target.layout.free_threaded)
		take_free_threads(sampler, &taking);
	else
		take_with_gil(sampler, &taking);
	for (size_t i = 0; i < sampler->pending_count; i++) {
		struct pending *pending = &sampler->pending[i];
		if (!complete(sampler, pending))
			continue;
		struct sampled sampled = {.thread = pending->thread,
			.tid = pending->tid,
			.holds_gil = pending->holds_gil,
			.active = pending->active,
			.names = sampler->names + pending->first,
			.count = pending->count};
		take(&sampled, context);
		any = true;
	}
	if (any)
		return SAMPLE_TAKEN;
	if (is_gone(sampler))
		return SAMPLE_GONE;
	return taking.failed ? SAMPLE_FAILED : SAMPLE_IDLE;
}
