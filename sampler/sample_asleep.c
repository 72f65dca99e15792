#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "sampler/remote.h"
#include "sampler/sample_parts.h"
#include "sampler/threads.h"

/* Who runs in the thread state now: it may be another thread's since. 0: it cannot be read. */
static uint64_t identity_now(const struct sampler *sampler, uint64_t thread, struct snapshot *states)
{
	unsigned char room[THREAD_BYTES];
	const unsigned char *state = room;
	if (states)
		state = walk_thread(&sampler->target, states, thread);
	else if (!remote_read(sampler->target.pid, thread, room, sampler->target.layout.thread.used))
		state = NULL;
	return state ? threads_identity(&sampler->target, state) : 0;
}

enum rest sample_rest(struct sampler *sampler, uint64_t thread, struct snapshot *states)
{
	struct lane *lane = sample_lane(sampler, thread);
	if (!lane->runs.file)
		return REST_NONE;
	bool same = identity_now(sampler, thread, states) == lane->identity;
	if (!same)
		runs_forget(&lane->runs);
	bool quiet = same && !runs_changed(&lane->runs);
	lane->asleep = lane->asleep && quiet;
	return lane->asleep ? REST_ASLEEP : quiet ? REST_QUIET : REST_NONE;
}

static bool sleeps(const struct sampler *sampler, pid_t tid)
{
	char state = threads_state(sampler->target.pid, tid);
	return state == 'S' || state == 'D';
}

void sample_keep(struct sampler *sampler, const struct pending *pending)
{
	if (pending->runs || pending->cut || !pending->tid)
		return;
	struct lane *lane = sample_lane(sampler, pending->thread);
	lane->turn = pending->turn;
	if (pending->rest == REST_ASLEEP)
		return;
	lane->identity = pending->identity;
	lane->tid = pending->tid;
	if (pending->rest == REST_NONE)
		runs_watch(&lane->runs, sampler->target.pid, pending->tid);
	lane->asleep = pending->rest == REST_QUIET && sleeps(sampler, pending->tid) && !runs_changed(&lane->runs);
	lane->count = pending->count;
	lane->names = mem_grow(lane->names, &lane->capacity, lane->count, sizeof *lane->names);
	if (lane->count)
		memcpy(lane->names, sampler->names + pending->first, lane->count * sizeof *lane->names);
}

void sample_lane_free(struct lane *lane)
{
	snapshot_free(&lane->snapshot);
	snapshot_free(&lane->copies);
	runs_forget(&lane->runs);
	free(lane->names);
}
