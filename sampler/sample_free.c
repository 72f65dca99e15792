#include "sampler/sample_parts.h"

#include "sampler/remote.h"
#include "sampler/threads.h"
#include "sampler/tracing.h"

enum { MOST_INTERPRETERS = 256 };

static void list_threads(struct sampler *sampler)
{
	uint64_t interpreters[MOST_INTERPRETERS];
	size_t interpreter_count = target_interpreters(&sampler->target, interpreters, MOST_INTERPRETERS);
	sampler->thread_count = 0;
	for (size_t i = 0; i < interpreter_count; i++)
		sampler->thread_count += target_threads(&sampler->target, interpreters[i],
			sampler->threads + sampler->thread_count, MOST_THREADS - sampler->thread_count);
}

/* A thread that runs, stopped by itself. */
static void take_running(struct sampler *sampler, uint64_t thread, struct taking *taking)
{
	struct snapshot *snapshot = &sample_lane(sampler, thread)->snapshot;
	struct standing standing;
	for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
		size_t before = sampler->pending_count;
		struct taking one = {0};
		if (!stopping_stop(&sampler->stopping, &sampler->target, thread, &standing))
			return; /* it is gone */
		snapshot_begin(snapshot);
		bool same = sample_is_same(sampler, snapshot, thread, &standing);
		bool runs =
			same && threads_is_attached(&sampler->target, walk_thread(&sampler->target, snapshot, thread));
		if (runs || (same && sampler->sampling.all_threads))
			sample_thread(sampler, thread, snapshot, runs, &one);
		bool later = sample_can_wait(sampler, before, &one);
		trace_resume(standing.tid, standing.status);
		if (later)
			sample_name_late(sampler, before, &one);
		if (!same)
			stopping_forget(&sampler->stopping, thread);
		if (!one.failed || sampler->pending_count > before)
			return;
		sample_move_on(attempt);
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
		if (sample_is_same(sampler, &sampler->snapshot, sampler->threads[i], &sampler->standing[i]))
			sample_thread(sampler, sampler->threads[i], &sampler->snapshot, true, taking);
		else
			stopping_forget(&sampler->stopping, sampler->threads[i]);
	bool later = sample_can_wait(sampler, before, taking);
	for (size_t i = 0; i < count; i++)
		trace_resume(sampler->standing[i].tid, sampler->standing[i].status);
	if (later)
		sample_name_late(sampler, before, taking);
}

void sample_free_threads(struct sampler *sampler, struct taking *taking)
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
			sample_thread(sampler, sampler->threads[i], NULL, runs[i], taking);
	}
	if (sampler->sampling.consistent && !sampler->sampling.nonstop && !sampler->stopping.fell_back)
		take_together(sampler, runs, taking);
}
