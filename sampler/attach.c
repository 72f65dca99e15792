#include "sampler/attach.h"

#include <signal.h>
#include <sys/wait.h>

#include "common/report.h"
#include "sampler/child.h"
#include "sampler/clock.h"
#include "sampler/permission.h"
#include "sampler/proc.h"
#include "sampler/tracing.h"

/* Seconds: how young a process may still be the shell, or the script, that becomes Python; how long a Python may start.
 */
static const double YOUNG = 2, START = 0.4;

static _Noreturn void forbid(pid_t target)
{
	struct buffer why = {0};
	permission_explain(target, &why);
	die(EXIT_FAILED, "no permission to read process %d: %s", (int)target, why.at);
}

void attach_child(struct target *target)
{
	char why[200] = "";
	int status;
	enum located located = LOCATE_NOT_PYTHON;
	double until = clock_now() + 5;
	while (clock_now() < until && !clock_signal()) {
		located = target_locate(target, why);
		if (located == LOCATED)
			return;
		if (trace_child_ended(&status))
			die(EXIT_FAILED,
				"the command ended %s %d before a first sample could be taken: is it a Python program?",
				WIFSIGNALED(status) ? "by signal" : "with status",
				WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
		clock_sleep(clock_now() + 0.002);
	}
	child_end(target->pid, clock_signal() ? clock_signal() : SIGTERM);
	if (clock_signal())
		die(EXIT_FAILED, "interrupted before a first sample could be taken");
	if (located == LOCATE_FORBIDDEN)
		forbid(target->pid);
	die(EXIT_FAILED, "the command is not a Python program%s%s", *why ? ": " : "", why);
}

/* Whether it may be found at another try. */
static bool is_starting(enum located located, pid_t pid, double since)
{
	if (located == LOCATE_NOT_PYTHON)
		return proc_age(pid) < YOUNG;
	return located == LOCATE_UNSUPPORTED && clock_now() < since + START;
}

void attach_process(struct target *target, bool any)
{
	char why[200] = "";
	double since = clock_now();
	enum located located = target_locate(target, why);
	while (!any && is_starting(located, target->pid, since)) {
		clock_sleep(clock_now() + 0.02);
		if (clock_signal())
			die(EXIT_FAILED, "interrupted before a first sample could be taken");
		located = target_locate(target, why);
	}
	if (any && (located == LOCATE_NOT_PYTHON || located == LOCATE_UNSUPPORTED))
		return;
	switch (located) {
	case LOCATED:
		return;
	case LOCATE_GONE:
		die(EXIT_FAILED,
			kill(target->pid, 0) == 0 ? "process %d has ended (its parent has not taken note of it)"
						  : "there is no process %d",
			(int)target->pid);
	case LOCATE_FORBIDDEN:
		forbid(target->pid);
	case LOCATE_UNSUPPORTED:
		die(EXIT_FAILED, "process %d: %s", (int)target->pid, why);
	case LOCATE_NOT_PYTHON:
		break;
	}
	die(EXIT_FAILED, "process %d is not a Python program: no CPython was found in it", (int)target->pid);
}

bool attach_again(struct target *target, uint64_t process, double until)
{
	struct target fresh = {.pid = target->pid};
	char why[200];
	enum located located = LOCATE_GONE;
	for (; clock_now() < until && !clock_signal(); clock_sleep(clock_now() + 0.05)) {
		if (!process || proc_start_time(target->pid) != process)
			return false;
		located = target_locate(&fresh, why);
		if (located == LOCATED)
			*target = fresh;
		if (located == LOCATED || located == LOCATE_GONE)
			return located == LOCATED;
	}
	struct buffer forbidden = {0};
	if (located == LOCATE_FORBIDDEN)
		permission_explain(target->pid, &forbidden);
	if (!clock_signal())
		report_warning("process %d %s%s", (int)target->pid,
			located == LOCATE_FORBIDDEN ? "may not be read any more: " : "is no Python program any more",
			located == LOCATE_FORBIDDEN ? forbidden.at : "");
	buffer_free(&forbidden);
	return false;
}

void attach_image(struct target *target)
{
	char why[200] = "";
	if (target_locate(target, why) != LOCATED)
		die(EXIT_FAILED, "no CPython was found in the image%s%s", *why ? ": " : "", why);
}
