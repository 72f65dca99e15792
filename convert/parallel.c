#include "convert/parallel.h"

#include <pthread.h>
#include <stdlib.h>

#include "common/mem.h"

struct thread {
	pthread_t id;
	struct source *source;
	const struct parallel_format *format;
	struct worker *state;
	struct run run;
};

static void work(const struct thread *thread, const struct chunk *chunk)
{
	const struct parallel_format *format = thread->format;
	if (format->work)
		format->work(thread->state, chunk);
	else
		lines_of(chunk, format->take, format->end_of_lines, thread->state);
}

static void *run_thread(void *argument)
{
	struct thread *thread = argument;
	struct chunk chunk = {0};
	while (source_chunk(thread->source, thread->format->cut, &chunk))
		work(thread, &chunk);
	chunk_free(&chunk);
	return NULL;
}

/* Bytes between what two threads write: caches hold less than that together. */
enum { APART = 256 };

static void begin(struct thread *thread, struct stacks *stacks, const struct run *run)
{
	thread->run = *run;
	thread->run.skipped.count = 0;
	thread->state = mem_zero(1, thread->format->state_size + APART);
	thread->state->stacks = stacks;
	thread->state->run = &thread->run;
	if (thread->format->begin)
		thread->format->begin(thread->state);
}

/* Reads until the state says that it knows what all threads must. */
static void settle(struct thread *thread)
{
	struct chunk chunk = {0};
	while (thread->format->settled && !thread->format->settled(thread->state) &&
		source_chunk(thread->source, thread->format->cut, &chunk))
		work(thread, &chunk);
	chunk_free(&chunk);
}

static void run_all(struct thread *threads, long jobs)
{
	long started = 1;
	for (; started < jobs; started++)
		if (pthread_create(&threads[started].id, NULL, run_thread, &threads[started]) != 0)
			break;
	run_thread(&threads[0]);
	for (long i = 1; i < started; i++)
		pthread_join(threads[i].id, NULL);
}

/* What the threads found goes to the stacks of the first. */
static bool merge(struct thread *threads, long jobs, struct run *run)
{
	bool good = true;
	for (long i = 0; i < jobs; i++) {
		struct worker *state = threads[i].state;
		if (threads[i].format->whole)
			blocks_leave(&state->blocks);
		if (threads[i].format->end)
			good &= threads[i].format->end(state);
		run->skipped.count += threads[i].run.skipped.count;
		if (state->stacks != threads[0].state->stacks) {
			stacks_merge(threads[0].state->stacks, state->stacks);
			stacks_free(state->stacks);
		}
	}
	for (long i = 0; i < jobs; i++)
		free(threads[i].state);
	return good;
}

bool parallel_read(const struct parallel_format *format, struct source *source, struct stacks *stacks, struct run *run)
{
	long jobs = run->ordered ? 1 : run->jobs;
	struct thread *threads = mem_zero((size_t)jobs, sizeof *threads);
	struct blocks_shared *shared = format->whole ? blocks_share(stacks) : NULL;
	for (long i = 0; i < jobs; i++) {
		threads[i] = (struct thread){.source = source, .format = format};
		begin(&threads[i], i && !shared ? stacks_new(false) : stacks, run);
		if (shared)
			blocks_join(&threads[i].state->blocks, shared);
	}
	settle(&threads[0]);
	run_all(threads, jobs);
	bool good = merge(threads, jobs, run);
	if (shared)
		blocks_share_free(shared);
	free(threads);
	return good;
}
