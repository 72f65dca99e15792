/* Working on chunks of one source with several threads. */
#ifndef CONVERT_PARALLEL_H
#define CONVERT_PARALLEL_H

#include "common/source.h"

/* Calls `work` for every chunk of the source that is left. With jobs > 1 each of so many threads calls it with its own
 * element of `states` (jobs elements of `size` bytes). Returns when all chunks are done. */
void parallel_chunks(struct source *source, source_cut *cut, long jobs, void (*work)(const struct chunk *, void *state),
	void *states, size_t size);

#endif
