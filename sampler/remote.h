/* The only file that touches another process: it reads memory and stops single threads for a moment. It never writes.
 * A recorded image (image.h) can stand in for the process. */
#ifndef SAMPLER_REMOTE_H
#define SAMPLER_REMOTE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

/* One piece of the target's memory and where it goes. */
struct piece {
	uint64_t address;
	void *to;
	size_t size;
};

/* Reads `size` bytes at `address`; false, with errno, if not all of it could be read. */
bool remote_read(pid_t pid, uint64_t address, void *to, size_t size);
/* Reads many pieces with as few calls as possible (best sorted by address: neighbours are read together); returns how
 * many whole pieces, from the first on, were read. */
size_t remote_read_pieces(pid_t pid, const struct piece *pieces, size_t count);
/* True if the piece is read together with the one before it. */
bool remote_is_joined(const struct piece *pieces, size_t i);
/* A pointer-sized word; 0 if it cannot be read. */
uint64_t remote_word(pid_t pid, uint64_t address);
/* The word at that place of what was read. */
static inline uint64_t word_at(const unsigned char *bytes, size_t offset)
{
	uint64_t word;
	memcpy(&word, bytes + offset, sizeof word);
	return word;
}

/* ---- stopping ---- */

/* Catches SIGCHLD: from now on signals that reach seized threads are passed on at once, whatever we do, and those that
 * ended are reaped (a process that calls exec waits for that). */
void remote_begin(void);
void remote_end(void);
/* The signals to us that are not taken while a thread stands: SIGCHLD, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT. */
const sigset_t *remote_held(void);
/* Makes us the tracer of the thread, which goes on running (PTRACE_SEIZE: the kernel lets it go if we die). False, with
 * errno. */
bool remote_seize(pid_t tid);
/* Stops a seized thread and waits until it stands; `status` is what remote_resume needs. False if the thread has ended,
 * or (ESRCH) is not traced any more. */
bool remote_stop(pid_t tid, int *status);
void remote_resume(pid_t tid, int status);
/* The exit of this child of ours will be kept for remote_child_ended: nobody else may wait. */
void remote_watch_child(pid_t child);
/* True if it has ended; *status is as waitpid's. */
bool remote_child_ended(int *status);
/* Ends tracing of the thread; it goes on running. */
void remote_release(pid_t tid);
/* Ends tracing of all threads; false if one cannot be stopped for that now. May be called by handlers of remote_held().
 */
bool remote_release_all(void);

#endif
