/* The target's threads: the kernel's numbers of Python's threads, and what they do. */
#ifndef SAMPLER_THREADS_H
#define SAMPLER_THREADS_H

#include "sampler/snapshot.h"
#include "sampler/target.h"

/* A thread as the kernel sees it: its numbers from here and from inside its own PID namespace, and the letter of its
 * state. */
struct task {
	pid_t outer, inner;
	char state;
};
/* All threads of the process; at most `most`. Returns their number. */
size_t threads_list(pid_t pid, struct task *tasks, size_t most);

/* What tells a thread from another that got the same thread state later: its number inside its namespace (3.11 and on),
 * or pthread_self(). `state` is what walk_thread gives. */
uint64_t threads_identity(const struct target *target, const unsigned char *state);
/* Free-threaded builds: true if the thread runs Python (it is attached, in CPython's words). `state` is what
 * walk_thread gives. */
bool threads_is_attached(const struct target *target, const unsigned char *state);
/* The kernel's number of the thread, as seen from here, read anew; 0 if it cannot be found. */
pid_t threads_number(struct target *target, uint64_t thread, uint64_t *identity);
/* The same by what was read of it. */
pid_t threads_number_of(struct target *target, uint64_t identity);
/* The kernel's letter for the thread's state, 'R' if it runs or could; 0 if it is gone. */
char threads_state(pid_t pid, pid_t tid);

#endif
