/* Whether a thread ran since it was looked at last, by the kernel's own count: the stack of one that did not is still
 * the same, and need not be read again. */
#ifndef SAMPLER_RUNS_H
#define SAMPLER_RUNS_H

#include <stdbool.h>
#include <sys/types.h>

/* All zero: nothing is known yet. */
struct runs {
	int file;      /* its schedstat in /proc + 1; 0: not open */
	bool hopeless; /* it cannot be opened */
	char seen[64]; /* nanoseconds on a CPU, nanoseconds of waiting for one, how often it got one */
};

/* Begins to look at a thread. Does nothing if the kernel does not count, if no more files can be had, or with an image.
 */
void runs_watch(struct runs *runs, pid_t pid, pid_t tid);
/* False if the count is what it was at the last call: if it sleeps now, it slept all the time since then. */
bool runs_changed(struct runs *runs);
void runs_forget(struct runs *runs);

#endif
