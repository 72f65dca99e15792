#include "sampler/options.h"

#include <string.h>
#include <strings.h>

#include "common/report.h"

static struct options chosen;
static const char *style = "default", *mode, *weights = "count", *seconds_text, *rate_text;
static long pid;
static bool trace, json;
static const char *const styles[] = {"default", "py-spy", "pyflame", "austin", "tachyon", NULL};
static const char *const modes[] = {"gil", "wall", "cpu", "exception", NULL};
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
	{'r', "rate", OPT_STRING, &rate_text, "N",
		"Samples per second (also 10k, 10khz); below 1 or with a unit (10ms, 2s) the time between samples; "
		"max: as "
		"many as can be. Default: 100.",
		NULL, 0, false},
	{'o', "output", OPT_STRING, &chosen.output, "FILE",
		"Write to FILE; .svg and .png are drawn by flamerender. Default: folded text on standard output.", NULL,
		0, false},
	{'n', "no-line-numbers", OPT_FLAG, &chosen.naming.no_lines, NULL, "Frames without line numbers.", NULL, 0,
		false},
	{'x', "exclude-idle", OPT_FLAG, &chosen.rules.no_idle, NULL,
		"Leave out moments in which no thread runs Python; with --threads: threads that do not run.", NULL, 0,
		false},
	{0, "mode", OPT_CHOICE, &mode, "NAME",
		"gil: the thread that holds the GIL; wall: all threads, waiting or not; cpu: all threads that run; "
		"exception: all threads that raise or handle one. Default: gil, with --threads wall.",
		modes, 0, false},
	{0, "threads", OPT_FLAG, &chosen.rules.threads, NULL,
		"Each thread below a frame of its own, \"thread (number): name\".", NULL, 0, false},
	{0, "thread", OPT_LIST, &chosen.threads, "WHICH",
		"Only the thread with this number, or those whose name fits this pattern (MainThread, 'worker-*'). "
		"May be given more than once.",
		NULL, 0, false},
	{0, "subprocesses", OPT_FLAG, &chosen.subprocesses, NULL,
		"All Python processes that the program starts, too, each below a frame of its own.", NULL, 0, false},
	{0, "process", OPT_LIST, &chosen.processes, "WHICH",
		"With --subprocesses: only the process with this number, or those whose command line fits this pattern "
		"('*worker.py*'). May be given more than once.",
		NULL, 0, false},
	{'d', "dump", OPT_FLAG, &chosen.dump, NULL, "Show the stacks of all threads once, leaf first; * holds the GIL.",
		NULL, 0, false},
	{0, "json", OPT_FLAG, &json, NULL, "As -d, in JSON.", NULL, 0, false},
	{0, "style", OPT_CHOICE, &style, "NAME",
		"default, py-spy: Class.func (file.py:12); pyflame, tachyon: file:func:12; austin: "
		"file:Class.func:12.",
		styles, 0, false},
	{'F', "function", OPT_FLAG, &chosen.naming.first_lines, NULL,
		"The line where a function starts, not the one that runs.", NULL, 0, false},
	{0, "full-filenames", OPT_FLAG, &chosen.naming.full_paths, NULL, "Whole paths; else from the package on.", NULL,
		0, false},
	{0, "ordered", OPT_FLAG, &chosen.rules.ordered, NULL,
		"Keep the time order (weights are microseconds): for flame charts.", NULL, 0, false},
	{'T', "flamechart", OPT_FLAG, &chosen.flame_chart, NULL,
		"Write each sample as pyflame does: a line with its time (microseconds since 1970), a line with its "
		"stack.",
		NULL, 0, false},
	{0, "weights", OPT_CHOICE, &weights, "NAME",
		"count: samples; time: microseconds, so that the sum is the time that passed. Default: count.",
		weight_names, 0, false},
	{0, "stream", OPT_FLAG, &chosen.streaming, NULL,
		"Write what was counted once a second: pysample --stream -p PID | flameview --live.", NULL, 0, false},
	{0, "top", OPT_FLAG, &chosen.top, NULL,
		"Show a table of the busiest functions, drawn again every second (keys: ?), until q is pressed. The "
		"output of a command that is launched is thrown away.",
		NULL, 0, false},
	{0, "stats", OPT_CHOICE, &chosen.stats, "FORM", "Print how it went on standard error: text or json.",
		stats_forms, 0, false},
	{0, "stats-output", OPT_STRING, &chosen.stats_output, "FILE", "Write that there instead.", NULL, 0, false},
	{0, "nonstop", OPT_FLAG, &chosen.sampling.nonstop, NULL,
		"Never stop the program, not even for microseconds; short functions are under-represented then.", NULL,
		0, false},
	{0, "gc", OPT_FLAG, &chosen.sampling.gc, NULL, "A frame <GC> while garbage is being collected (3.7 and on).",
		NULL, 0, false},
	{0, "exceptions", OPT_FLAG, &chosen.sampling.exceptions, NULL,
		"A frame <exception NAME> while an exception is raised or handled.", NULL, 0, false},
	{0, "consistent", OPT_FLAG, &chosen.sampling.consistent, NULL,
		"Free-threaded builds: stop all threads that run at once, not one after the other.", NULL, 0, false},
	{0, "no-jitter", OPT_FLAG, &chosen.no_jitter, NULL,
		"Sample at regular times, not at a random one in each interval.", NULL, 0, false},
	{0, "record-image", OPT_STRING, &chosen.recorded, "FILE",
		"Also keep the memory that the last sample read in FILE (gzipped if it ends in .gz), for --image.",
		NULL, 0, false},
	{0, "image", OPT_STRING, &chosen.image, "FILE",
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

/* ---- what does not go together ---- */

static void check_target(bool launch)
{
	if (chosen.image && (launch || pid || chosen.recorded || chosen.subprocesses))
		die(EXIT_USAGE,
			"--image stands for a process: leave -p, the command, --record-image and --subprocesses out");
	if (launch && pid)
		die(EXIT_USAGE, "either -p PID or a command, not both: see 'pysample --help'");
	if (!launch && !pid && !chosen.image)
		die(EXIT_USAGE, "give -p PID or a command (pysample -- python3 program.py): see 'pysample --help'");
}

static void check_output(void)
{
	const struct profile_rules *rules = &chosen.rules;
	if (chosen.streaming && (rules->ordered || chosen.flame_chart))
		die(EXIT_USAGE, "--stream writes sums: leave --ordered and -T out");
	if (chosen.subprocesses && (rules->ordered || chosen.flame_chart || chosen.dump))
		die(EXIT_USAGE, "--subprocesses sums stacks: leave --ordered, -T and -d out");
	if (chosen.processes.count && !chosen.subprocesses)
		die(EXIT_USAGE, "--process goes with --subprocesses");
	if (rules->ordered && chosen.flame_chart)
		die(EXIT_USAGE, "--ordered and -T are two forms of the same: choose one");
	if (rules->ordered && chosen.sampling.all_threads && !rules->threads)
		die(EXIT_USAGE, "--ordered needs one stack at a time, or --threads");
	if (chosen.top && (chosen.dump || chosen.streaming || chosen.flame_chart || rules->ordered || chosen.output))
		die(EXIT_USAGE, "--top shows and writes nothing: leave -d, --stream, -T, --ordered and -o out");
}

/* ---- what follows from what ---- */

static enum frame_style style_of(void)
{
	static const enum frame_style values[] = {
		STYLE_DEFAULT, STYLE_DEFAULT, STYLE_PYFLAME, STYLE_AUSTIN, STYLE_PYFLAME};
	size_t i = 0;
	while (strcmp(style, styles[i]) != 0)
		i++;
	return values[i];
}

static enum dump_form dump_form_of(void)
{
	if (json)
		return DUMP_JSON;
	if (strcmp(style, "py-spy") == 0)
		return DUMP_PYSPY;
	return strcmp(style, "pyflame") == 0 ? DUMP_PYFLAME : DUMP_PLAIN;
}

/* Which threads, and what is to be known of them. */
static void settle_sampling(void)
{
	struct sampling *sampling = &chosen.sampling;
	bool shows = chosen.dump || chosen.top; /* they are about all threads */
	chosen.gil_asked = mode && strcmp(mode, "gil") == 0;
	if (!mode)
		mode = chosen.top ? "cpu" : chosen.rules.threads ? "wall" : "gil";
	chosen.only_holder = strcmp(mode, "gil") == 0;
	chosen.only_active = strcmp(mode, "cpu") == 0 || chosen.rules.no_idle;
	sampling->only_exceptions = strcmp(mode, "exception") == 0;
	chosen.rules.no_idle |= sampling->only_exceptions;
	sampling->all_threads = shows || !chosen.only_holder;
	sampling->no_idle = chosen.only_active && !shows;
	sampling->states = shows;
	sampling->whole = chosen.dump;
	sampling->numbers = chosen.rules.threads || chosen.threads.count;
}

/* The time between samples in seconds. "100", "10k", "10khz" are rates, "0.01", "10ms", "2s" times. */
static double interval_of(const char *given)
{
	static const struct {
		const char *unit;
		double rate, seconds; /* of 1 of it; one of them is 0 */
	} units[] = {{"khz", 1000, 0}, {"hz", 1, 0}, {"k", 1000, 0}, {"us", 0, 1e-6}, {"ms", 0, 1e-3}, {"s", 0, 1}};
	struct text text = text_of(given);
	double value, rate = 0, seconds = 0;
	if (strcasecmp(given, "max") == 0)
		return 0;
	for (size_t i = 0; i < sizeof units / sizeof *units && !rate && !seconds; i++) {
		size_t size = strlen(units[i].unit);
		if (text.size <= size || strcasecmp(given + text.size - size, units[i].unit) != 0)
			continue;
		text.size -= size;
		rate = units[i].rate;
		seconds = units[i].seconds;
	}
	if (!text_number(text, false, &value) || value < 1e-6 || value > 1e9)
		die(EXIT_USAGE, "--rate needs a number (100, 10k, 0.01, 10ms, 2s) or max, not '%s'", given);
	if (!rate && !seconds) {
		rate = value >= 1;
		seconds = value < 1;
	}
	return seconds > 0 ? value * seconds : 1 / (value * rate);
}

static void settle_time(void)
{
	double value = 0;
	if (seconds_text && !text_number(text_of(seconds_text), true, &value))
		die(EXIT_USAGE, "--seconds needs a number, not '%s'", seconds_text);
	chosen.seconds = seconds_text ? value : chosen.image ? 0 : chosen.words || chosen.top ? -1 : 10;
	if (chosen.dump)
		chosen.seconds = 0;
	chosen.interval = rate_text ? interval_of(rate_text) : 0.01;
}

const struct options *options_read(int argc, char **argv)
{
	chosen.words = opt_parse(&program, argc, argv);
	chosen.pid = (pid_t)pid;
	chosen.dump |= json;
	if (chosen.stats_output && !chosen.stats)
		chosen.stats = "text";
	check_target(chosen.words > 0);
	settle_time();
	settle_sampling();
	check_output();
	chosen.rules.weigh_time = strcmp(weights, "time") == 0;
	chosen.naming.style = style_of();
	chosen.only_python_names = strcmp(style, "py-spy") == 0;
	chosen.naming.classes = strcmp(style, "default") == 0 || strcmp(style, "austin") == 0;
	chosen.naming.full_paths |= json;
	chosen.dump_form = dump_form_of();
	chosen.sampling.frameless = chosen.dump && chosen.dump_form != DUMP_PYFLAME;
	return &chosen;
}
