/* floor WHAT RATE SECONDS: what the system calls alone cost on this machine that a sampler cannot do without. WHAT is
 * "sleep": a timer, RATE times a second; "stop": and the target is stopped by ptrace, read from, and let go on; or
 * "read": and it is read from while it runs. RATE 0 is without the timer. The target is a loop in C; what is read are 8
 * pieces of 512 bytes on 8 pages, with one call. Prints the rounds a second, the CPU time of each in microseconds, and
 * how many percent of its speed the target loses. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PIECES = 8, PIECE = 512, APART = 8192 };

static char memory[PIECES * APART];

static double now(clockid_t clock)
{
	struct timespec time;
	clock_gettime(clock, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* It counts its rounds. */
static pid_t start_target(volatile unsigned long *work)
{
	pid_t target = fork();
	if (target)
		return target;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		++*work;
}

/* The target's rounds a second when nobody looks. */
static double speed(const volatile unsigned long *work)
{
	double start = now(CLOCK_MONOTONIC);
	unsigned long before = *work;
	usleep(500000);
	return (double)(*work - before) / (now(CLOCK_MONOTONIC) - start);
}

static void sleep_until(double at)
{
	struct timespec time = {(time_t)at, (long)((at - (double)(time_t)at) * 1e9)};
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

static void read_pieces(pid_t target)
{
	char copy[PIECES * PIECE];
	struct iovec local = {copy, sizeof copy}, remote[PIECES];
	for (int i = 0; i < PIECES; i++)
		remote[i] = (struct iovec){memory + i * APART, PIECE};
	if (process_vm_readv(target, &local, 1, remote, PIECES, 0) != sizeof copy)
		exit(1);
}

static void stop_and_read(pid_t target)
{
	int status;
	if (ptrace(PTRACE_INTERRUPT, target, 0, 0) != 0 || waitpid(target, &status, __WALL) != target)
		exit(1);
	read_pieces(target);
	ptrace(PTRACE_CONT, target, 0, 0);
}

int main(int count, char **arguments)
{
	if (count != 4)
		return 2;
	const char *what = arguments[1];
	double rate = strtod(arguments[2], NULL), seconds = strtod(arguments[3], NULL);
	memset(memory, 1, sizeof memory);
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return 1;
	volatile unsigned long *work = page;
	pid_t target = start_target(work);
	prctl(PR_SET_TIMERSLACK, 1);
	if (strcmp(what, "stop") == 0 && ptrace(PTRACE_SEIZE, target, 0, 0) != 0)
		return 1;
	double alone = speed(work), start = now(CLOCK_MONOTONIC), used = now(CLOCK_PROCESS_CPUTIME_ID);
	unsigned long worked = *work;
	long rounds = 0;
	for (; now(CLOCK_MONOTONIC) < start + seconds; rounds++) {
		if (rate > 0)
			sleep_until(start + (double)(rounds + 1) / rate);
		if (strcmp(what, "stop") == 0)
			stop_and_read(target);
		else if (strcmp(what, "read") == 0)
			read_pieces(target);
	}
	double took = now(CLOCK_MONOTONIC) - start;
	printf("%.0f %.1f %.2f\n", (double)rounds / took, (now(CLOCK_PROCESS_CPUTIME_ID) - used) / (double)rounds * 1e6,
		100 * (1 - (double)(*work - worked) / took / alone));
	kill(target, SIGKILL);
	return 0;
}
