/* main of every stackcollapse-NAME: shared options, input, output. */
#include <stdlib.h>

#include "common/folded.h"
#include "common/mem.h"
#include "common/report.h"
#include "convert/converter.h"

static const char *output;
static bool ordered, strict;
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

/* The shared options that this format knows; ends with an all-zero entry. */
static void shared_options(const struct converter *converter, struct opt out[6])
{
	size_t count = 0;
	out[count++] = output_options[0];
	out[count++] = output_options[1];
	if (converter->timed)
		out[count++] = ordered_option;
	if (converter->parallel) {
		out[count++] = jobs_options[0];
		out[count++] = jobs_options[1];
	}
	out[count] = (struct opt){0};
}

int main(int argc, char **argv)
{
	const struct converter *converter = converters[0];
	struct opt shared[6];
	char name[64] = "stackcollapse-";
	strncat(name, converter->name, sizeof name - strlen(name) - 1);
	shared_options(converter, shared);
	const struct opt_program program = {
		.name = name,
		.summary = converter->summary,
		.usage = "[options] [FILE ...]",
		.examples = converter->examples,
		.options = converter->options,
		.more = shared,
	};
	size_t count = opt_parse(&program, argc, argv);

	struct run run = {.jobs = jobs, .ordered = ordered, .skipped = {.strict = strict}};
	struct stacks *stacks = stacks_new(ordered);
	struct source *source = source_open(argv, count);
	bool good = converter->read(source, stacks, &run);
	good &= source_close(source);
	skipped_summary(&run.skipped, "records or lines");

	struct sink sink;
	sink_open(&sink, output);
	if (ordered)
		folded_write_ordered(stacks, &sink);
	else
		folded_write(stacks, &sink);
	sink_close(&sink);
	return good ? EXIT_DONE : EXIT_FAILED;
}
