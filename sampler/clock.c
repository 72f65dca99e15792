#include "sampler/clock.h"

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <time.h>

#include "common/hash.h"

static volatile sig_atomic_t ending;
static sigset_t before, caught;
static void (*pipe_before)(int);

/* How long we were stopped; a signal's handler changes it. */
static volatile double stopped;

double clock_now(void)
{
	struct timespec now;
	double left_out;
	do {
		left_out = stopped;
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (left_out != stopped);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9 - left_out;
}

void clock_leave_out(double seconds)
{
	stopped += seconds;
}

static void note(int number)
{
	ending = number;
}

void clock_catch_signals(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	sigset_t blocked;
	struct sigaction action = {.sa_handler = note};
	sigemptyset(&blocked);
	sigemptyset(&caught);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		struct sigaction old;
		if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler == SIG_IGN)
			continue;
		sigaction(numbers[i], &action, NULL);
		sigaddset(&blocked, numbers[i]);
		sigaddset(&caught, numbers[i]);
	}
	sigprocmask(SIG_BLOCK, &blocked, &before);
	pipe_before = signal(SIGPIPE, SIG_IGN); /* a command that was launched must be ended even if nobody reads us */
	prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
}

int clock_signal(void)
{
	return ending;
}

void clock_restore_signals(void)
{
	for (int number = 1; number < NSIG; number++)
		if (sigismember(&caught, number) == 1)
			signal(number, SIG_DFL);
	signal(SIGPIPE, pipe_before);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

/* When there is nothing to wait for, signals are looked for as seldom as this. */
static const double LOOK_SECONDS = 0.001;

void clock_sleep(double until)
{
	static double looked;
	double now = clock_now();
	if (now >= until && now < looked + LOOK_SECONDS)
		return;
	looked = now;
	do {
		double left = until - clock_now();
		struct timespec time = {0, 0};
		if (left > 0) {
			time.tv_sec = (time_t)left;
			time.tv_nsec = (long)((left - (double)time.tv_sec) * 1e9);
		}
		ppoll(NULL, 0, &time, &before);
	} while (!ending && clock_now() < until);
}

void schedule_begin(struct schedule *schedule, double interval, bool jitter)
{
	*schedule = (struct schedule){.start = clock_now(), .interval = interval, .jitter = jitter, .random = 1};
}

double schedule_next(struct schedule *schedule)
{
	double now = clock_now();
	if (schedule->interval <= 0)
		return now;
	uint64_t current = (uint64_t)((now - schedule->start) / schedule->interval);
	if (current > schedule->number) {
		schedule->late += current - schedule->number;
		schedule->number = current;
	}
	double place = 0;
	if (schedule->jitter && schedule->number > 0) {
		schedule->random = hash_mix(schedule->random, schedule->number);
		place = (double)(schedule->random >> 11) / 9007199254740992.0;
	}
	return schedule->start + ((double)schedule->number++ + place) * schedule->interval;
}
