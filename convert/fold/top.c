/* foldtop: which functions weigh most. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/frame_parts.h"
#include "common/json_text.h"
#include "common/opt.h"
#include "common/report.h"
#include "convert/fold/functions.h"
#include "convert/fold/options.h"
#include "convert/fold/profile.h"

static const char *by = "frame", *sort, *format = "text", *callers, *callees;
static const char *const by_choices[] = {"frame", "function", "file", "module", "thread", NULL};
static const char *const sort_choices[] = {"self", "total", "change", "name", NULL};
static const char *const format_choices[] = {"text", "csv", "json", "markdown", NULL};
static long rows = 30;

static const struct opt options[] = {
	{'b', "by", OPT_CHOICE, &by, "WHAT",
		"frame, function (without file and line), file, module or thread. Default: frame.", by_choices, 0,
		false},
	{'s', "sort", OPT_CHOICE, &sort, "COLUMN",
		"self, total, change or name. Default: self; of differential input: change.", sort_choices, 0, false},
	{'n', "rows", OPT_INTEGER, &rows, "N", "Show N rows; 0: all. Default: 30.", NULL, 0, false},
	{'f', "format", OPT_CHOICE, &format, "NAME", "text, csv, json or markdown. Default: text.", format_choices, 0,
		false},
	{0, "callers", OPT_STRING, &callers, "NAME", "Only who calls NAME, and what it weighs then.", NULL, 0, false},
	{0, "callees", OPT_STRING, &callees, "NAME", "Only whom NAME calls, and what they weigh then.", NULL, 0, false},
	{0},
};

static const struct opt_program program = {
	.name = "foldtop",
	.summary = "Lists the functions of a profile by their own (self) and total weight.",
	.usage = "[options] [FILE ...]",
	.examples = "  foldtop stacks.folded\n  foldtop --by file --sort total -f markdown stacks.folded\n"
		    "  foldtop --callers 'work (app.py:12)' stacks.folded\n"
		    "  folddiff before.folded after.folded | foldtop\n",
	.options = options,
	.more = fold_options,
};

/* ---- what a frame counts as ---- */

static struct text function_name_of(struct text frame)
{
	return frame_parts(frame).function;
}

static struct text file_of(struct text frame)
{
	struct text file = frame_parts(frame).file;
	return file.size ? file : text_of("(no file)");
}

/* A module is what is in front of the backtick, or a file without its folder and suffix. */
static struct text module_of(struct text frame)
{
	struct frame_parts parts = frame_parts(frame);
	if (parts.module.size)
		return parts.module;
	if (!parts.file.size)
		return text_of("(no module)");
	const char *slash = memrchr(parts.file.at, '/', parts.file.size), *end = parts.file.at + parts.file.size;
	const char *start = slash ? slash + 1 : parts.file.at, *dot = memrchr(start, '.', (size_t)(end - start));
	return (struct text){start, (size_t)((dot && dot > start ? dot : end) - start)};
}

static function_name *namer(void)
{
	switch (*by == 'f' ? by[1] : *by) {
	case 'u':
		return function_name_of;
	case 'i':
		return file_of;
	case 'm':
		return module_of;
	default:
		return NULL;
	}
}

/* ---- counting ---- */

/* Adds whoever stands beside the function in this stack: its callers, or whom it calls; each once. */
static void add_neighbours(struct functions *functions, const struct profile_line *line)
{
	struct text wanted = text_of(callers ? callers : callees), stack = line->stack, before = {"", 0};
	bool before_fits = false;
	struct buffer found = {0}; /* a stack made of the neighbours alone */
	for (struct text frame; folded_frame(&stack, &frame);) {
		bool fits = text_compare(frame, wanted) == 0 || text_compare(function_name_of(frame), wanted) == 0;
		struct text neighbour = callers ? before : frame;
		if ((callers ? fits : before_fits) && neighbour.size) {
			if (found.size)
				buffer_add_char(&found, ';');
			buffer_add(&found, neighbour.at, neighbour.size);
		}
		before = frame;
		before_fits = fits;
	}
	if (found.size)
		functions_add(functions, &(struct profile_line){buffer_text(&found), line->count, line->old}, namer());
	buffer_free(&found);
}

static void count_line(struct functions *functions, struct profile_line line)
{
	struct text stack = line.stack;
	if (callers || callees) {
		add_neighbours(functions, &line);
		return;
	}
	if (*by == 't')
		folded_frame(&stack, &line.stack);
	functions_add(functions, &line, namer());
}

/* ---- the order of rows ---- */

static const struct functions *sorted;
static struct profile_weights sums; /* of the whole profile */

static double share(double weight, double sum)
{
	return sum > 0 ? 100 * weight / sum : 0;
}

/* In points of the share. */
static double change(struct profile_weights weights)
{
	return share(weights.count, sums.count) - share(weights.old, sums.old);
}

static int compare_numbers(double a, double b)
{
	return (a < b) - (a > b);
}

static int compare_rows(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	const struct function *x = &sorted->table[a], *y = &sorted->table[b];
	int order = 0;
	if (strcmp(sort, "change") == 0) {
		order = compare_numbers(fabs(change(x->self)), fabs(change(y->self)));
		order = order ? order : compare_numbers(fabs(change(x->total)), fabs(change(y->total)));
	}
	if (strcmp(sort, "self") == 0)
		order = compare_numbers(x->self.count, y->self.count);
	if (order == 0 && strcmp(sort, "name") != 0)
		order = compare_numbers(x->total.count, y->total.count);
	return order ? order : text_compare(sorted->names.names[a], sorted->names.names[b]);
}

/* ---- the table ---- */

/* The text with each byte of `special` replaced by what its place in `instead` says. */
static void put_escaped(struct sink *sink, struct text text, char special, const char *instead)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.at[i] == special)
			sink_string(sink, instead);
		else
			sink_char(sink, text.at[i]);
}

struct row {
	struct text name;
	struct profile_weights self, total;
	double self_share, total_share, old_self_share, old_total_share; /* in percent */
	bool pairs;
};

static void put_text(struct sink *sink, const struct row *row)
{
	if (row->pairs)
		sink_format(sink, "%7.2f%% %+7.2f%% %7.2f%% %+7.2f%% %12.10g %12.10g  ", row->self_share,
			row->self_share - row->old_self_share, row->total_share,
			row->total_share - row->old_total_share, row->self.old, row->self.count);
	else
		sink_format(sink, "%7.2f%% %7.2f%% %12.10g %12.10g  ", row->self_share, row->total_share,
			row->self.count, row->total.count);
	sink_write(sink, row->name.at, row->name.size);
	sink_char(sink, '\n');
}

static void put_csv(struct sink *sink, const struct row *row)
{
	sink_char(sink, '"');
	put_escaped(sink, row->name, '"', "\"\"");
	sink_format(
		sink, "\",%.15g,%.15g,%.4f,%.4f", row->self.count, row->total.count, row->self_share, row->total_share);
	if (row->pairs)
		sink_format(sink, ",%.15g,%.15g,%.4f,%.4f", row->self.old, row->total.old, row->old_self_share,
			row->old_total_share);
	sink_char(sink, '\n');
}

static void put_json(struct sink *sink, const struct row *row, bool first)
{
	sink_string(sink, first ? "  {\"name\": " : ",\n  {\"name\": ");
	sink_json(sink, row->name);
	sink_format(sink, ", \"self\": %.15g, \"total\": %.15g, \"self_percent\": %.4f, \"total_percent\": %.4f",
		row->self.count, row->total.count, row->self_share, row->total_share);
	if (row->pairs)
		sink_format(sink,
			", \"old_self\": %.15g, \"old_total\": %.15g, \"old_self_percent\": %.4f, "
			"\"old_total_percent\": %.4f",
			row->self.old, row->total.old, row->old_self_share, row->old_total_share);
	sink_char(sink, '}');
}

static void put_markdown(struct sink *sink, const struct row *row)
{
	if (row->pairs)
		sink_format(sink, "| %.2f%% | %+.2f%% | %.2f%% | %+.2f%% | %.10g | %.10g | ", row->self_share,
			row->self_share - row->old_self_share, row->total_share,
			row->total_share - row->old_total_share, row->self.old, row->self.count);
	else
		sink_format(sink, "| %.2f%% | %.2f%% | %.10g | %.10g | ", row->self_share, row->total_share,
			row->self.count, row->total.count);
	put_escaped(sink, row->name, '|', "\\|");
	sink_string(sink, " |\n");
}

static void put_row(struct sink *sink, const struct row *row, bool first)
{
	switch (*format) {
	case 't':
		put_text(sink, row);
		break;
	case 'c':
		put_csv(sink, row);
		break;
	case 'j':
		put_json(sink, row, first);
		break;
	default:
		put_markdown(sink, row);
	}
}

static void put_heading(struct sink *sink, bool pairs)
{
	switch (*format) {
	case 't':
		if (pairs)
			sink_format(sink, "%8s %8s %8s %8s %12s %12s  %s (of %.10g, before %.10g)\n", "self", "change",
				"total", "change", "self before", "self", by, sums.count, sums.old);
		else
			sink_format(sink, "%8s %8s %12s %12s  %s (of %.10g)\n", "self", "total", "self", "total", by,
				sums.count);
		break;
	case 'c':
		sink_format(sink, "%s,self,total,self_percent,total_percent%s\n", by,
			pairs ? ",old_self,old_total,old_self_percent,old_total_percent" : "");
		break;
	case 'j':
		sink_format(sink, "{\"sum\": %.15g, ", sums.count);
		if (pairs)
			sink_format(sink, "\"old_sum\": %.15g, ", sums.old);
		sink_format(sink, "\"by\": \"%s\", \"rows\": [\n", by);
		break;
	default:
		if (pairs)
			sink_format(sink,
				"| self | change | total | change | self before | self | %s |\n"
				"|---:|---:|---:|---:|---:|---:|---|\n",
				by);
		else
			sink_format(sink, "| self | total | self | total | %s |\n|---:|---:|---:|---:|---|\n", by);
	}
}

static void write_table(const struct functions *functions, bool pairs, struct sink *sink)
{
	uint32_t count = functions->names.count;
	uint32_t *order = mem_zero((size_t)count + 1, sizeof *order);
	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	sorted = functions;
	mem_sort(order, count, sizeof *order, compare_rows);
	put_heading(sink, pairs);
	for (uint32_t i = 0; i < count && (rows == 0 || i < rows); i++) {
		const struct function *function = &functions->table[order[i]];
		struct row row = {functions->names.names[order[i]], function->self, function->total,
			share(function->self.count, sums.count), share(function->total.count, sums.count),
			share(function->self.old, sums.old), share(function->total.old, sums.old), pairs};
		put_row(sink, &row, i == 0);
	}
	if (*format == 'j')
		sink_string(sink, "\n]}\n");
	free(order);
}

int main(int argc, char **argv)
{
	size_t count = opt_parse(&program, argc, argv);
	if (callers && callees)
		die(EXIT_USAGE, "--callers and --callees exclude each other");
	struct profile profile = {0};
	struct profile_rules rules = {.skipped = {.strict = fold_asked.strict}};
	bool good = profile_read(&profile, argv, count, &rules);
	skipped_summary(&rules.skipped, "lines");
	if (!(profile.total > 0 || profile.old_total > 0))
		die(EXIT_FAILED, "no stack counts found: is the input folded text (frame;frame COUNT)?");
	if (sort && *sort == 'c' && !profile.pairs)
		die(EXIT_FAILED, "--sort change needs differential input: that of folddiff");
	if (!sort)
		sort = profile.pairs ? "change" : "self";
	sums = (struct profile_weights){profile.total, profile.old_total};
	struct functions functions = {0};
	for (size_t i = 0; i < profile_count(&profile); i++)
		count_line(&functions, profile_line(&profile, i));
	struct sink sink;
	sink_open(&sink, fold_asked.output);
	write_table(&functions, profile.pairs, &sink);
	sink_close(&sink);
	functions_free(&functions);
	profile_free(&profile);
	return good ? EXIT_DONE : EXIT_FAILED;
}
