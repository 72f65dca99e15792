/* foldtop: which functions weigh most. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/frame_parts.h"
#include "common/json_text.h"
#include "common/opt.h"
#include "common/report.h"
#include "convert/fold/functions.h"
#include "convert/fold/profile.h"

static const char *output, *by = "frame", *sort = "self", *format = "text", *callers, *callees;
static const char *const by_choices[] = {"frame", "function", "file", "module", "thread", NULL};
static const char *const sort_choices[] = {"self", "total", "name", NULL};
static const char *const format_choices[] = {"text", "csv", "json", "markdown", NULL};
static long rows = 30;
static bool strict;

static const struct opt options[] = {
	{'b', "by", OPT_CHOICE, &by, "WHAT",
		"frame, function (without file and line), file, module or thread. Default: frame.", by_choices, 0,
		false},
	{'s', "sort", OPT_CHOICE, &sort, "COLUMN", "self, total or name. Default: self.", sort_choices, 0, false},
	{'n', "rows", OPT_INTEGER, &rows, "N", "Show N rows; 0: all. Default: 30.", NULL, 0, false},
	{'f', "format", OPT_CHOICE, &format, "NAME", "text, csv, json or markdown. Default: text.", format_choices, 0,
		false},
	{0, "callers", OPT_STRING, &callers, "NAME", "Only who calls NAME, and what it weighs then.", NULL, 0, false},
	{0, "callees", OPT_STRING, &callees, "NAME", "Only whom NAME calls, and what they weigh then.", NULL, 0, false},
	{'o', "output", OPT_STRING, &output, "FILE", "Write to FILE, whole or not at all. Default: standard output.",
		NULL, 0, false},
	{0, "strict", OPT_FLAG, &strict, NULL, "A line that is not folded text ends the program with status 1.", NULL,
		0, false},
	{0},
};

static const struct opt_program program = {
	.name = "foldtop",
	.summary = "Lists the functions of a profile by their own (self) and total weight.",
	.usage = "[options] [FILE ...]",
	.examples = "  foldtop stacks.folded\n  foldtop --by file --sort total -f markdown stacks.folded\n"
		    "  foldtop --callers 'work (app.py:12)' stacks.folded\n",
	.options = options,
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

static struct text first_frame(struct text stack)
{
	const char *end = memchr(stack.at, ';', stack.size);
	return end ? (struct text){stack.at, (size_t)(end - stack.at)} : stack;
}

/* Adds whoever stands beside the function in this stack: its callers, or whom it calls; each once. */
static void add_neighbours(struct functions *functions, const struct folded_line *line)
{
	struct text wanted = text_of(callers ? callers : callees);
	const char *at = line->stack.at, *end = at + line->stack.size;
	struct text before = {"", 0};
	bool before_fits = false;
	struct buffer found = {0}; /* a stack made of the neighbours alone */
	while (at < end) {
		const char *stop = memchr(at, ';', (size_t)(end - at));
		if (!stop)
			stop = end;
		struct text frame = {at, (size_t)(stop - at)};
		bool fits = text_compare(frame, wanted) == 0 || text_compare(function_name_of(frame), wanted) == 0;
		struct text neighbour = callers ? before : frame;
		if ((callers ? fits : before_fits) && neighbour.size) {
			if (found.size)
				buffer_add_char(&found, ';');
			buffer_add(&found, neighbour.at, neighbour.size);
		}
		before = frame;
		before_fits = fits;
		at = stop + 1;
	}
	if (found.size)
		functions_add(functions, buffer_text(&found), line->count, namer());
	buffer_free(&found);
}

static void count_line(struct functions *functions, const struct folded_line *line)
{
	if (callers || callees)
		add_neighbours(functions, line);
	else if (*by == 't')
		functions_add(functions, first_frame(line->stack), line->count, NULL);
	else
		functions_add(functions, line->stack, line->count, namer());
}

/* ---- the table ---- */

static const struct functions *sorted;

static int compare_numbers(double a, double b)
{
	return (a < b) - (a > b);
}

static int compare_rows(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	const struct function *x = &sorted->table[a], *y = &sorted->table[b];
	int order = 0;
	if (strcmp(sort, "self") == 0)
		order = compare_numbers(x->self, y->self);
	if (order == 0 && strcmp(sort, "name") != 0)
		order = compare_numbers(x->total, y->total);
	return order ? order : text_compare(sorted->names.names[a], sorted->names.names[b]);
}

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
	double self, total, self_share, total_share; /* shares in percent */
};

static void put_row(struct sink *sink, const struct row *row, bool first)
{
	switch (*format) {
	case 't':
		sink_format(sink, "%7.2f%% %7.2f%% %12.10g %12.10g  ", row->self_share, row->total_share, row->self,
			row->total);
		sink_write(sink, row->name.at, row->name.size);
		break;
	case 'c':
		sink_char(sink, '"');
		put_escaped(sink, row->name, '"', "\"\"");
		sink_format(sink, "\",%.15g,%.15g,%.4f,%.4f", row->self, row->total, row->self_share, row->total_share);
		break;
	case 'j':
		sink_string(sink, first ? "  {\"name\": " : ",\n  {\"name\": ");
		sink_json(sink, row->name);
		sink_format(sink,
			", \"self\": %.15g, \"total\": %.15g, \"self_percent\": %.4f, \"total_percent\": %.4f}",
			row->self, row->total, row->self_share, row->total_share);
		return;
	default:
		sink_format(sink, "| %.2f%% | %.2f%% | %.10g | %.10g | ", row->self_share, row->total_share, row->self,
			row->total);
		put_escaped(sink, row->name, '|', "\\|");
		sink_string(sink, " |");
	}
	sink_char(sink, '\n');
}

static void put_heading(struct sink *sink, double sum)
{
	switch (*format) {
	case 't':
		sink_format(sink, "%8s %8s %12s %12s  %s (of %.10g)\n", "self", "total", "self", "total", by, sum);
		break;
	case 'c':
		sink_format(sink, "%s,self,total,self_percent,total_percent\n", by);
		break;
	case 'j':
		sink_format(sink, "{\"sum\": %.15g, \"by\": \"%s\", \"rows\": [\n", sum, by);
		break;
	default:
		sink_format(sink, "| self | total | self | total | %s |\n|---:|---:|---:|---:|---|\n", by);
	}
}

static void write_table(const struct functions *functions, double sum, struct sink *sink)
{
	uint32_t count = functions->names.count;
	uint32_t *order = mem_zero((size_t)count + 1, sizeof *order);
	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	sorted = functions;
	mem_sort(order, count, sizeof *order, compare_rows);
	put_heading(sink, sum);
	for (uint32_t i = 0; i < count && (rows == 0 || i < rows); i++) {
		const struct function *function = &functions->table[order[i]];
		struct row row = {functions->names.names[order[i]], function->self, function->total,
			100 * function->self / sum, 100 * function->total / sum};
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
	struct profile_rules rules = {.skipped = {.strict = strict}};
	bool good = profile_read(&profile, argv, count, &rules);
	skipped_summary(&rules.skipped, "lines");
	if (!(profile.total > 0))
		die(EXIT_FAILED, "no stack counts found: is the input folded text (frame;frame COUNT)?");
	struct functions functions = {0};
	for (size_t i = 0; i < profile.lines.count; i++)
		count_line(&functions, &profile.lines.lines[i]);
	struct sink sink;
	sink_open(&sink, output);
	write_table(&functions, profile.total, &sink);
	sink_close(&sink);
	functions_free(&functions);
	profile_free(&profile);
	return good ? EXIT_DONE : EXIT_FAILED;
}
