#include "sampler/remote.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

enum { MOST_PIECES = 256 };

bool remote_read(pid_t pid, uint64_t address, void *to, size_t size)
{
	struct iovec local = {to, size}, remote = {(void *)(uintptr_t)address, size};
	ssize_t got = process_vm_readv(pid, &local, 1, &remote, 1, 0);
	if (got >= 0 && (size_t)got < size)
		errno = EFAULT;
	return got >= 0 && (size_t)got == size;
}

/* One call; the kernel stops at the first piece that cannot be read. */
static size_t read_some(pid_t pid, const struct piece *pieces, size_t count)
{
	struct iovec local[MOST_PIECES], remote[MOST_PIECES];
	for (size_t i = 0; i < count; i++) {
		local[i] = (struct iovec){pieces[i].to, pieces[i].size};
		remote[i] = (struct iovec){(void *)(uintptr_t)pieces[i].address, pieces[i].size};
	}
	ssize_t got = process_vm_readv(pid, local, count, remote, count, 0);
	size_t whole = 0, left = got > 0 ? (size_t)got : 0;
	while (whole < count && left >= pieces[whole].size)
		left -= pieces[whole++].size;
	return whole;
}

size_t remote_read_pieces(pid_t pid, const struct piece *pieces, size_t count)
{
	size_t done = 0;
	while (done < count) {
		size_t part = count - done < MOST_PIECES ? count - done : MOST_PIECES;
		size_t got = read_some(pid, pieces + done, part);
		done += got;
		if (got < part)
			break;
	}
	return done;
}

uint64_t remote_word(pid_t pid, uint64_t address)
{
	uint64_t word = 0;
	return remote_read(pid, address, &word, sizeof word) ? word : 0;
}

/* ---- stopping ---- */

bool remote_seize(pid_t tid)
{
	return ptrace(PTRACE_SEIZE, tid, 0, 0) == 0;
}

/* Stops of a seized thread: PTRACE_EVENT_STOP with SIGTRAP is our interrupt; with another signal the thread stands
 * because its whole process was stopped (SIGSTOP ...), and must go on standing; without the event a signal is about to
 * be delivered. */
static bool is_event(int status)
{
	return status >> 16 == PTRACE_EVENT_STOP;
}

void remote_resume(pid_t tid, int status)
{
	int number = WSTOPSIG(status);
	if (!is_event(status))
		ptrace(PTRACE_CONT, tid, 0, (void *)(intptr_t)number);
	else if (number == SIGTRAP)
		ptrace(PTRACE_CONT, tid, 0, 0);
	else
		ptrace(PTRACE_LISTEN, tid, 0, 0);
}

bool remote_stop(pid_t tid, int *status)
{
	pid_t got;
	if (ptrace(PTRACE_INTERRUPT, tid, 0, 0) != 0)
		return false;
	do
		got = waitpid(tid, status, __WALL);
	while (got < 0 && errno == EINTR);
	return got == tid && WIFSTOPPED(*status);
}

/* Looks at stopped threads only: what has ended is left to those who wait for it. */
void remote_pass_signals(void)
{
	for (int i = 0; i < 10000; i++) {
		siginfo_t info = {0};
		if (waitid(P_ALL, 0, &info, WSTOPPED | WNOHANG | __WALL) != 0 || info.si_pid == 0)
			return;
		remote_resume(info.si_pid, info.si_status << 8 | 0x7F); /* as waitpid gives it */
	}
}

void remote_release(pid_t tid)
{
	int status;
	if (!remote_stop(tid, &status))
		return;
	int number = is_event(status) ? 0 : WSTOPSIG(status);
	ptrace(PTRACE_DETACH, tid, 0, (void *)(intptr_t)number);
}
