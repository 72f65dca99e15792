/* Traces of phpspy, one after the other; each counts 1. */
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/parallel.h"

static bool with_lines;

static const struct opt options[] = {
	{0, "lines", OPT_FLAG, &with_lines, NULL, "Append the places: Job::run (/app/job.php:14).", NULL, 0, false},
	{0},
};

struct phpspy {
	struct worker worker;
	struct frame_list frames; /* leaf first */
};

/*
 * 0 usleep <internal>:-1
 * 1 Job::run /app/job.php:14
 * 2 <main> /app/index.php:1
 * # trace_count = 1                (what was asked for besides: memory, request ...)
 */

static void end_trace(void *state, const struct chunk *chunk)
{
	struct phpspy *phpspy = state;
	(void)chunk;
	if (phpspy->frames.count)
		stacks_add(phpspy->worker.stacks, frame_list_down(&phpspy->frames, phpspy->worker.stacks, 0), 1);
}

/* "1 Job::run /app/job.php:14" */
static bool add_frame(struct phpspy *phpspy, struct text line)
{
	uint64_t depth;
	if (!cut_integer(&line, &depth) || !cut_blanks(&line))
		return false;
	if (depth == 0)
		end_trace(phpspy, NULL);
	struct text function = cut_word(&line), place = text_trim(line);
	struct buffer name = {0};
	buffer_add(&name, function.at, function.size);
	if (with_lines && place.size)
		buffer_add_format(&name, " (%.*s)", (int)place.size, place.at);
	if (function.size)
		frame_list_add(&phpspy->frames, frame_name(phpspy->worker.stacks, buffer_text(&name)));
	buffer_free(&name);
	return function.size != 0;
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct phpspy *phpspy = state;
	if (!text_trim(line).size)
		end_trace(phpspy, chunk);
	else if (line.at[0] != '#' && !add_frame(phpspy, line))
		skip_record(
			&phpspy->worker.run->skipped, chunk, line.at, "a frame that is not 'DEPTH FUNCTION FILE:LINE'");
}

static bool starts_record(struct text line)
{
	return text_starts(line, "0 ");
}

static size_t cut_records(const char *data, size_t size)
{
	return lines_cut_before(data, size, starts_record);
}

static bool end(void *state)
{
	struct phpspy *phpspy = state;
	frame_list_free(&phpspy->frames);
	return true;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	static const struct parallel_format format = {.cut = cut_records,
		.state_size = sizeof(struct phpspy),
		.take = take_line,
		.end_of_lines = end_trace,
		.end = end};
	return parallel_read(&format, source, stacks, run);
}

/* "0 usleep <internal>:-1", "3 <main> /app/index.php:1" */
static bool is_frame(struct text line)
{
	uint64_t depth;
	return cut_integer(&line, &depth) && depth < 4096 && cut_start(&line, " ") && cut_word(&line).size &&
	       (text_is(line, "<internal>:-1") || text_find(line, ".php:"));
}

static int detect(struct text head)
{
	return lines_any(head, is_frame) ? 60 : 0;
}

const struct converter phpspy_converter = {
	.name = "phpspy",
	.summary = "Converts traces of phpspy to folded stacks.",
	.examples = "  phpspy -P php-fpm -i 30 > traces.txt; stackcollapse-phpspy traces.txt | flamerender > out.svg\n",
	.options = options,
	.parallel = true,
	.detect = detect,
	.read = read,
};
