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
#include "sampler/children.h"
#include "sampler/clock.h"
#include "sampler/dump.h"
#include "sampler/output.h"
#include "sampler/permission.h"
#include "sampler/profile.h"
#include "sampler/remote.h"
#include "sampler/sample.h"
#include "sampler/target.h"

static const char *style = "default", *mode = "gil", *weights = "count", *stats, *output, *seconds_text;
static long pid;
static double rate = 100, seconds;
static bool trace, no_lines, first_lines, threads, dump, json, no_jitter, full_paths, flame_chart, streaming, progress,
	subprocesses;
static struct sampling sampling;
static struct profile_rules rules;
static const char *const styles[] = {"default", "py-spy", "pyflame", "austin", "tachyon", NULL};
static const char *const modes[] = {"gil", "wall", "cpu", NULL};
static const char *const weight_names[] = {"count", "time", NULL};
static const char *const stats_forms[] = {"text", "json", NULL};

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
	{'x', "exclude-idle", OPT_FLAG, &rules.no_idle, NULL,
		"Leave out moments in which no thread runs Python; with --threads: threads that do not run.", NULL, 0,
		false},
	{0, "mode", OPT_CHOICE, &mode, "NAME",
		"gil: the thread that holds the GIL; wall: all threads, waiting or not; cpu: all threads that run. "
		"Default: gil.",
		modes, 0, false},
	{0, "threads", OPT_FLAG, &threads, NULL,
		"All threads, each below a frame of its own, not just the one that holds the GIL.", NULL, 0, false},
	{0, "subprocesses", OPT_FLAG, &subprocesses, NULL,
		"All Python processes that the program starts, too, each below a frame of its own.", NULL, 0, false},
	{'d', "dump", OPT_FLAG, &dump, NULL, "Show the stacks of all threads once, leaf first; * holds the GIL.", NULL,
		0, false},
	{0, "json", OPT_FLAG, &json, NULL, "As -d, in JSON.", NULL, 0, false},
	{0, "style", OPT_CHOICE, &style, "NAME",
		"default: Class.func (file.py:12); py-spy: func (file.py:12); pyflame, tachyon: file:func:12; austin: "
		"file:Class.func:12.",
		styles, 0, false},
	{'F', "function", OPT_FLAG, &first_lines, NULL, "The line where a function starts, not the one that runs.",
		NULL, 0, false},
	{0, "full-filenames", OPT_FLAG, &full_paths, NULL, "Whole paths; else from the package on.", NULL, 0, false},
	{0, "ordered", OPT_FLAG, &rules.ordered, NULL,
		"Keep the time order (weights are microseconds): for flame charts.", NULL, 0, false},
	{'T', "flamechart", OPT_FLAG, &flame_chart, NULL,
		"Write each sample as pyflame does: a line with its time (microseconds since 1970), a line with its "
		"stack.",
		NULL, 0, false},
	{0, "weights", OPT_CHOICE, &weights, "NAME",
		"count: samples; time: microseconds, so that the sum is the time that passed. Default: count.",
		weight_names, 0, false},
	{0, "stream", OPT_FLAG, &streaming, NULL,
		"Write what was counted once a second: pysample --stream -p PID | flameview --live.", NULL, 0, false},
	{0, "stats", OPT_CHOICE, &stats, "FORM", "Print how it went on standard error: text or json.", stats_forms, 0,
		false},
	{0, "nonstop", OPT_FLAG, &sampling.nonstop, NULL,
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

/* ---- the loop ---- */

struct tally {
	unsigned long taken, idle, failed;
	double began, ended;
};

/* What is sampled, and where it goes. */
struct session {
	struct sampler *sampler; /* or: */
	struct family *family;
	struct profile profile;
	struct dump *dump; /* or NULL */
	struct schedule schedule;
	struct tally tally;
	struct sink *stream; /* --stream: written once a second; or NULL */
	double shown, streamed;
};

/* How often a single sample is tried. */
enum { ONCE_TRIES = 100 };

static enum sample_result take_sample(struct session *session, double now)
{
	if (session->dump)
		return sampler_take(session->sampler, dump_take, session->dump);
	profile_begin(&session->profile, now);
	if (session->family)
		return family_take(session->family, now);
	enum sample_result result = sampler_take(session->sampler, profile_take, &session->profile);
	profile_end(&session->profile, result);
	return result;
}

static void count(struct tally *tally, enum sample_result result)
{
	tally->taken += result == SAMPLE_TAKEN;
	tally->idle += result == SAMPLE_IDLE;
	tally->failed += result == SAMPLE_FAILED;
}

/* A line that is written over, once in half a second, if somebody sees it. */
static void show_progress(struct session *session, double now)
{
	const struct tally *tally = &session->tally;
	if (!progress || now - session->shown < 0.5)
		return;
	session->shown = now;
	unsigned long all = tally->taken + tally->idle;
	fprintf(stderr, "\r%.1f s, %lu samples, %.1f per second, %zu stacks ", now - tally->began, all,
		(double)all / (now - tally->began), profile_stacks(&session->profile));
}

static void stream(struct session *session, double now)
{
	if (!session->stream || now - session->streamed < 1)
		return;
	session->streamed = now;
	profile_flush(&session->profile, session->stream);
	sink_flush(session->stream);
}

/* Takes samples until the time is over, the program ends or a signal asks for the end. */
static void sample_all(struct session *session, double until, bool once)
{
	struct tally *tally = &session->tally;
	bool alive = true;
	tally->began = session->shown = session->streamed = clock_now();
	while (alive && !clock_signal()) {
		double at = schedule_next(&session->schedule);
		if (at >= until && !once)
			break;
		clock_sleep(once ? 0 : at, remote_pass_signals);
		if (clock_signal() && tally->taken + tally->idle)
			break;
		double now = clock_now();
		enum sample_result result = take_sample(session, now);
		count(tally, result);
		alive = result != SAMPLE_GONE;
		show_progress(session, now);
		stream(session, now);
		if (session->stream && session->stream->error)
			break; /* nobody reads it any more */
		if (once && (result != SAMPLE_FAILED || tally->failed >= ONCE_TRIES))
			break;
	}
	if (alive && !once && !clock_signal())
		clock_sleep(until, remote_pass_signals);
	tally->ended = clock_now();
}

static void summary(const struct session *session, bool unstopped)
{
	const struct tally *tally = &session->tally;
	const struct schedule *schedule = &session->schedule;
	double took = tally->ended - tally->began;
	unsigned long all = tally->taken + tally->idle + tally->failed;
	double achieved = took > 0 ? (double)all / took : 0;
	if (stats && strcmp(stats, "json") == 0) {
		fprintf(stderr,
			"{\"seconds\": %.3f, \"samples\": %lu, \"idle\": %lu, \"failed\": %lu, \"late\": %llu, "
			"\"asked_hz\": %.3f, "
			"\"achieved_hz\": %.3f, \"stacks\": %zu, \"nonstop\": %s}\n",
			took, all, tally->idle, tally->failed, (unsigned long long)schedule->late,
			1 / schedule->interval, achieved, profile_stacks(&session->profile),
			unstopped ? "true" : "false");
		return;
	}
	if (progress)
		fputc('\r', stderr);
	if (!stats && (report_level < 0 || (report_level < 1 && !isatty(STDERR_FILENO))))
		return;
	fprintf(stderr,
		"pysample: %lu samples in %.2f s (%lu idle), %.1f per second of %.1f asked, %llu late, %lu failed%s\n",
		all, took, tally->idle, achieved, 1 / schedule->interval, (unsigned long long)schedule->late,
		tally->failed, unstopped ? "; not stopped: short functions are under-represented" : "");
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
	dump |= json;
	sampling.all_threads = threads || dump || strcmp(mode, "gil") != 0;
	sampling.no_idle = (rules.no_idle || strcmp(mode, "cpu") == 0) && !dump;
	if (dump)
		seconds = 0;
	if (streaming && (rules.ordered || flame_chart))
		die(EXIT_USAGE, "--stream writes sums: leave --ordered and -T out");
	if (subprocesses && (rules.ordered || flame_chart || dump))
		die(EXIT_USAGE, "--subprocesses sums stacks: leave --ordered, -T and -d out");
	if (rules.ordered && flame_chart)
		die(EXIT_USAGE, "--ordered and -T are two forms of the same: choose one");
	if (rules.ordered && sampling.all_threads && !threads)
		die(EXIT_USAGE, "--ordered needs one stack at a time, or --threads");
	progress = report_level >= 0 && isatty(STDERR_FILENO) && !dump && !stats && !isatty(STDOUT_FILENO);
	rules.threads = threads;
	rules.weigh_time = strcmp(weights, "time") == 0;
}

static const char *title_of(char **argv, size_t words, struct buffer *out)
{
	if (!words) {
		buffer_add_format(out, "process %ld", pid);
		return out->at;
	}
	for (size_t i = 0; i < words; i++)
		buffer_add_format(out, "%s%s", i ? " " : "", argv[i]);
	return out->at;
}

static enum frame_style chosen_style(void)
{
	static const enum frame_style values[] = {
		STYLE_DEFAULT, STYLE_PYSPY, STYLE_PYFLAME, STYLE_AUSTIN, STYLE_PYFLAME};
	size_t i = 0;
	while (strcmp(style, styles[i]) != 0)
		i++;
	return values[i];
}

static struct dump new_dump(const struct target *target, const struct intern *names, struct sink *sink)
{
	bool pyspy = strcmp(style, "py-spy") == 0;
	return (struct dump){.form = json    ? DUMP_JSON
				     : pyspy ? DUMP_PYSPY
					     : DUMP_PYFLAME,
		.pid = target->pid,
		.minor = target->layout.minor,
		.names = names,
		.sink = sink};
}

/* Samples; what was dumped, streamed or paired is written then. */
static void run(struct session *session, struct target *target, struct sink *sink)
{
	static struct frame_naming naming;
	naming = (struct frame_naming){.style = chosen_style(),
		.no_lines = no_lines,
		.first_lines = first_lines,
		.full_paths = full_paths || json};
	double now = clock_now();
	session->profile = profile_new(target->pid, &rules, now);
	struct dump dumped = new_dump(target, &session->profile.stacks->names, sink);
	session->dump = dump ? &dumped : NULL;
	session->stream = streaming ? sink : NULL;
	if (subprocesses)
		session->family = family_new(target, &sampling, &naming, &session->profile);
	else
		session->sampler = sampler_new(target, &sampling, &naming, &session->profile.stacks->names);
	schedule_begin(&session->schedule, rate < 1 ? rate : 1 / rate, !no_jitter);
	if (dump)
		dump_begin(&dumped);
	sample_all(session, seconds < 0 ? 1e300 : now + seconds, seconds == 0);
	if (dump)
		dump_end(&dumped);
	if (streaming)
		profile_flush(&session->profile, sink);
}

int main(int argc, char **argv)
{
	size_t words = opt_parse(&program, argc, argv);
	struct buffer title = {0};
	settle(words);
	title_of(argv, words, &title);
	argv[words] = NULL;
	clock_catch_signals();

	struct target target = {.pid = (pid_t)pid};
	if (words) {
		target.pid = child_start(argv, !output && !dump);
		locate_child(&target);
	} else {
		locate_process(&target);
	}
	report_info("CPython 3.%u in process %d", target.layout.minor, (int)target.pid);

	bool direct = dump || streaming || flame_chart; /* it is written while it is sampled */
	struct sink sink = {0};
	struct session session = {0};
	if (direct)
		sink_open(&sink, output);
	rules.pairs = flame_chart ? &sink : NULL;
	run(&session, &target, &sink);
	bool unstopped = sampling.nonstop ||
			 (session.family ? family_fell_back(session.family) : sampler_fell_back(session.sampler));
	if (session.family)
		family_free(session.family);
	else
		sampler_free(session.sampler);

	if (words)
		child_end(target.pid, clock_signal() ? clock_signal() : SIGTERM);
	if (!session.tally.taken && !session.tally.idle) {
		if (direct)
			sink_discard(&sink);
		die(EXIT_FAILED, session.tally.failed ? "no sample could be read"
						      : "the program ended before a first sample could be taken");
	}
	summary(&session, unstopped);
	clock_restore_signals();
	if (direct) {
		sink_close(&sink);
		return EXIT_DONE;
	}
	return output_write(session.profile.stacks, rules.ordered, output, title.at) ? EXIT_DONE : EXIT_FAILED;
}
