/* Saves what is shown: in a process of its own, since a failed write ends it, and a large picture takes its time. */
#ifndef RENDER_VIEW_SAVE_H
#define RENDER_VIEW_SAVE_H

#include <sys/types.h>

#include "render/view/graph.h"
#include "render/view/scheme.h"

/* All zero: nothing is being saved. */
struct save {
	pid_t child;
	int fd;             /* readable when the child said something, or ended */
	struct buffer said; /* its messages */
	struct buffer path;
};

/* Starts saving the stacks through `zoom`; the suffix of the path chooses: .folded (or .folded.gz), or any of
 * flamerender's. False, with the reason, if that cannot be started. */
bool save_start(struct save *save, const struct graph *graph, uint32_t zoom, const char *path,
	const struct scheme *scheme, bool icicle, const char *title, char *why, size_t why_size);
/* Reads what the child said. True when it has ended; then *good tells whether the file was written, and `said` why
 * not. */
bool save_poll(struct save *save, bool *good);

#endif
