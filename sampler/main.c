/* pysample: samples the stacks of Python programs from outside. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/opt.h"
#include "common/report.h"
#include "sampler/child.h"
#include "sampler/clock.h"
#include "sampler/output.h"
#include "sampler/permission.h"
#include "sampler/remote.h"
#include "sampler/sample.h"
#include "sampler/target.h"

static const char *style = "default", *output, *seconds_text;
static long pid;
static double rate = 100, seconds;
static bool trace, no_lines, no_idle, all_threads, dump, nonstop, ordered, no_jitter, full_paths;
static const char *const styles[] = {"default", "pyflame", NULL};

static const struct opt options[] = {
	{'p', "pid", OPT_INTEGER, &pid, "PID", "Sample this process.", NULL, 1, false},
	{'t', "trace", OPT_REST, &trace, NULL,
		"Launch the command that follows and sample it (as --). Its standard output goes to standard error if "
		"the profile goes to "
		"standard output. If -s ends first the command is ended.",
		NULL, 0, false},
	{'s', "seconds", OPT_STRING, &seconds_text, "N",
		"How long; 0: one sample; less than 0: until the program ends. Default: 10 with -p, to the end with a "
		"command.",
		NULL, 0, false},
	{'r', "rate", OPT_NUMBER, &rate, "N", "Samples per second; below 1: seconds between samples. Default: 100.",
		NULL, 1e-6, false},
	{'o', "output", OPT_STRING, &output, "FILE",
		"Write to FILE; .svg and .png are drawn by flamerender. Default: folded text on standard output.", NULL,
		0, false},
	{'n', "no-line-numbers", OPT_FLAG, &no_lines, NULL, "Frames without line numbers.", NULL, 0, false},
	{'x', "exclude-idle", OPT_FLAG, &no_idle, NULL,
		"Leave out moments in which no thread runs Python; with --threads: threads that do not run.", NULL, 0,
		false},
	{0, "threads", OPT_FLAG, &all_threads, NULL,
		"All threads, each below a frame of its own, not just the one that holds the GIL.", NULL, 0, false},
	{'d', "dump", OPT_FLAG, &dump, NULL, "Show the stacks of all threads once, leaf first; * holds the GIL.", NULL,
		0, false},
	{0, "style", OPT_CHOICE, &style, "NAME", "default: func (file.py:12); pyflame: file:func:12. Default: default.",
		styles, 0, false},
	{0, "full-filenames", OPT_FLAG, &full_paths, NULL, "Whole paths; else from the package on.", NULL, 0, false},
	{0, "ordered", OPT_FLAG, &ordered, NULL, "Keep the time order (weights are microseconds): for flame charts.",
		NULL, 0, false},
	{0, "nonstop", OPT_FLAG, &nonstop, NULL,
		"Never stop the program, not even for microseconds; short functions are under-represented then.", NULL,
		0, false},
	{0, "no-jitter", OPT_FLAG, &no_jitter, NULL, "Sample at regular times, not at a random one in each interval.",
		NULL, 0, false},
	{0},
};
static const struct opt_program program = {
	.name = "pysample",
	.summary = "Samples the stacks of a running Python program from outside and prints them folded.",
	.usage = "[options] -p PID\n[options] -- COMMAND ARGUMENT ...\n[options] -t COMMAND ARGUMENT ...",
	.examples = "  pysample -p 1234 > stacks.folded\n  pysample -s 5 -o graph.svg -- python3 program.py\n",
	.options = options,
	.stop_at_operand = true,
};

/* ---- what comes out ---- */

struct profile {
	struct stacks *stacks;
	double weight; /* of the sample that is being taken */
	uint32_t idle;
	uint32_t track; /* --ordered: the first frame, alone when nothing ran */
	struct frame_naming naming;
};

static uint32_t thread_frame(struct profile *profile, pid_t tid)
{
	char name[64];
	int size = snprintf(name, sizeof name, "thread (%d)", (int)tid);
	return stacks_name(profile->stacks, name, (size_t)size);
}

static void add_sample(const struct sampled *sampled, void *context)
{
	struct profile *profile = context;
	uint32_t node = 0;
	if (ordered)
		node = stacks_child(profile->stacks, node, profile->track);
	if (all_threads)
		node = stacks_child(profile->stacks, node, thread_frame(profile, sampled->tid));
	for (size_t i = sampled->count; i > 0; i--)
		node = stacks_child(profile->stacks, node, sampled->names[i - 1]);
	stacks_add(profile->stacks, node, profile->weight);
}

/* How often a single sample is tried. */
enum { ONCE_TRIES = 100 };

static bool first_dumped;

/* "TID:" or, if it holds the GIL, "TID*:", then its frames, leaf first. */
static void dump_sample(const struct sampled *sampled, void *context)
{
	struct profile *profile = context;
	printf("%s%d%s:\n", first_dumped ? "\n" : "", (int)sampled->tid, sampled->holds_gil ? "*" : "");
	first_dumped = true;
	for (size_t i = 0; i < sampled->count; i++) {
		struct text name = profile->stacks->names.names[sampled->names[i]];
		fwrite(name.at, 1, name.size, stdout);
		putchar('\n');
	}
}

/* ---- the loop ---- */

struct tally {
	unsigned long taken, idle, failed;
	double began, ended;
};

/* Takes samples until the time is over, the program ends or a signal asks for the end. False if the process is gone. */
static bool sample_all(struct sampler *sampler, struct profile *profile, struct schedule *schedule, double until,
	bool once, struct tally *tally)
{
	tally->began = clock_now();
	double last = tally->began;
	bool alive = true;
	while (alive && !clock_signal()) {
		double at = schedule_next(schedule);
		if (at >= until && !once)
			break;
		clock_sleep(once ? 0 : at, remote_pass_signals);
		if (clock_signal() && tally->taken + tally->idle)
			break;
		double now = clock_now();
		profile->weight = ordered ? (double)(long)((now - last) * 1e6 + 0.5) : 1;
		last = now;
		enum sample_result result = sampler_take(sampler, dump ? dump_sample : add_sample, profile);
		tally->taken += result == SAMPLE_TAKEN;
		tally->failed += result == SAMPLE_FAILED;
		alive = result != SAMPLE_GONE;
		if (result == SAMPLE_IDLE && !all_threads) {
			tally->idle++;
			if (!no_idle)
				stacks_add(profile->stacks, stacks_child(profile->stacks, 0, profile->idle),
					profile->weight);
		}
		if (once && (result != SAMPLE_FAILED || tally->failed >= ONCE_TRIES))
			break;
	}
	if (alive && !once && !clock_signal())
		clock_sleep(until, remote_pass_signals);
	tally->ended = clock_now();
	return alive;
}

static void summary(const struct tally *tally, const struct schedule *schedule, bool unstopped)
{
	double took = tally->ended - tally->began;
	unsigned long all = tally->taken + tally->idle + tally->failed;
	if (report_level < 0 || (report_level < 1 && !isatty(STDERR_FILENO)))
		return;
	fprintf(stderr,
		"pysample: %lu samples in %.2f s (%lu idle), %.1f per second of %.1f asked, %llu late, %lu failed%s\n",
		all, took, tally->idle, took > 0 ? (double)all / took : 0, 1 / schedule->interval,
		(unsigned long long)schedule->late, tally->failed,
		unstopped ? "; not stopped: short functions are under-represented" : "");
}

/* ---- finding the program ---- */

static _Noreturn void forbid(pid_t target)
{
	struct buffer why = {0};
	permission_explain(target, &why);
	die(EXIT_FAILED, "no permission to read process %d: %s", (int)target, why.at);
}

/* Waits for the interpreter of a launched command to be there: the command may be a shell that starts it by exec. */
static void locate_child(struct target *target)
{
	char why[200] = "";
	int status;
	enum located located = LOCATE_NOT_PYTHON;
	double until = clock_now() + 5;
	while (clock_now() < until && !clock_signal()) {
		located = target_locate(target, why);
		if (located == LOCATED)
			return;
		if (remote_child_ended(&status))
			die(EXIT_FAILED,
				"the command ended before a first sample could be taken: is it a Python program?");
		clock_sleep(clock_now() + 0.002, remote_pass_signals);
	}
	child_end(target->pid, SIGTERM);
	if (located == LOCATE_FORBIDDEN)
		forbid(target->pid);
	die(EXIT_FAILED, "the command is not a Python program%s%s", *why ? ": " : "", why);
}

static void locate_process(struct target *target)
{
	char why[200] = "";
	enum located located = LOCATE_NOT_PYTHON;
	for (int attempt = 0; attempt < 20; attempt++) {
		located = target_locate(target, why);
		if (located != LOCATE_UNSUPPORTED)
			break;
		clock_sleep(clock_now() + 0.02, remote_pass_signals);
	}
	switch (located) {
	case LOCATED:
		return;
	case LOCATE_GONE:
		die(EXIT_FAILED, "there is no process %d", (int)target->pid);
	case LOCATE_FORBIDDEN:
		forbid(target->pid);
	case LOCATE_UNSUPPORTED:
		die(EXIT_FAILED, "process %d: %s", (int)target->pid, why);
	case LOCATE_NOT_PYTHON:
		break;
	}
	die(EXIT_FAILED, "process %d is not a Python program: no CPython was found in it", (int)target->pid);
}

/* ---- putting it together ---- */

static void settle(size_t operands)
{
	bool launch = operands > 0;
	double value = 0;
	if (launch && pid)
		die(EXIT_USAGE, "either -p PID or a command, not both: see 'pysample --help'");
	if (!launch && !pid)
		die(EXIT_USAGE, "give -p PID or a command (pysample -- python3 program.py): see 'pysample --help'");
	if (seconds_text && !text_number(text_of(seconds_text), true, &value))
		die(EXIT_USAGE, "--seconds needs a number, not '%s'", seconds_text);
	seconds = seconds_text ? value : launch ? -1 : 10;
	all_threads |= dump;
	if (dump)
		seconds = 0;
	if (ordered && all_threads)
		die(EXIT_USAGE, "--ordered keeps the time order of one thread: leave --threads out");
}

static const char *title_of(char **argv, size_t count, struct buffer *out)
{
	if (!count) {
		buffer_add_format(out, "process %ld", pid);
		return out->at;
	}
	for (size_t i = 0; i < count; i++)
		buffer_add_format(out, "%s%s", i ? " " : "", argv[i]);
	return out->at;
}

static struct profile new_profile(pid_t process)
{
	struct profile profile = {.stacks = stacks_new(ordered)};
	profile.naming = (struct frame_naming){.style = strcmp(style, "pyflame") == 0 ? STYLE_PYFLAME : STYLE_DEFAULT,
		.no_lines = no_lines,
		.full_paths = full_paths};
	char track[32];
	int size = snprintf(track, sizeof track, "process %d", (int)process);
	profile.track = stacks_name(profile.stacks, track, (size_t)size);
	profile.idle = stacks_name(profile.stacks, "(idle)", 6);
	return profile;
}

int main(int argc, char **argv)
{
	size_t count = opt_parse(&program, argc, argv);
	struct buffer title = {0};
	settle(count);
	title_of(argv, count, &title);
	argv[count] = NULL;
	clock_catch_signals();

	struct target target = {.pid = (pid_t)pid};
	if (count) {
		target.pid = child_start(argv, !output && !dump);
		locate_child(&target);
	} else {
		locate_process(&target);
	}
	report_info("CPython 3.%u in process %d", target.layout.minor, (int)target.pid);

	struct profile profile = new_profile(target.pid);
	struct sampling sampling = {.nonstop = nonstop, .all_threads = all_threads, .no_idle = no_idle && !dump};
	struct sampler *sampler = sampler_new(&target, &sampling, &profile.naming, &profile.stacks->names);
	struct schedule schedule;
	struct tally tally = {0};
	double until = seconds < 0 ? 1e300 : clock_now() + seconds;
	schedule_begin(&schedule, rate < 1 ? rate : 1 / rate, !no_jitter);
	sample_all(sampler, &profile, &schedule, until, seconds == 0, &tally);
	bool unstopped = nonstop || sampler_fell_back(sampler);
	sampler_free(sampler);

	if (count)
		child_end(target.pid, clock_signal() ? clock_signal() : SIGTERM);
	if (!tally.taken && !tally.idle)
		die(EXIT_FAILED, tally.failed ? "no sample could be read"
					      : "the program ended before a first sample could be taken");
	summary(&tally, &schedule, unstopped);
	clock_restore_signals();
	if (dump)
		return fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
	return output_write(profile.stacks, ordered, output, title.at) ? EXIT_DONE : EXIT_FAILED;
}
