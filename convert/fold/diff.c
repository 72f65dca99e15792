/* folddiff: two profiles side by side, "stack OLD NEW". */
#include <math.h>
#include <stdlib.h>

#include "common/opt.h"
#include "common/report.h"
#include "convert/fold/check.h"
#include "convert/fold/mapped.h"
#include "convert/fold/options.h"
#include "convert/fold/stream.h"

static bool normalize, strip_hex, changed;
static struct opt_list before_files, after_files, conditions;
static double noise = 3;

static const struct opt options[] = {
	{'n', "normalize", OPT_FLAG, &normalize, NULL, "Scale the old counts so that both totals are the same.", NULL,
		0, false},
	{'s', "strip-hex", OPT_FLAG, &strip_hex, NULL, "Turn hex numbers (addresses) into 0x..., so that they match.",
		NULL, 0, false},
	{'x', "changed", OPT_FLAG, &changed, NULL, "Leave out stacks whose counts are equal.", NULL, 0, false},
	{'b', "before", OPT_LIST, &before_files, "FILE",
		"A file of the old profile (may be repeated: they are summed).", NULL, 0, false},
	{'a', "after", OPT_LIST, &after_files, "FILE", "A file of the new profile (may be repeated).", NULL, 0, false},
	{0, "fail-if", OPT_LIST, &conditions, "CONDITION",
		"Exit with 1 if it holds: self(FUNCTION)>+5% (points of the share of all samples), "
		"total(FUNCTION)>+100 (samples), "
		"self(*)>20% (share now). May be repeated.",
		NULL, 0, false},
	{0, "noise", OPT_NUMBER, &noise, "N", "--fail-if: changes below N standard errors are chance. Default: 3.",
		NULL, 0, false},
	{0},
};

static const struct opt_program program = {
	.name = "folddiff",
	.summary = "Compares two profiles: each stack with its old and its new count.",
	.usage = "[options] BEFORE AFTER",
	.examples = "  folddiff before.folded after.folded | flamerender > diff.svg\n"
		    "  folddiff -n --fail-if 'self(work)>+5%' before.folded after.folded > diff.folded\n",
	.options = options,
	.more = fold_options,
};

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* "0x234f2abc;f" becomes "0x...;f". */
static bool strip(struct folded_line *line, struct buffer *out, void *context)
{
	(void)context;
	const char *at = line->stack.at, *end = at + line->stack.size;
	while (at < end) {
		const char *zero = memchr(at, '0', (size_t)(end - at));
		if (!zero)
			zero = end;
		buffer_add(out, at, (size_t)(zero - at));
		at = zero;
		if (end - at >= 3 && at[1] == 'x' && is_hex(at[2])) {
			buffer_add_string(out, "0x...");
			for (at += 2; at < end && is_hex(*at); at++)
				continue;
		} else if (at < end) {
			buffer_add_char(out, *at++);
		}
	}
	return true;
}

static double scaled(double count, double old_total, double new_total)
{
	return normalize && old_total != new_total ? trunc(count * new_total / old_total) : count;
}

static void check_scale(double old_total, double new_total)
{
	if (normalize && old_total != new_total && !(old_total > 0))
		die(EXIT_FAILED, "the old profile holds no samples: it cannot be scaled (-n)");
}

static void scale(struct profile *profile)
{
	check_scale(profile->old_total, profile->total);
	for (size_t i = 0; i < profile->stacks.count; i++)
		profile->weights[i].old = scaled(profile->weights[i].old, profile->old_total, profile->total);
}

static void write_line(struct sink *sink, struct text stack, double old, double new)
{
	struct profile_line line = {stack, new, old};
	if (!changed || old != new)
		profile_write_line(&line, true, sink);
}

/* Both are sorted: their union is. */
static bool write_streams(struct stream *old, struct stream *new, double old_total, double new_total, struct sink *sink)
{
	bool has_old = stream_next(old), has_new = stream_next(new);
	while (has_old || has_new) {
		int order = !has_old   ? 1
			    : !has_new ? -1
				       : text_compare(buffer_text(&old->stack), buffer_text(&new->stack));
		double old_count = order > 0 ? 0 : scaled(old->count, old_total, new_total);
		write_line(sink, buffer_text(order <= 0 ? &old->stack : &new->stack), old_count,
			order >= 0 ? new->count : 0);
		if (order <= 0)
			has_old = stream_next(old);
		if (order >= 0)
			has_new = stream_next(new);
	}
	bool good = stream_close(old);
	return stream_close(new) && good;
}

/* Two sorted files need no memory. False if they are not, or if what is asked for needs them whole; nothing is written
 * then. */
static bool diff_sorted(int *status)
{
	char *const before[] = {(char *)before_files.items[0]}, *const after[] = {(char *)after_files.items[0]};
	struct skipped skipped = {.strict = fold_asked.strict};
	struct stream old, new;
	struct sink sink;
	double old_total, new_total;
	if (strip_hex || conditions.count || !stream_is_sorted(before[0], &old_total) ||
		!stream_is_sorted(after[0], &new_total))
		return false;
	if (normalize && !(old_total > 0))
		return false;
	stream_open(&old, before, &skipped);
	stream_open(&new, after, &skipped);
	sink_open(&sink, fold_asked.output);
	*status = write_streams(&old, &new, old_total, new_total, &sink) ? EXIT_DONE : EXIT_FAILED;
	skipped_summary(&skipped, "lines");
	sink_close(&sink);
	return true;
}

/* The same for files that are not sorted, as they lie in memory. */
static bool diff_mapped(int *status)
{
	struct skipped skipped = {.strict = fold_asked.strict};
	struct mapped mapped;
	struct profile_line line;
	struct sink sink;
	if (strip_hex || conditions.count ||
		!mapped_open(&mapped, before_files.items[0], after_files.items[0], &skipped))
		return false;
	skipped_summary(&skipped, "lines");
	check_scale(mapped.totals.old, mapped.totals.count);
	sink_open(&sink, fold_asked.output);
	for (size_t at = 0; mapped_next(&mapped, &at, &line);)
		write_line(&sink, line.stack, scaled(line.old, mapped.totals.old, mapped.totals.count), line.count);
	sink_close(&sink);
	mapped_close(&mapped);
	*status = EXIT_DONE;
	return true;
}

/* The same with the profiles in memory. */
static int diff_profiles(const struct opt_list *before, const struct opt_list *after)
{
	struct gate *gates = mem_zero(conditions.count + 1, sizeof *gates);
	struct profile_rules rules = {.edit = strip_hex ? strip : NULL, .skipped = {.strict = fold_asked.strict}};
	struct profile profile = {0};
	struct sink sink;
	for (size_t i = 0; i < conditions.count; i++)
		gates[i] = gate_parse(conditions.items[i]);
	rules.side = PROFILE_OLD;
	bool good = profile_read(&profile, (char *const *)before->items, before->count, &rules);
	rules.side = PROFILE_NEW;
	good &= profile_read(&profile, (char *const *)after->items, after->count, &rules);
	skipped_summary(&rules.skipped, "lines");
	if (!good)
		return EXIT_FAILED;
	profile_sort(&profile);
	size_t broken = conditions.count ? check_profile(gates, conditions.count, &profile, noise) : 0;
	if (normalize)
		scale(&profile);
	sink_open(&sink, fold_asked.output);
	for (size_t i = 0; i < profile_count(&profile); i++) {
		struct profile_line line = profile_line(&profile, i);
		write_line(&sink, line.stack, line.old, line.count);
	}
	sink_close(&sink);
	profile_free(&profile);
	free(gates);
	return broken ? EXIT_FAILED : EXIT_DONE;
}

static void take_operand(struct opt_list *files, char **argv, size_t *next)
{
	if (files->count)
		return;
	files->items = (const char **)argv + *next;
	files->count = 1;
	++*next;
}

int main(int argc, char **argv)
{
	size_t count = opt_parse(&program, argc, argv), next = 0;
	int status;
	take_operand(&before_files, argv, &next);
	take_operand(&after_files, argv, &next);
	if (next != count)
		die(EXIT_USAGE, "two profiles are needed, BEFORE and AFTER: see 'folddiff --help'");
	if (before_files.count == 1 && after_files.count == 1 && (diff_sorted(&status) || diff_mapped(&status)))
		return status;
	return diff_profiles(&before_files, &after_files);
}
