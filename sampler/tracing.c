#include "sampler/tracing.h"

#include <errno.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

#include "common/mem.h"
#include "sampler/image.h"

enum { SPIN_ROUNDS = 40, WAIT_ROUNDS = 1000 };

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

void trace_watch_child(pid_t child)
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

void trace_begin(void)
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

void trace_end(void)
{
	signal(SIGCHLD, SIG_DFL);
}

const sigset_t *trace_held(void)
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

bool trace_child_ended(int *status)
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
bool trace_seize(pid_t tid)
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

bool trace_stop(pid_t tid, int *status)
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

void trace_resume(pid_t tid, int status)
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

void trace_release(pid_t tid)
{
	if (image_is_loaded())
		return;
	hold();
	release(tid);
	unhold_quietly();
}

bool trace_release_all(void)
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
