#include "sampler/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/report.h"
#include "sampler/clock.h"
#include "sampler/tracing.h"

/* The child tells through the pipe why it could not start; a successful exec closes it. */
static void run(char **argv, enum child_output output, int tell)
{
	clock_restore_signals();
	int nothing = output == CHILD_SILENT ? open("/dev/null", O_RDWR | O_CLOEXEC) : -1;
	if (output == CHILD_TO_STDERR)
		dup2(STDERR_FILENO, STDOUT_FILENO);
	for (int i = 0; nothing >= 0 && i <= STDERR_FILENO; i++)
		dup2(nothing, i);
	execvp(argv[0], argv);
	int error = errno;
	if (write(tell, &error, sizeof error) < 0)
		_exit(126);
	_exit(127);
}

static bool wait_for_end(double seconds)
{
	int status;
	double until = clock_now() + seconds;
	while (!trace_child_ended(&status)) {
		if (clock_now() >= until)
			return false;
		usleep(5000);
	}
	return true;
}

void child_end(pid_t child, int signal)
{
	if (wait_for_end(0))
		return;
	kill(child, signal);
	if (wait_for_end(2))
		return;
	kill(child, SIGKILL);
	wait_for_end(2);
}

/* The command is not left alone when a message ends the program. */
static pid_t started;
static void end_started(void)
{
	child_end(started, SIGTERM);
}

pid_t child_start(char **argv, enum child_output output)
{
	int tell[2], error;
	sigset_t mask;
	if (pipe2(tell, O_CLOEXEC) != 0)
		die(EXIT_FAILED, "no pipe: %s", strerror(errno));
	sigprocmask(SIG_BLOCK, trace_held(), &mask); /* its end is not to be seen before it is watched */
	pid_t child = fork();
	if (child < 0)
		die(EXIT_FAILED, "no process: %s", strerror(errno));
	if (child == 0)
		run(argv, output, tell[1]);
	close(tell[1]);
	if (read(tell[0], &error, sizeof error) == (ssize_t)sizeof error)
		die(EXIT_FAILED, "%s: cannot be started: %s", argv[0], strerror(error));
	close(tell[0]);
	trace_watch_child(child);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	started = child;
	atexit(end_started);
	return child;
}
