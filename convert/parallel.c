#include "convert/parallel.h"

#include <pthread.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

struct worker {
	pthread_t thread;
	struct source *source;
	source_cut *cut;
	void (*work)(const struct chunk *, void *state);
	void *state;
};

static void *run_worker(void *argument)
{
	struct worker *worker = argument;
	struct chunk chunk = {0};
	while (source_chunk(worker->source, worker->cut, &chunk))
		worker->work(&chunk, worker->state);
	chunk_free(&chunk);
	return NULL;
}

void parallel_chunks(struct source *source, source_cut *cut, long jobs, void (*work)(const struct chunk *, void *state),
	void *states, size_t size)
{
	struct worker *workers = mem_zero((size_t)jobs, sizeof *workers);
	long started = 0;
	for (long i = 0; i < jobs; i++)
		workers[i] = (struct worker){
			.source = source, .cut = cut, .work = work, .state = (char *)states + (size_t)i * size};
	for (long i = 1; i < jobs; i++, started++)
		if (pthread_create(&workers[i].thread, NULL, run_worker, &workers[i]) != 0)
			break;
	run_worker(&workers[0]);
	for (long i = 1; i <= started; i++)
		pthread_join(workers[i].thread, NULL);
	free(workers);
}
