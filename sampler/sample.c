#include "sampler/sample.h"

#include <stdlib.h>

#include "common/mem.h"
#include "sampler/remote.h"
#include "sampler/sample_parts.h"
#include "sampler/threads.h"

struct sampler *sampler_new(const struct target *target, const struct sampling *sampling,
	const struct frame_naming *naming, struct intern *names)
{
	struct sampler *sampler = mem_zero(1, sizeof *sampler);
	sampler->target = *target;
	sampler->process = proc_hold(target->pid);
	sampler->stopping.process = &sampler->process;
	sampler->sampling = *sampling;
	sampler->cache = codecache_new(target, naming, names);
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
	proc_release(&sampler->process);
	codecache_free(sampler->cache);
	snapshot_free(&sampler->snapshot);
	snapshot_free(&sampler->code_snapshot);
	calls_free(&sampler->calls);
	gils_free(&sampler->gils);
	for (size_t i = 0; i < sampler->lane_count; i++)
		sample_lane_free(&sampler->lanes[i]);
	free(sampler->lanes);
	free(sampler->stack.frames);
	free(sampler->later.frames);
	free(sampler->frames);
	free(sampler->names);
	free(sampler->codes);
	free(sampler->pending);
	free(sampler->standing);
	free(sampler->threads);
	free(sampler);
}

static bool is_gone(const struct sampler *sampler)
{
	uint8_t byte;
	return !remote_read(sampler->target.pid, sampler->target.runtime, &byte, 1);
}

/* What the kernel knows of the thread; false if it is left out. */
static bool complete(struct sampler *sampler, struct pending *pending)
{
	const struct sampling *sampling = &sampler->sampling;
	bool asleep = pending->rest == REST_ASLEEP;
	if ((sampling->all_threads || sampling->numbers) && !asleep)
		pending->tid = threads_number_of(&sampler->target, pending->identity);
	if ((sampling->no_idle || sampling->states) && !asleep)
		pending->active =
			pending->runs || !pending->tid || threads_state(sampler->target.pid, pending->tid) == 'R';
	if (sampling->all_threads)
		sample_keep(sampler, pending);
	if (!pending->count && !pending->tid)
		return false; /* its thread has ended */
	return !sampling->no_idle || pending->active;
}

enum sample_result sampler_take(
	struct sampler *sampler, void (*take)(const struct sampled *, void *context), void *context)
{
	struct taking taking = {0};
	bool any = false;
	if (!proc_is_there(&sampler->process))
		return SAMPLE_GONE;
	sampler->frame_count = sampler->pending_count = 0;
	sample_drop_lanes(sampler);
	if (sampler->target.layout.free_threaded)
		sample_free_threads(sampler, &taking);
	else
		sample_with_gil(sampler, &taking);
	if (!proc_is_there(&sampler->process)) /* what was read may be another one's, that has its number now */
		return SAMPLE_GONE;
	for (size_t i = 0; i < sampler->pending_count; i++) {
		struct pending *pending = &sampler->pending[i];
		if (!complete(sampler, pending))
			continue;
		struct sampled sampled = {.thread = pending->thread,
			.tid = pending->tid,
			.holds_gil = pending->holds_gil,
			.active = pending->active,
			.cut = pending->cut,
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
