/* main of every stackcollapse-NAME, and of stackcollapse, which knows all formats: shared options, input, output. */
#include <stdlib.h>

#include "common/folded.h"
#include "common/mem.h"
#include "common/report.h"
#include "convert/converter.h"
#include "convert/detect.h"

static const char *output, *format;
static bool ordered, strict, list, pid, tid, threads;
static long jobs = 1;

static const struct opt output_options[] = {
	{'o', "output", OPT_STRING, &output, "FILE",
		"Write to FILE, whole or not at all; gzipped if its name ends in .gz. Default: standard output.", NULL,
		0, false},
	{0, "strict", OPT_FLAG, &strict, NULL, "A record that cannot be used ends the program with status 1.", NULL, 0,
		false},
};
static const struct opt ordered_option = {0, "ordered", OPT_FLAG, &ordered, NULL,
	"Keep the time order: lines weigh microseconds, the first frame is the thread.", NULL, 0, false};
static const struct opt jobs_options[] = {
	{'j', "jobs", OPT_INTEGER, &jobs, "N", "Work with N threads; the result is the same. Default: 1.", NULL, 1,
		false},
	{'n', "nthreads", OPT_INTEGER, &jobs, "N", "As -j.", NULL, 1, true},
};

static const struct opt lane_options[] = {
	{0, "pid", OPT_FLAG, &pid, NULL, "Processes are root frames.", NULL, 0, false},
	{0, "threads", OPT_FLAG, &threads, NULL, "Threads, by their names, are root frames.", NULL, 0, false},
	{0, "tid", OPT_FLAG, &tid, NULL, "Threads, with their ids, are root frames.", NULL, 0, false},
};
static const struct opt guess_options[] = {
	{'f', "format", OPT_STRING, &format, "NAME",
		"The input is of this format (see --list). Default: found from its first 64 KiB.", NULL, 0, false},
	{0, "list", OPT_FLAG, &list, NULL, "Print the formats, one line each.", NULL, 0, false},
};

/* The shared options that these formats know; ends with an all-zero entry. */
static void shared_options(bool timed, bool parallel, bool lanes, bool guess, struct opt out[12])
{
	size_t count = 0;
	out[count++] = output_options[0];
	out[count++] = output_options[1];
	if (timed)
		out[count++] = ordered_option;
	if (parallel) {
		out[count++] = jobs_options[0];
		out[count++] = jobs_options[1];
	}
	for (size_t i = 0; lanes && i < sizeof lane_options / sizeof *lane_options; i++)
		out[count++] = lane_options[i];
	if (guess) {
		out[count++] = guess_options[0];
		out[count++] = guess_options[1];
	}
	out[count] = (struct opt){0};
}

/* stackcollapse-NAME: the options of its format and the shared ones. */
static size_t parse_one(int argc, char **argv)
{
	const struct converter *converter = converters[0];
	struct opt shared[12];
	static char name[64] = "stackcollapse-";
	strncat(name, converter->name, sizeof name - strlen(name) - 1);
	shared_options(converter->timed, converter->parallel, converter->lanes, false, shared);
	const struct opt_program program = {
		.name = name,
		.summary = converter->summary,
		.usage = "[options] [FILE ...]",
		.examples = converter->examples,
		.options = converter->options,
		.more = shared,
	};
	return opt_parse(&program, argc, argv);
}

/* stackcollapse: finds the format by itself. */
static size_t parse_any(int argc, char **argv)
{
	struct opt shared[12];
	shared_options(true, true, true, true, shared);
	const struct opt_program program = {
		.name = "stackcollapse",
		.summary = "Turn what any known profiler wrote into folded stacks; each input's format is found by "
			   "itself.",
		.usage = "[options] [FILE ...]",
		.examples = "perf script | stackcollapse | flamerender > out.svg\nstackcollapse --list\n",
		.options = shared,
	};
	return opt_parse(&program, argc, argv);
}

static bool read_one(char *const *paths, size_t count, struct stacks *stacks, struct run *run)
{
	run->operands = paths;
	run->operand_count = count;
	struct source *source = source_open(paths, count);
	const struct converter *converter = converters[1] ? detect(source, format) : converters[0];
	bool good = converter != NULL;
	if (converter && run->ordered && !converter->timed) {
		report_error("%s input has no times: --ordered needs them", converter->name);
		good = false;
	} else if (converter) {
		good = converter->read(source, stacks, run);
	}
	return source_close(source) && good;
}

static bool is_empty(const struct stacks *stacks)
{
	return stacks->count == 1 && !stacks->whole.count && stacks->nodes[0].self == 0;
}

/* Else what is in the tree, if anything, is no stack. */
static bool tree_has_weight(const struct stacks *stacks)
{
	for (uint32_t node = 0; node < stacks->count; node++)
		if (stacks->nodes[node].self != 0)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	bool guess = converters[1] != NULL;
	size_t count = guess ? parse_any(argc, argv) : parse_one(argc, argv);
	if (list) {
		detect_list();
		return EXIT_DONE;
	}
	struct run run = {.jobs = jobs,
		.ordered = ordered,
		.pid = pid,
		.tid = tid,
		.threads = threads,
		.skipped = {.strict = strict}};
	struct stacks *stacks = stacks_new(ordered);
	bool good = true;
	if (!guess || count < 2)
		good = read_one(argv, count, stacks, &run);
	else
		for (size_t i = 0; i < count; i++)
			good &= read_one(argv + i, 1, stacks, &run);
	skipped_summary(&run.skipped, "records or lines");
	if (is_empty(stacks) && !report_any)
		report_warning("the input holds no stacks%s%s", guess ? "" : " of the format ",
			guess ? "" : converters[0]->name);

	if (stacks->whole.count && tree_has_weight(stacks))
		stacks_plant(stacks);
	struct sink sink;
	sink_open(&sink, output);
	if (ordered)
		folded_write_ordered(stacks, &sink);
	else
		folded_write(stacks, &sink);
	sink_close(&sink);
	return good ? EXIT_DONE : EXIT_FAILED;
}
