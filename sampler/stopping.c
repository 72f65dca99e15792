#include "sampler/stopping.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"
#include "sampler/image.h"
#include "sampler/threads.h"
#include "sampler/tracing.h"

static void fall_back(struct stopping *stopping)
{
	if (!stopping->fell_back)
		report_warning("its threads cannot be stopped (another program traces them, or it is forbidden): "
			       "reading without a stop, which misses short functions");
	stopping->fell_back = true;
}

static struct seized *find_tid(struct stopping *stopping, pid_t tid)
{
	for (size_t i = 0; i < stopping->count; i++)
		if (stopping->list[i].tid == tid)
			return &stopping->list[i];
	return NULL;
}

/* False if it has ended or is about to. */
static bool is_there(const struct target *target, pid_t tid)
{
	char state = threads_state(target->pid, tid);
	return state && state != 'Z' && state != 'X';
}

/* Numbers may be another process's by now: that one is let go at once. */
static bool seize_own(const struct process *process, pid_t tid)
{
	bool own = image_is_loaded() || tgkill(process->pid, tid, 0) == 0 || errno == EPERM;
	if (!own || !proc_is_there(process)) {
		errno = ESRCH;
		return false;
	}
	if (!trace_seize(tid))
		return false;
	if (proc_is_there(process))
		return true;
	trace_release(tid);
	errno = ESRCH;
	return false;
}

/* The thread, traced from now on; NULL if it is gone or cannot be traced. */
static struct seized *seize(struct stopping *stopping, struct target *target, uint64_t thread)
{
	uint64_t identity;
	for (size_t i = 0; i < stopping->count; i++)
		if (stopping->list[i].thread == thread)
			return &stopping->list[i];
	pid_t tid = threads_number(target, thread, &identity);
	if (!tid)
		return NULL;
	struct seized *known = find_tid(stopping, tid); /* by another state: that one is gone */
	if (!known && !seize_own(stopping->process, tid)) {
		if (errno == EPERM && is_there(target, tid))
			fall_back(stopping);
		return NULL;
	}
	if (!known) {
		stopping->list =
			mem_grow(stopping->list, &stopping->capacity, stopping->count + 1, sizeof *stopping->list);
		known = &stopping->list[stopping->count++];
	}
	*known = (struct seized){thread, tid, identity};
	return known;
}

bool stopping_stop(struct stopping *stopping, struct target *target, uint64_t thread, struct standing *standing)
{
	struct seized *seized = seize(stopping, target, thread);
	if (!seized)
		return false;
	*standing = (struct standing){.tid = seized->tid, .identity = seized->identity};
	if (trace_stop(seized->tid, &standing->status))
		return true;
	if (errno == ESRCH || !is_there(target, standing->tid)) /* not traced any more: next time it is seized anew */
		*seized = stopping->list[--stopping->count];
	return false; /* if it is there it will stand later, and go on at once */
}

void stopping_forget(struct stopping *stopping, uint64_t thread)
{
	for (size_t i = 0; i < stopping->count; i++)
		if (stopping->list[i].thread == thread)
			stopping->list[i].thread = 0;
}

void stopping_free(struct stopping *stopping)
{
	for (size_t i = 0; i < stopping->count; i++)
		trace_release(stopping->list[i].tid);
	free(stopping->list);
	*stopping = (struct stopping){0};
}
