/* py-spy record -f raw: folded already, but a process's command line may have broken its frame. */
#include "convert/converter.h"
#include "convert/frame.h"
#include "convert/parallel.h"

#include "common/folded.h"

static bool no_lines, no_roots;

static const struct opt options[] = {
	{0, "no-lines", OPT_FLAG, &no_lines, NULL, "Leave the line numbers out: functions are merged.", NULL, 0, false},
	{0, "no-roots", OPT_FLAG, &no_roots, NULL, "Leave the process and thread frames out.", NULL, 0, false},
	{0},
};

/* process 12:"python -c 'a; b'";process 13:"python x.py";main (x.py:3);work (y.py:12) 5 */

/* The end of the frame at `at`: a command line in quotes may hold semicolons; its closing quote stands before one, or
 * at the end. */
static const char *frame_end(const char *at, const char *end)
{
	struct text frame = {at, (size_t)(end - at)};
	const char *stop = memchr(at, ';', frame.size);
	const char *quote = text_starts(frame, "process ") ? text_find(frame, ":\"") : NULL;
	if (!quote || (stop && stop < quote))
		return stop ? stop : end;
	for (const char *p = quote + 2; p < end; p++)
		if (*p == '"' && (p + 1 == end || p[1] == ';'))
			return p + 1;
	return stop ? stop : end;
}

static bool is_root(struct text frame)
{
	return text_starts(frame, "process ") || text_starts(frame, "thread (");
}

/* "work (y.py:12)": "work (y.py)". */
static struct text cut_line(struct text frame, struct buffer *out)
{
	const char *colon = memrchr(frame.at, ':', frame.size);
	uint64_t number;
	if (!colon || !text_ends(frame, ")"))
		return frame;
	const char *digits = colon + 1, *end = frame.at + frame.size - 1;
	if (!text_integer((struct text){digits, (size_t)(end - digits)}, &number))
		return frame;
	buffer_clear(out);
	buffer_add(out, frame.at, (size_t)(colon - frame.at));
	buffer_add_char(out, ')');
	return buffer_text(out);
}

struct reader {
	struct worker worker;
	struct buffer buffer;
};

static void take_line(void *state, const struct chunk *chunk, struct text text)
{
	struct reader *reader = state;
	struct folded_line line;
	if (folded_is_blank(text))
		return;
	if (!folded_parse(text, false, &line)) {
		skip_record(&reader->worker.run->skipped, chunk, text.at, "not a folded line");
		return;
	}
	const char *at = line.stack.at, *end = at + line.stack.size;
	uint32_t node = 0;
	while (at < end) {
		const char *stop = frame_end(at, end);
		struct text frame = {at, (size_t)(stop - at)};
		if (!(no_roots && is_root(frame)))
			node = frame_child(
				reader->worker.stacks, node, no_lines ? cut_line(frame, &reader->buffer) : frame);
		at = stop + 1;
	}
	stacks_add(reader->worker.stacks, node, line.count);
}

static bool end(void *state)
{
	struct reader *reader = state;
	buffer_free(&reader->buffer);
	return true;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	static const struct parallel_format format = {
		.cut = source_cut_lines, .state_size = sizeof(struct reader), .take = take_line, .end = end};
	return parallel_read(&format, source, stacks, run);
}

/* Frames "name (file.py:12)" and a count at the end. */
static int detect(struct text head)
{
	const char *at = head.at, *end = head.at + head.size;
	struct text text;
	struct folded_line line;
	if (!next_line(&at, end, &text) || !folded_parse(text, false, &line))
		return 0;
	if (text_starts(text, "process ") || text_starts(text, "thread ("))
		return 80;
	return text_ends(line.stack, ")") && text_find(line.stack, " (") ? 60 : 0;
}

const struct converter pyspy_converter = {
	.name = "pyspy",
	.summary = "Mends and sums the folded stacks of py-spy record -f raw.",
	.examples =
		"  py-spy record -s -f raw -o out.txt --pid PID; stackcollapse-pyspy --no-lines out.txt > out.folded\n",
	.options = options,
	.parallel = true,
	.detect = detect,
	.read = read,
};
