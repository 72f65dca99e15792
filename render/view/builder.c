#include "render/view/builder.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "common/report.h"

static void *run(void *context)
{
	struct builder *builder = context;
	struct stacks *stacks = edits_apply(&builder->edits, builder->base, &builder->cut);
	bool leaf_first = edits_find(&builder->edits, EDIT_INVERT) != NULL;
	builder->graph = graph_new(stacks, stacks != builder->base, leaf_first, builder->heavy_first);
	close(builder->ends[1]);
	return NULL;
}

void builder_start(struct builder *builder, struct stacks *base, const struct edits *edits, bool heavy_first)
{
	sigset_t all, before;
	*builder = (struct builder){.busy = true, .base = base, .edits = edits_copy(edits), .heavy_first = heavy_first};
	if (pipe2(builder->ends, O_CLOEXEC) != 0)
		die(EXIT_FAILED, "no pipe can be made: %s", strerror(errno));
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before); /* signals are the main thread's */
	if (pthread_create(&builder->thread, NULL, run, builder) != 0)
		die(EXIT_FAILED, "no thread can be started");
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

bool builder_wait(const struct builder *builder, int milliseconds)
{
	struct pollfd end = {.fd = builder->ends[0], .events = POLLIN};
	return poll(&end, 1, milliseconds) > 0;
}

struct graph *builder_finish(struct builder *builder, bool *cut)
{
	pthread_join(builder->thread, NULL);
	close(builder->ends[0]);
	edits_free(&builder->edits);
	builder->busy = false;
	*cut = builder->cut;
	return builder->graph;
}
