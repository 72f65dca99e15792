#include "sampler/sample_parts.h"

#include "common/mem.h"

#include "sampler/tracing.h"

static bool is_turn(const struct gil_turn *a, const struct gil_turn *b)
{
	return a->last_holder && a->last_holder == b->last_holder && a->number == b->number;
}

/* All threads that take this GIL but those that cannot have moved since they were read: it is still the same one's
 * turn, which is read again, or did not run either. Whether the others run something else than Python must not be
 * asked. */
static bool take_one_of_all(struct sampler *sampler, struct snapshot *standing, struct taking *taking)
{
	struct gil *gil = taking->gil;
	struct gil_turn turn = gil_turn(gil, &sampler->target, &gil->snapshot);
	bool states = sampler->sampling.states || sampler->sampling.no_idle;
	if (states || !is_turn(&turn, &gil->turn) || (taking->holder && taking->holder != turn.last_holder))
		return false;
	if (!taking->holder && sample_rest(sampler, turn.last_holder, &gil->snapshot) != REST_ASLEEP)
		return false;
	for (size_t i = 0; i < gil->thread_count; i++)
		if (gil->threads[i] == taking->holder || !sample_kept(sampler, gil->threads[i], &turn))
			sample_thread(sampler, gil->threads[i], standing, gil->threads[i] == taking->holder, taking);
	return true;
}

static void take_all(struct sampler *sampler, struct snapshot *standing, struct taking *taking)
{
	struct gil *gil = taking->gil;
	struct snapshot *snapshot = &gil->snapshot;
	if (!standing)
		snapshot_begin(snapshot);
	if (take_one_of_all(sampler, standing, taking))
		return;
	gil->turn = gil_turn(gil, &sampler->target, snapshot);
	if (!gil->threads)
		gil->threads = mem_zero(MOST_THREADS, sizeof *gil->threads);
	gil->thread_count = gil_threads(&sampler->gils, gil, &sampler->target, snapshot, gil->threads, MOST_THREADS);
	for (size_t i = 0; i < gil->thread_count; i++)
		sample_thread(sampler, gil->threads[i], standing, gil->threads[i] == taking->holder, taking);
}

/* What is asked for of the threads that take this GIL. */
static void take_what_is_asked(struct sampler *sampler, struct snapshot *standing, struct taking *taking)
{
	if (sampler->sampling.all_threads)
		take_all(sampler, standing, taking);
	else
		sample_thread(sampler, taking->holder, standing, true, taking);
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
	bool holds = sample_is_same(sampler, snapshot, taking->holder, &standing) &&
		     gil_holder(taking->gil, &sampler->target, snapshot) == taking->holder;
	taking->failed = false;
	if (holds)
		take_what_is_asked(sampler, is_sure(sampler) ? snapshot : NULL, taking);
	else
		stopping_forget(&sampler->stopping, taking->holder);
	bool later = sample_can_wait(sampler, before, taking);
	trace_resume(standing.tid, standing.status);
	if (later)
		sample_name_late(sampler, before, taking);
	return holds &&
	       (sampler->pending_count > before || !taking->failed); /* it may stand where a frame is just being made */
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
		sample_move_on(attempt);
		gils_read(&sampler->gils, &sampler->target);
	}
	return number >= sampler->gils.count;
}

/* Without stops: the one who held the only GIL at the last sample is read together with the GIL. False if another one
 * may hold it. */
static bool take_same_holder(struct sampler *sampler, struct taking *taking)
{
	struct gil *gil = gils_unchanged(&sampler->gils);
	bool moves = sampler->sampling.nonstop || sampler->stopping.fell_back;
	if (!gil || !moves || sampler->sampling.all_threads)
		return false;
	taking->gil = gil;
	taking->holder = gil->holder;
	sample_thread(sampler, gil->holder, NULL, true, taking);
	struct snapshot *snapshot = &sample_lane(sampler, gil->holder)->snapshot;
	if (gils_is_held(&sampler->gils, gil, &sampler->target, snapshot))
		return true;
	sampler->frame_count = sampler->pending_count = 0;
	*taking = (struct taking){0};
	return false;
}

void sample_with_gil(struct sampler *sampler, struct taking *taking)
{
	if (take_same_holder(sampler, taking))
		return;
	gils_read(&sampler->gils, &sampler->target);
	for (size_t i = 0; i < sampler->gils.count; i++)
		if (!take_gil(sampler, i))
			taking->failed = true;
}
