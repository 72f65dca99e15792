#include "sampler/sample_parts.h"

#include <string.h>
#include <time.h>

#include "common/mem.h"
#include "sampler/exceptions.h"
#include "sampler/threads.h"

/* OBJECT_READINGS: frame objects of a stack that changes are asked for again soon. */
enum { LANE_SAMPLES = 256, OBJECT_READINGS = 8 };

/* ---- lanes ---- */

struct lane *sample_lane(struct sampler *sampler, uint64_t thread)
{
	struct lane *lane = NULL;
	for (size_t i = 0; i < sampler->lane_count && !lane; i++) {
		size_t number = (sampler->last_lane + i) % sampler->lane_count;
		if (sampler->lanes[number].thread == thread) {
			lane = &sampler->lanes[number];
			sampler->last_lane = number;
		}
	}
	if (!lane) {
		sampler->lanes = mem_grow(
			sampler->lanes, &sampler->lane_capacity, sampler->lane_count + 1, sizeof *sampler->lanes);
		lane = &sampler->lanes[sampler->lane_count++];
		*lane = (struct lane){.thread = thread,
			.snapshot = {.pid = sampler->target.pid},
			.copies = {.pid = sampler->target.pid,
				.keep = sampler->target.layout.frames == FRAME_OBJECTS ? OBJECT_READINGS : 2}};
	}
	lane->last = sampler->number;
	return lane;
}

void sample_drop_lanes(struct sampler *sampler)
{
	if (++sampler->number % LANE_SAMPLES)
		return;
	for (size_t i = 0; i < sampler->lane_count; i++)
		if (sampler->lanes[i].last + LANE_SAMPLES < sampler->number) {
			sample_lane_free(&sampler->lanes[i]);
			sampler->lanes[i--] = sampler->lanes[--sampler->lane_count];
		}
}

/* ---- reading ---- */

void sample_reserve(struct sampler *sampler, size_t count)
{
	size_t need = sampler->frame_count + count + 1;
	sampler->frames = mem_grow(sampler->frames, &sampler->frame_capacity, need, sizeof *sampler->frames);
	sampler->names = mem_grow(sampler->names, &sampler->name_capacity, need, sizeof *sampler->names);
}

bool sample_walk(struct sampler *sampler, struct snapshot *snapshot, uint64_t thread, bool runs, struct pystack *stack)
{
	if (!walk_stack(&sampler->target, snapshot, thread, stack))
		return false;
	const struct sampling *sampling = &sampler->sampling;
	uint64_t exception = 0;
	if (stack->count && (sampling->exceptions || sampling->only_exceptions))
		exception = exceptions_class(&sampler->target, snapshot, thread);
	if (exception && sampling->exceptions)
		walk_mark_exception(exception, stack);
	if (!exception && sampling->only_exceptions)
		stack->count = 0;
	if (sampling->gc && runs && stack->count)
		walk_mark_gc(&sampler->target, snapshot, thread, stack);
	return true;
}

static void add_pending(struct sampler *sampler, const struct pending *pending)
{
	sampler->pending = mem_grow(
		sampler->pending, &sampler->pending_capacity, sampler->pending_count + 1, sizeof *sampler->pending);
	sampler->pending[sampler->pending_count++] = *pending;
	sampler->frame_count += pending->count;
}

/* In this turn of the GIL the thread has not run Python and, once its stack was read, will not; 0: it has. */
static uint64_t turn_of(const struct taking *taking, uint64_t thread)
{
	const struct gil *gil = taking->gil;
	return gil && gil->turn.last_holder && thread != gil->turn.last_holder ? gil->turn.number + 1 : 0;
}

/* The stack that is kept of it: it has its names, and no code object to be looked at. */
static void take_kept(struct sampler *sampler, const struct lane *lane, uint64_t turn)
{
	sample_reserve(sampler, lane->count);
	memset(sampler->frames + sampler->frame_count, 0, lane->count * sizeof *sampler->frames);
	if (lane->count)
		memcpy(sampler->names + sampler->frame_count, lane->names, lane->count * sizeof *lane->names);
	add_pending(sampler, &(struct pending){.thread = lane->thread,
				     .identity = lane->identity,
				     .tid = lane->tid,
				     .named = true,
				     .rest = REST_ASLEEP,
				     .turn = turn,
				     .first = sampler->frame_count,
				     .count = lane->count});
}

bool sample_kept(struct sampler *sampler, uint64_t thread, const struct gil_turn *turn)
{
	const struct lane *lane = sample_lane(sampler, thread);
	if (lane->turn != turn->number + 1)
		return false;
	take_kept(sampler, lane, lane->turn);
	return true;
}

void sample_thread(
	struct sampler *sampler, uint64_t thread, struct snapshot *standing, bool runs, struct taking *taking)
{
	const struct pystack *stack = &sampler->stack;
	struct snapshot *states = standing ? standing : taking->gil ? &taking->gil->snapshot : NULL;
	enum rest rest = runs ? REST_NONE : sample_rest(sampler, thread, states);
	uint64_t turn = runs ? 0 : turn_of(taking, thread);
	if (rest == REST_ASLEEP) {
		take_kept(sampler, sample_lane(sampler, thread), turn);
		return;
	}
	bool cut = false;
	if (!(standing ? sample_walk(sampler, standing, thread, runs, &sampler->stack)
		       : sample_moving(sampler, thread, runs, &cut))) {
		taking->failed = true;
		return;
	}
	struct snapshot *snapshot = standing ? standing : &sample_lane(sampler, thread)->snapshot;
	const unsigned char *state = walk_thread(&sampler->target, snapshot, thread);
	bool frameless = sampler->sampling.frameless && !sampler->sampling.only_exceptions;
	if ((!stack->count && !frameless) || !state)
		return;
	uint64_t identity = threads_identity(&sampler->target, state);
	sample_reserve(sampler, stack->count);
	size_t first = sampler->frame_count;
	if (stack->count)
		memcpy(sampler->frames + first, stack->frames, stack->count * sizeof *stack->frames);
	for (size_t i = 0; i < stack->count && standing && !sampler->careful; i++)
		codecache_guess_class(sampler->cache, standing, &sampler->frames[first + i]);
	add_pending(sampler, &(struct pending){.thread = thread,
				     .identity = identity,
				     .named = !standing,
				     .runs = runs,
				     .rest = rest,
				     .holds_gil = thread == taking->holder,
				     .cut = cut,
				     .turn = turn,
				     .first = first,
				     .count = stack->count});
}

bool sample_is_same(
	struct sampler *sampler, struct snapshot *snapshot, uint64_t thread, const struct standing *standing)
{
	const unsigned char *state = walk_thread(&sampler->target, snapshot, thread);
	return state && threads_identity(&sampler->target, state) == standing->identity;
}

void sample_move_on(int attempt)
{
	struct timespec time = {0, 10000L << attempt};
	nanosleep(&time, NULL);
}
