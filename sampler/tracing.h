/* Stops single threads of another process for a moment (ptrace). With a recorded image (image.h) they stand anyway. */
#ifndef SAMPLER_TRACING_H
#define SAMPLER_TRACING_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* Catches SIGCHLD: from now on signals that reach seized threads are passed on at once, whatever we do, and those that
 * ended are reaped (a process that calls exec waits for that). */
void trace_begin(void);
void trace_end(void);
/* The signals to us that are not taken while a thread stands: SIGCHLD, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT. */
const sigset_t *trace_held(void);
/* Makes us the tracer of the thread, which goes on running (PTRACE_SEIZE: the kernel lets it go if we die). False, with
 * errno. */
bool trace_seize(pid_t tid);
/* Stops a seized thread and waits until it stands; `status` is what trace_resume needs. False if the thread has ended,
 * or (ESRCH) is not traced any more. */
bool trace_stop(pid_t tid, int *status);
void trace_resume(pid_t tid, int status);
/* The exit of this child of ours will be kept for trace_child_ended: nobody else may wait. */
void trace_watch_child(pid_t child);
/* True if it has ended; *status is as waitpid's. */
bool trace_child_ended(int *status);
/* Ends tracing of the thread; it goes on running. */
void trace_release(pid_t tid);
/* Ends tracing of all threads; false if one cannot be stopped for that now. May be called by handlers of trace_held().
 */
bool trace_release_all(void);

#endif
