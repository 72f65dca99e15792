/* pysample: samples the stacks of Python programs from outside. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/opt.h"
#include "common/report.h"
#include "sampler/attach.h"
#include "sampler/child.h"
#include "sampler/image.h"
#include "sampler/output.h"
#include "sampler/session.h"

static const char *style = "default", *mode, *weights = "count", *stats, *output, *seconds_text, *image, *recorded;
static long pid;
static double rate = 100, seconds;
static bool trace, no_lines, first_lines, threads, dump, json, no_jitter, full_paths, flame_chart, streaming,
	subprocesses;
static struct sampling sampling;
static struct profile_rules rules;
static struct opt_list wanted_threads, wanted_processes;
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
		"Default: gil, with --threads wall.",
		modes, 0, false},
	{0, "threads", OPT_FLAG, &threads, NULL, "Each thread below a frame of its own, \"thread (number): name\".",
		NULL, 0, false},
	{0, "thread", OPT_LIST, &wanted_threads, "WHICH",
		"Only the thread with this number, or those whose name fits this pattern (MainThread, 'worker-*'). "
		"May be given more than once.",
		NULL, 0, false},
	{0, "subprocesses", OPT_FLAG, &subprocesses, NULL,
		"All Python processes that the program starts, too, each below a frame of its own.", NULL, 0, false},
	{0, "process", OPT_LIST, &wanted_processes, "WHICH",
		"With --subprocesses: only the process with this number, or those whose command line fits this pattern "
		"('*worker.py*'). May be given more than once.",
		NULL, 0, false},
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
	{0, "consistent", OPT_FLAG, &sampling.consistent, NULL,
		"Free-threaded builds: stop all threads that run at once, not one after the other.", NULL, 0, false},
	{0, "no-jitter", OPT_FLAG, &no_jitter, NULL, "Sample at regular times, not at a random one in each interval.",
		NULL, 0, false},
	{0, "record-image", OPT_STRING, &recorded, "FILE",
		"Also keep the memory that the last sample read in FILE (gzipped if it ends in .gz), for --image.",
		NULL, 0, false},
	{0, "image", OPT_STRING, &image, "FILE",
		"Instead of a process: the memory that --record-image kept. One sample, unless -s says more.", NULL, 0,
		false},
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

static void settle(size_t operands)
{
	bool launch = operands > 0;
	double value = 0;
	if (image && (launch || pid || recorded || subprocesses))
		die(EXIT_USAGE,
			"--image stands for a process: leave -p, the command, --record-image and --subprocesses "
			"out");
	if (launch && pid)
		die(EXIT_USAGE, "either -p PID or a command, not both: see 'pysample --help'");
	if (!launch && !pid && !image)
		die(EXIT_USAGE, "give -p PID or a command (pysample -- python3 program.py): see 'pysample --help'");
	if (seconds_text && !text_number(text_of(seconds_text), true, &value))
		die(EXIT_USAGE, "--seconds needs a number, not '%s'", seconds_text);
	seconds = seconds_text ? value : image ? 0 : launch ? -1 : 10;
	dump |= json;
	if (!mode)
		mode = threads ? "wall" : "gil";
	sampling.all_threads = dump || strcmp(mode, "gil") != 0;
	sampling.numbers = threads || wanted_threads.count;
	sampling.no_idle = (rules.no_idle || strcmp(mode, "cpu") == 0) && !dump;
	if (dump)
		seconds = 0;
	if (streaming && (rules.ordered || flame_chart))
		die(EXIT_USAGE, "--stream writes sums: leave --ordered and -T out");
	if (subprocesses && (rules.ordered || flame_chart || dump))
		die(EXIT_USAGE, "--subprocesses sums stacks: leave --ordered, -T and -d out");
	if (wanted_processes.count && !subprocesses)
		die(EXIT_USAGE, "--process goes with --subprocesses");
	if (rules.ordered && flame_chart)
		die(EXIT_USAGE, "--ordered and -T are two forms of the same: choose one");
	if (rules.ordered && sampling.all_threads && !threads)
		die(EXIT_USAGE, "--ordered needs one stack at a time, or --threads");
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
		.plain = strcmp(style, "pyflame") == 0,
		.target = target,
		.roster = rules.roster,
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
	rules.roster = dump || sampling.numbers ? roster_new(&wanted_threads) : NULL;
	session->profile = profile_new(target, &rules, now);
	struct dump dumped = new_dump(target, &session->profile.stacks->names, sink);
	session->dump = dump ? &dumped : NULL;
	session->stream = streaming ? sink : NULL;
	session->progress = report_level >= 0 && isatty(STDERR_FILENO) && !dump && !stats && !isatty(STDOUT_FILENO);
	if (subprocesses)
		session->family = family_new(target->pid, &sampling, &naming, &wanted_processes, &session->profile);
	else
		session->sampler = sampler_new(target, &sampling, &naming, &session->profile.stacks->names);
	schedule_begin(&session->schedule, rate < 1 ? rate : 1 / rate, !no_jitter);
	if (dump)
		dump_begin(&dumped);
	session_run(session, seconds < 0 ? 1e300 : now + seconds, seconds == 0);
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
	if (recorded)
		image_record();
	if (image) {
		image_load(image);
		attach_image(&target);
	} else if (words) {
		target.pid = child_start(argv, !output && !dump);
		if (!subprocesses)
			attach_child(&target);
	} else {
		attach_process(&target, subprocesses);
	}
	const unsigned minor = target.layout.minor;
	if (target.runtime)
		report_info("CPython %s%u in process %d", minor ? "3." : "2.", minor ? minor : 7, (int)target.pid);

	bool direct = dump || streaming || flame_chart; /* it is written while it is sampled */
	struct sink sink = {0};
	struct session session = {0};
	if (direct)
		sink_open(&sink, output);
	rules.pairs = flame_chart ? &sink : NULL;
	run(&session, &target, &sink);
	bool unstopped = sampling.nonstop || session_fell_back(&session);
	bool none = session.family && !family_found(session.family);
	if (session.family)
		family_free(session.family);
	else
		sampler_free(session.sampler);

	if (recorded && (session.tally.taken || session.tally.idle))
		image_write(recorded, target.pid);
	if (words)
		child_end(target.pid, clock_signal() ? clock_signal() : SIGTERM);
	if (none)
		die(EXIT_FAILED, "no Python program was found in process %d and those that it started",
			(int)target.pid);
	if (!session.tally.taken && !session.tally.idle) {
		if (direct)
			sink_discard(&sink);
		die(EXIT_FAILED, session.tally.failed ? "no sample could be read"
						      : "the program ended before a first sample could be taken");
	}
	session_summary(&session, unstopped, stats);
	clock_restore_signals();
	if (direct) {
		sink_close(&sink);
		return EXIT_DONE;
	}
	return output_write(session.profile.stacks, rules.ordered, output, title.at) ? EXIT_DONE : EXIT_FAILED;
}
