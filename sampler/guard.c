#include "sampler/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sampler/clock.h"
#include "sampler/tracing.h"

/* LOOK_MS: how often the guard looks; SLACK_NS: its timers may be that late, to be woken with others. */
enum { LOOK_MS = 700, SLACK_NS = 50000000 };

/* What we and the guard share. */
static struct {
	atomic_int asked;   /* the guard has woken us: let go */
	atomic_int has_let; /* we have: it may leave us alone */
} * shared;

static const int numbers[] = {SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT};
enum { NUMBERS = sizeof numbers / sizeof *numbers };
static struct sigaction before[NUMBERS];
static int lifeline = -1; /* the guard ends when nobody holds this end of its pipe */
static pid_t guard;

/* ---- the guard ---- */

/* The state in /proc/PID/stat, the letter behind the program's name. */
static char state_of(int stat)
{
	char text[512];
	ssize_t size = pread(stat, text, sizeof text - 1, 0);
	text[size > 0 ? size : 0] = '\0';
	const char *behind = strrchr(text, ')');
	return behind && behind[1] == ' ' ? behind[2] : '\0';
}

static void close_all_but(int low, int high)
{
	if (low > 0)
		close_range(0, (unsigned)low - 1, 0);
	if (high > low + 1)
		close_range((unsigned)low + 1, (unsigned)high - 1, 0);
	close_range((unsigned)high + 1, ~0U, 0);
}

/* It has its own session (no key of the terminal reaches it) and holds no file or folder of ours. */
static _Noreturn void watch(pid_t sampler, int stat, int end)
{
	struct pollfd pipe = {.fd = end};
	close_all_but(stat, end);
	if (chdir("/") != 0)
		_exit(EXIT_FAILURE);
	setsid();
	prctl(PR_SET_NAME, "sampler-guard", 0UL, 0UL, 0UL);
	prctl(PR_SET_TIMERSLACK, (unsigned long)SLACK_NS, 0UL, 0UL, 0UL);
	while (poll(&pipe, 1, LOOK_MS) <= 0) {
		if (state_of(stat) != 'T' || shared->has_let)
			continue;
		shared->asked = 1;
		kill(sampler, SIGCONT);
	}
	_exit(EXIT_SUCCESS);
}

/* If there can be none we go on without. */
static void start(void)
{
	int ends[2], stat = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
	pid_t sampler = getpid();
	if (stat >= 0 && pipe2(ends, O_CLOEXEC) == 0) {
		guard = fork();
		if (guard == 0)
			watch(sampler, stat, ends[0]);
		close(ends[0]);
		lifeline = ends[1];
	}
	if (stat >= 0)
		close(stat);
}

/* ---- being stopped ---- */

static bool is_pending(int number)
{
	sigset_t pending;
	return sigpending(&pending) == 0 && sigismember(&pending, number) == 1;
}

/* As if we had not caught it. */
static void stop_as_before(size_t i)
{
	struct sigaction ours;
	sigset_t one, mask;
	if (before[i].sa_handler != SIG_DFL) {
		before[i].sa_handler(numbers[i]); /* ncurses': gives the terminal back meanwhile */
		return;
	}
	sigemptyset(&one);
	sigaddset(&one, numbers[i]);
	sigaction(numbers[i], &before[i], &ours);
	raise(numbers[i]);
	sigprocmask(SIG_UNBLOCK, &one, &mask);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigaction(numbers[i], &ours, NULL);
}

/* Runs between two stops of the target only (see trace_held). If a thread cannot be let go now we are not stopped. */
static void take_signal(int number)
{
	int error = errno;
	if ((number == SIGCONT && !shared->asked) || !trace_release_all())
		return;
	double began = clock_now();
	shared->has_let = 1;
	for (size_t i = 0; i < NUMBERS; i++)
		if (numbers[i] == number && number != SIGCONT)
			stop_as_before(i);
	if (number == SIGCONT && !is_pending(SIGCONT)) /* or somebody else wants us to go on by now */
		raise(SIGSTOP);
	shared->has_let = shared->asked = 0;
	clock_leave_out(clock_now() - began);
	errno = error;
}

void guard_begin(void)
{
	struct sigaction action = {.sa_handler = take_signal, .sa_flags = SA_RESTART, .sa_mask = *trace_held()};
	void *page = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return;
	shared = page;
	start();
	atexit(guard_end);
	for (size_t i = 0; i < NUMBERS; i++)
		if (sigaction(numbers[i], NULL, &before[i]) == 0 && before[i].sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
}

void guard_end(void)
{
	if (!shared)
		return;
	for (size_t i = 0; i < NUMBERS; i++)
		sigaction(numbers[i], &before[i], NULL);
	if (lifeline >= 0)
		close(lifeline);
	if (guard > 0 && waitpid(guard, NULL, WNOHANG) == 0) { /* 0: it is there, and its number is its own */
		kill(guard, SIGKILL);
		waitpid(guard, NULL, 0);
	}
	shared = NULL;
}
