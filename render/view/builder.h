/* Makes the graph in a thread of its own, so that keys are answered while it works. */
#ifndef RENDER_VIEW_BUILDER_H
#define RENDER_VIEW_BUILDER_H

#include <pthread.h>

#include "render/view/edits.h"
#include "render/view/graph.h"

/* All zero is idle. */
struct builder {
	bool busy;
	pthread_t thread;
	int ends[2]; /* a pipe: readable when the graph is made */
	struct stacks *base;
	struct edits edits;
	bool heavy_first, cut;
	struct graph *graph;
};

/* Starts; `base` must not be changed before builder_finish, the edits are copied. The builder must be idle. */
void builder_start(struct builder *builder, struct stacks *base, const struct edits *edits, bool heavy_first);
/* True if it is done within so many milliseconds. */
bool builder_wait(const struct builder *builder, int milliseconds);
/* Waits for the end and returns the graph; *cut as edits_apply has it. */
struct graph *builder_finish(struct builder *builder, bool *cut);

#endif
