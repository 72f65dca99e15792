#include "sampler/remote.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#include "common/mem.h"
#include "sampler/image.h"

enum { MOST_PIECES = 512, MOST_GAP = 1024, SPIN_ROUNDS = 40, WAIT_ROUNDS = 1000 };

static bool read_memory(pid_t pid, uint64_t address, void *to, size_t size)
{
	struct iovec local = {to, size}, remote = {(void *)(uintptr_t)address, size};
	ssize_t got = process_vm_readv(pid, &local, 1, &remote, 1, 0);
	if (got >= 0 && (size_t)got < size)
		errno = EFAULT;
	return got >= 0 && (size_t)got == size;
}

/* All blocks that hold a part of what was read. */
static void record(pid_t pid, uint64_t address, size_t size)
{
	unsigned char bytes[IMAGE_BLOCK];
	for (uint64_t block = address - address % IMAGE_BLOCK; block < address + size; block += IMAGE_BLOCK)
		if (read_memory(pid, block, bytes, sizeof bytes))
			image_keep(block, bytes);
}

bool remote_read(pid_t pid, uint64_t address, void *to, size_t size)
{
	if (image_is_loaded())
		return image_read(address, to, size);
	bool got = read_memory(pid, address, to, size);
	if (got && image_is_recording())
		record(pid, address, size);
	return got;
}

/* Bytes between the piece and the one before it that are read with them, which is cheaper than a segment of its own; -1
 * if it has one. */
static ssize_t gap_before(const struct piece *pieces, size_t i)
{
	uint64_t end = i ? pieces[i - 1].address + pieces[i - 1].size : 0;
	if (!i || pieces[i].address < end || pieces[i].address - end > MOST_GAP)
		return -1;
	return (ssize_t)(pieces[i].address - end);
}

bool remote_is_joined(const struct piece *pieces, size_t i)
{
	return gap_before(pieces, i) >= 0;
}

/* The number of pieces that the first `got` bytes fill. */
static size_t whole_pieces(const struct piece *pieces, size_t count, size_t got)
{
	size_t whole = 0;
	for (size_t i = 0; i < count; i++, whole++) {
		ssize_t gap = gap_before(pieces, i);
		size_t size = pieces[i].size + (gap > 0 ? (size_t)gap : 0);
		if (got < size)
			break;
		got -= size;
	}
	return whole;
}

/* One call; the kernel stops at the first piece that cannot be read. */
static size_t read_some(pid_t pid, const struct piece *pieces, size_t count)
{
	static struct iovec local[2 * MOST_PIECES], remote[MOST_PIECES];
	static unsigned char between[MOST_GAP];
	size_t locals = 0, remotes = 0;
	for (size_t i = 0; i < count; i++) {
		ssize_t gap = gap_before(pieces, i);
		if (gap < 0)
			remote[remotes++] = (struct iovec){(void *)(uintptr_t)pieces[i].address, pieces[i].size};
		else
			remote[remotes - 1].iov_len += (size_t)gap + pieces[i].size;
		if (gap > 0)
			local[locals++] = (struct iovec){between, (size_t)gap};
		local[locals++] = (struct iovec){pieces[i].to, pieces[i].size};
	}
	ssize_t got = process_vm_readv(pid, local, locals, remote, remotes, 0);
	return whole_pieces(pieces, count, got > 0 ? (size_t)got : 0);
}

size_t remote_read_pieces(pid_t pid, const struct piece *pieces, size_t count)
{
	size_t done = 0;
	if (image_is_loaded()) {
		while (done < count && image_read(pieces[done].address, pieces[done].to, pieces[done].size))
			done++;
		return done;
	}
	while (done < count) {
		size_t part = count - done < MOST_PIECES ? count - done : MOST_PIECES;
		size_t got = read_some(pid, pieces + done, part);
		done += got;
		if (got < part)
			break;
	}
	for (size_t i = 0; i < done && image_is_recording(); i++)
		record(pid, pieces[i].address, pieces[i].size);
	return done;
}

uint64_t remote_word(pid_t pid, uint64_t address)
{
	uint64_t word = 0;
	return remote_read(pid, address, &word, sizeof word) ? word : 0;
}

/* ---- stopping ---- */

/* Stops of a seized thread: PTRACE_EVENT_STOP with SIGTRAP is our interrupt; with another signal the thread stands
 * because its whole process was stopped (SIGSTOP ...), and must go on standing; without the event a signal is about to
 * be delivered. */
static bool is_event(int status)
{
	return status >> 16 == PTRACE_EVENT_STOP;
}

static void resume(pid_t tid, int status)
{
	int number = WSTOPSIG(status);
	if (!is_event(status))
		ptrace(PTRACE_CONT, tid, 0, (void *)(intptr_t)number);
	else if (number == SIGTRAP)
		ptrace(PTRACE_CONT, tid, 0, 0);
	else
		ptrace(PTRACE_LISTEN, tid, 0, 0);
}

/* The launched child, if there is one. */
static pid_t watched;
static bool watched_ended;
static int watched_status;

/* Who is traced. */
static struct {
	pid_t *tids;
	size_t count, capacity;
} traced;

static void forget(pid_t tid)
{
	for (size_t i = 0; i < traced.count; i++)
		if (traced.tids[i] == tid)
			traced.tids[i--] = traced.tids[--traced.count];
}

static bool is_traced(pid_t tid)
{
	for (size_t i = 0; i < traced.count; i++)
		if (traced.tids[i] == tid)
			return true;
	return false;
}

void remote_watch_child(pid_t child)
{
	watched = child;
}

static void note_exit(pid_t tid, int status)
{
	forget(tid);
	if (tid == watched) {
		watched_ended = true;
		watched_status = status;
	}
}

/* The next change of a thread or child; its number, 0 if there is none now. */
static pid_t next_change(int *status)
{
	pid_t got;
	do
		got = waitpid(-1, status, __WALL | WNOHANG);
	while (got < 0 && errno == EINTR);
	return got > 0 ? got : 0;
}

static void handle_change(pid_t tid, int status)
{
	if (WIFSTOPPED(status))
		resume(tid, status);
	else
		note_exit(tid, status);
}

static void pass_changes(void)
{
	int status;
	for (pid_t tid; (tid = next_change(&status)) != 0;)
		handle_change(tid, status);
}

/* ---- signals to us: none is taken while a thread stands ---- */

/* SIGCHLD and those that stop us. */
static sigset_t held, change, outside;
static int holds;

static void take_change(int number)
{
	int error = errno;
	(void)number;
	pass_changes();
	errno = error;
}

void remote_begin(void)
{
	static const int numbers[] = {SIGCHLD, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT};
	struct sigaction action = {.sa_handler = take_change, .sa_flags = SA_RESTART};
	sigemptyset(&change);
	sigaddset(&change, SIGCHLD);
	sigemptyset(&held);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		sigaddset(&held, numbers[i]);
	action.sa_mask = held;
	sigaction(SIGCHLD, &action, NULL);
	sigprocmask(SIG_UNBLOCK, &change, NULL);
}

void remote_end(void)
{
	signal(SIGCHLD, SIG_DFL);
}

const sigset_t *remote_held(void)
{
	return &held;
}

static void hold(void)
{
	if (holds++ == 0)
		sigprocmask(SIG_BLOCK, &held, &outside);
}

static void unhold(void)
{
	if (--holds == 0)
		sigprocmask(SIG_SETMASK, &outside, NULL);
}

/* Without the SIGCHLD of a stop that was waited for. What it may tell besides is looked for. */
static void unhold_quietly(void)
{
	const struct timespec none = {0, 0};
	if (holds == 1 && sigtimedwait(&change, NULL, &none) > 0)
		pass_changes();
	unhold();
}

bool remote_child_ended(int *status)
{
	hold();
	pass_changes();
	unhold();
	*status = watched_status;
	return watched_ended;
}

/* ---- stopping ---- */

/* A thread that calls exec holds a lock that seizing waits for, and waits itself until its other threads, which we may
 * trace, are reaped: so changes are taken even while we wait. */
bool remote_seize(pid_t tid)
{
	sigset_t mask;
	if (image_is_loaded())
		return true; /* it stands anyway */
	hold();
	traced.tids = mem_grow(traced.tids, &traced.capacity, traced.count + 1, sizeof *traced.tids);
	sigprocmask(SIG_UNBLOCK, &change, &mask);
	bool seized = ptrace(PTRACE_SEIZE, tid, 0, 0) == 0;
	int error = errno;
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (seized)
		traced.tids[traced.count++] = tid;
	unhold();
	errno = error;
	return seized;
}

/* Sleeps until SIGCHLD (which is blocked) comes, a millisecond at most. */
static void wait_for_change(void)
{
	const struct timespec time = {0, 1000000};
	sigtimedwait(&change, NULL, &time);
}

/* It stands within microseconds, so we look again and again at first; then it may need our CPU to get there; a thread
 * that waits for a disk takes longer. */
static bool stop(pid_t tid, int *status)
{
	if (ptrace(PTRACE_INTERRUPT, tid, 0, 0) != 0)
		return false;
	for (int round = 0; round < SPIN_ROUNDS + WAIT_ROUNDS; round++) {
		pid_t got = next_change(status);
		if (got == tid && WIFSTOPPED(*status))
			return true;
		if (got)
			handle_change(got, *status);
		if (got == tid)
			return false;
		if (round >= SPIN_ROUNDS)
			wait_for_change();
	}
	return false;
}

bool remote_stop(pid_t tid, int *status)
{
	if (image_is_loaded())
		return true;
	hold();
	if (stop(tid, status))
		return true;
	int error = errno;
	unhold_quietly();
	errno = error;
	return false;
}

void remote_resume(pid_t tid, int status)
{
	if (image_is_loaded())
		return;
	resume(tid, status);
	unhold_quietly();
}

/* False if it cannot be stopped now: it may stand later. */
static bool release(pid_t tid)
{
	int status;
	if (!stop(tid, &status)) {
		if (errno == ESRCH)
			forget(tid);
		return !is_traced(tid);
	}
	ptrace(PTRACE_DETACH, tid, 0, (void *)(intptr_t)(is_event(status) ? 0 : WSTOPSIG(status)));
	forget(tid);
	return true;
}

void remote_release(pid_t tid)
{
	if (image_is_loaded())
		return;
	hold();
	release(tid);
	unhold_quietly();
}

bool remote_release_all(void)
{
	bool all = true;
	hold();
	pass_changes();
	for (size_t i = traced.count; i-- > 0;)
		if (i < traced.count) /* others may end meanwhile */
			all &= release(traced.tids[i]);
	unhold_quietly();
	return all;
}
