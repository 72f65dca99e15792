/* foldmerge: the sum of any number of profiles. */
#include <stdlib.h>

#include "common/opt.h"
#include "common/report.h"
#include "convert/fold/options.h"
#include "convert/fold/profile.h"

static const char *prefix;
static double scale = 1;
static bool ordered, file_prefix;

static const struct opt options[] = {
	{0, "scale", OPT_NUMBER, &scale, "N", "Multiply all counts by N.", NULL, 0, false},
	{0, "prefix", OPT_STRING, &prefix, "NAME", "Put the root frame NAME below all stacks.", NULL, 0, false},
	{0, "prefix-file", OPT_FLAG, &file_prefix, NULL, "Put a root frame with the file's name below its stacks.",
		NULL, 0, false},
	{0, "ordered", OPT_FLAG, &ordered, NULL,
		"The files are in time order (--ordered of the converters): threads of the same name go on where the "
		"file before ended.",
		NULL, 0, false},
	{0},
};

static const struct opt_program program = {
	.name = "foldmerge",
	.summary = "Sums folded profiles: one line for each stack, sorted.",
	.usage = "[options] [FILE ...]",
	.examples = "  foldmerge host1.folded host2.folded.gz > all.folded\n"
		    "  foldmerge --prefix-file host*.folded | flamerender > hosts.svg\n",
	.options = options,
	.more = fold_options,
};

/* context: the root frame as a string. */
static bool add_prefix(struct folded_line *line, struct buffer *out, void *context)
{
	buffer_add_string(out, context);
	if (line->stack.size)
		buffer_add_char(out, ';');
	buffer_add(out, line->stack.at, line->stack.size);
	return true;
}

static char *make_fit(char *name)
{
	for (char *p = name; *p; p++)
		if (*p == ';' || (unsigned char)*p < ' ')
			*p = ':';
	return name;
}

/* A file's name as a frame: without folders and without .folded, .gz, .txt. */
static char *frame_of_path(const char *path)
{
	if (strcmp(path, "-") == 0)
		return mem_copy_string("stdin");
	const char *slash = strrchr(path, '/');
	char *name = mem_copy_string(slash ? slash + 1 : path);
	static const char *const suffixes[] = {".gz", ".folded", ".txt"};
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		size_t size = strlen(name), end = strlen(suffixes[i]);
		if (size > end && strcmp(name + size - end, suffixes[i]) == 0)
			name[size - end] = '\0';
	}
	return make_fit(name);
}

/* ---- time order ---- */

struct start {
	double time; /* on its thread's clock */
	size_t step;
};

static int compare_starts(const void *left, const void *right)
{
	const struct start *a = left, *b = right;
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return (a->step > b->step) - (a->step < b->step);
}

/* When each line starts: where its thread (the first frame) stands then. */
static struct start *start_times(const struct profile *profile)
{
	struct start *starts = mem_zero(profile->step_count + 1, sizeof *starts);
	struct intern threads = {0};
	double *clocks = NULL;
	size_t capacity = 0;
	for (size_t i = 0; i < profile->step_count; i++) {
		struct profile_line line = profile_line(profile, i);
		struct text thread = {"", 0};
		folded_frame(&line.stack, &thread);
		uint32_t known = threads.count, number = intern(&threads, thread.at, thread.size);
		clocks = mem_grow(clocks, &capacity, threads.count, sizeof *clocks);
		if (number == known)
			clocks[number] = 0;
		starts[i] = (struct start){clocks[number], i};
		clocks[number] += line.count;
	}
	intern_free(&threads);
	free(clocks);
	return starts;
}

/* Sorts by time; equal neighbours become one line. */
static void order_by_time(struct profile *profile)
{
	struct start *starts = start_times(profile);
	struct profile_step *sorted = mem_zero(profile->step_count + 1, sizeof *sorted);
	size_t kept = 0;
	mem_sort(starts, profile->step_count, sizeof *starts, compare_starts);
	for (size_t i = 0; i < profile->step_count; i++) {
		const struct profile_step *step = &profile->steps[starts[i].step];
		if (kept && sorted[kept - 1].stack == step->stack)
			sorted[kept - 1].weights.count += step->weights.count;
		else
			sorted[kept++] = *step;
	}
	free(starts);
	free(profile->steps);
	profile->steps = sorted;
	profile->step_count = kept;
}

/* Multiplies what will be written. */
static void scale_counts(struct profile *profile)
{
	for (size_t i = 0; i < profile->stacks.count; i++) {
		profile->weights[i].count *= scale;
		profile->weights[i].old *= scale;
	}
	for (size_t i = 0; i < profile->step_count; i++)
		profile->steps[i].weights.count *= scale;
}

static bool read_all(struct profile *profile, char *const *paths, size_t count, struct profile_rules *rules)
{
	if (!file_prefix)
		return profile_read(profile, paths, count, rules);
	bool good = true;
	for (size_t i = 0; i < count; i++) {
		char *frame = frame_of_path(paths[i]);
		rules->edit = add_prefix;
		rules->context = frame;
		good &= profile_read(profile, paths + i, 1, rules);
		free(frame);
	}
	return good;
}

int main(int argc, char **argv)
{
	size_t count = opt_parse(&program, argc, argv);
	struct profile profile = {.ordered = ordered};
	struct profile_rules rules = {.skipped = {.strict = fold_asked.strict}};
	static char dash[] = "-", *standard_input[] = {dash};
	char **paths = count ? argv : standard_input;
	char *frame = prefix ? make_fit(mem_copy_string(prefix)) : NULL;
	if (prefix && file_prefix)
		die(EXIT_USAGE, "--prefix and --prefix-file exclude each other");
	if (prefix) {
		rules.edit = add_prefix;
		rules.context = frame;
	}
	bool good = read_all(&profile, paths, count ? count : 1, &rules);
	skipped_summary(&rules.skipped, "lines");
	if (ordered && profile.pairs)
		die(EXIT_FAILED, "differential files (two counts a line) have no time order");
	if (ordered)
		order_by_time(&profile);
	profile_sort(&profile);
	if (scale != 1)
		scale_counts(&profile);
	struct sink sink;
	sink_open(&sink, fold_asked.output);
	profile_write(&profile, &sink);
	sink_close(&sink);
	profile_free(&profile);
	free(frame);
	return good ? EXIT_DONE : EXIT_FAILED;
}
