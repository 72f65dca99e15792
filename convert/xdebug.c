/* Function traces of PHP's Xdebug (xdebug.mode=trace, xdebug.trace_format=1): columns between tabs. */
#include <math.h>

#include "common/report.h"
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/lines.h"

static bool by_time, by_count;

static const struct opt options[] = {
	{'t', "time", OPT_FLAG, &by_time, NULL, "Stacks weigh their time in microseconds. Default.", NULL, 0, false},
	{'c', "counts", OPT_FLAG, &by_count, NULL, "Stacks weigh how often they were called.", NULL, 0, false},
	{0},
};

struct xdebug {
	struct stacks *stacks;
	struct skipped *skipped;
	bool inside;   /* between TRACE START and TRACE END */
	bool entered;  /* the last line was an entry */
	uint32_t root; /* below it stand all stacks */
	uint32_t node; /* the current stack */
	double time;   /* of the last line, microseconds */
};

/*
 * TRACE START [2026-11-21 18:29:01.000000]
 * 1	0	0	0.010870	114112	{main}	1		/app/trace.php	0	0
 * 2	1	0	0.032009	114272	str_split	0		/app/trace.php	8	1	'x'
 * 2	1	1	0.032073	116632
 * 2	1	R			array (0 => 'x')
 * 			0.033551	117584
 * TRACE END   [2026-11-21 18:29:01.000000]
 *
 * Level, number of the call, 1 for an exit, time, memory, function ...
 */

/* The next column; several tabs are one. */
static struct text next_column(struct text *line)
{
	struct text column = text_before(*line, '\t');
	*line = (struct text){line->at + column.size, line->size - column.size};
	while (cut_start(line, "\t"))
		continue;
	return column;
}

/* What passed since the last line goes to the current stack. */
static void pass_time(struct xdebug *xdebug, double time)
{
	if (!by_count && xdebug->node != xdebug->root && time > xdebug->time)
		stacks_add(xdebug->stacks, xdebug->node, time - xdebug->time);
	xdebug->time = time;
}

static void leave(struct xdebug *xdebug)
{
	if (by_count && xdebug->entered)
		stacks_add(xdebug->stacks, xdebug->node, 1);
	xdebug->node = xdebug->stacks->nodes[xdebug->node].parent;
	xdebug->entered = false;
}

static const char *read_row(struct xdebug *xdebug, struct text line)
{
	uint64_t level, call;
	double time;
	bool numbered = text_integer(next_column(&line), &level) && text_integer(next_column(&line), &call);
	struct text kind = next_column(&line);
	if (!numbered || (!text_is(kind, "0") && !text_is(kind, "1") && !text_is(kind, "R")))
		return "not 'LEVEL NUMBER 0|1|R ...' between tabs";
	if (text_is(kind, "R"))
		return NULL;
	if (!text_number(next_column(&line), false, &time))
		return "the time is missing";
	pass_time(xdebug, round(time * 1e6));
	next_column(&line);
	if (text_is(kind, "1") && xdebug->node == xdebug->root)
		return "an exit of a function that was not entered";
	if (text_is(kind, "1")) {
		leave(xdebug);
	} else {
		xdebug->node = frame_child(xdebug->stacks, xdebug->node, next_column(&line));
		xdebug->entered = true;
	}
	return NULL;
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct xdebug *xdebug = state;
	const char *why;
	if (text_starts(line, "TRACE START")) {
		xdebug->inside = true;
		xdebug->node = xdebug->root;
	} else if (text_starts(line, "TRACE END") || text_starts(line, "\t")) {
		xdebug->inside = false;
	} else if (xdebug->inside && text_trim(line).size && (why = read_row(xdebug, line)) != NULL) {
		skip_record(xdebug->skipped, chunk, line.at, "%s", why);
	}
}

static void end_file(void *state, const struct chunk *chunk)
{
	struct xdebug *xdebug = state;
	if (xdebug->inside)
		skip_record(xdebug->skipped, chunk, chunk->data, "the trace has no end");
	xdebug->inside = false;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct xdebug xdebug = {.stacks = stacks, .skipped = &run->skipped};
	if (run->ordered && by_count)
		die(EXIT_USAGE, "-c counts calls, --ordered needs times");
	if (run->ordered) /* the thread */
		xdebug.root = stacks_child(stacks, 0, stacks_name(stacks, "php", 3));
	lines_read(source, take_line, end_file, &xdebug);
	return true;
}

static bool is_start(struct text line)
{
	return text_starts(line, "TRACE START [");
}

static int detect(struct text head)
{
	return lines_any(head, is_start) ? 80 : 0;
}

const struct converter xdebug_converter = {
	.name = "xdebug",
	.summary = "Converts function traces of PHP's Xdebug (trace_format=1) to folded stacks.",
	.examples = "  php -d xdebug.mode=trace -d xdebug.start_with_request=yes -d xdebug.trace_format=1 app.php\n"
		    "  stackcollapse-xdebug /tmp/trace.*.xt | flamerender --countname us > out.svg\n",
	.options = options,
	.timed = true,
	.detect = detect,
	.read = read,
};
