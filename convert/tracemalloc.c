/* Statistics of Python's tracemalloc as text:
 *
 *   for stat in tracemalloc.take_snapshot().statistics("traceback"):
 *       print(stat)
 *       print("\n".join(stat.traceback.format()))
 */
#include <math.h>

#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/lines.h"

static bool by_count, leaf_first;

static const struct opt options[] = {
	{0, "count", OPT_FLAG, &by_count, NULL, "Weigh the number of blocks. Default: their bytes.", NULL, 0, false},
	{0, "most-recent-first", OPT_FLAG, &leaf_first, NULL,
		"Tracebacks start with the most recent call (before Python 3.7, or asked for). Default: it is the "
		"last.",
		NULL, 0, false},
	{0},
};

struct tracemalloc {
	struct stacks *stacks;
	struct skipped *skipped;
	bool open;      /* a heading was read: */
	double value;   /* what its stack weighs */
	uint32_t place; /* the frame it names, for where no traceback follows */
	bool has_place;
	struct frame_list frames; /* the traceback, in the order of the text */
};

/*
 * /app/job.py:3: size=101 KiB, count=103, average=1002 B
 *   File "/app/job.py", line 6
 *     keep = [left(), right()]
 *   File "/app/job.py", line 3
 *     def leaf(n): return [bytes(1000) for _ in range(n)]
 *
 * or with the heading of the examples in Python's documentation:
 *
 * 903 memory blocks: 870.1 KiB
 * #1: /app/job.py:3: 101.0 KiB
 */

static void end_record(struct tracemalloc *reader)
{
	struct frame_list *frames = &reader->frames;
	if (reader->open && !frames->count && reader->has_place)
		frame_list_add(frames, reader->place);
	if (reader->open && frames->count) {
		uint32_t node = leaf_first ? frame_list_down(frames, reader->stacks, 0)
					   : frame_list_up(frames, reader->stacks, 0);
		stacks_add(reader->stacks, node, reader->value);
	}
	frames->count = 0;
	reader->open = reader->has_place = false;
}

/* "870.1 KiB", "1002 B (+12 B)": whole bytes. */
static bool read_size(struct text text, double *bytes)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", NULL};
	struct text number = cut_word(&text), unit = cut_word(&text);
	double scale = 1;
	if (!text_number(number, false, bytes))
		return false;
	for (size_t i = 0; units[i]; i++, scale *= 1024) {
		if (!text_is(unit, units[i]))
			continue;
		*bytes = round(*bytes * scale);
		return true;
	}
	return false;
}

/* "/app/job.py:3"; "/app/job.py:0", where statistics are of files: "/app/job.py" */
static void open_place(struct tracemalloc *reader, struct text place, double value)
{
	if (text_ends(place, ":0"))
		place.size -= 2;
	reader->place = frame_name(reader->stacks, place);
	reader->has_place = reader->open = true;
	reader->value = value;
}

/* "/app/job.py:3: size=101 KiB, count=103, average=1002 B" */
static bool read_statistic(struct tracemalloc *reader, struct text line)
{
	struct text place, size, count, rest = line;
	double bytes, blocks;
	if (!cut_until(&rest, ": size=", &place) || !cut_until(&rest, ", count=", &size) || !read_size(size, &bytes))
		return false;
	count = text_before(text_before(rest, ','), ' ');
	if (!text_number(count, false, &blocks))
		return false;
	open_place(reader, place, by_count ? blocks : bytes);
	return true;
}

static bool cut_rank(struct text *line)
{
	uint64_t rank;
	return cut_start(line, "#") && cut_integer(line, &rank) && cut_start(line, ": ");
}

static bool is_ranked(struct text line)
{
	return cut_rank(&line) && text_ends(line, "B");
}

/* "#1: /app/job.py:3: 101.0 KiB": how many blocks it does not say. */
static bool read_ranked(struct tracemalloc *reader, struct text line)
{
	double bytes;
	if (!cut_rank(&line))
		return false;
	const char *size = memrchr(line.at, ':', line.size);
	if (by_count || !size || !read_size((struct text){size + 1, (size_t)(line.at + line.size - size - 1)}, &bytes))
		return false;
	open_place(reader, (struct text){line.at, (size_t)(size - line.at)}, bytes);
	return true;
}

/* "903 memory blocks: 870.1 KiB" */
static bool read_blocks(struct tracemalloc *reader, struct text line)
{
	struct text count;
	double bytes, blocks;
	if (!cut_until(&line, " memory blocks: ", &count) || !text_number(count, false, &blocks) ||
		!read_size(line, &bytes))
		return false;
	reader->open = true;
	reader->value = by_count ? blocks : bytes;
	return true;
}

/*   File "/app/job.py", line 6: "/app/job.py:6" */
static bool add_frame(struct tracemalloc *reader, struct text line)
{
	struct text file;
	uint64_t number;
	if (!cut_start(&line, "  File \"") || !cut_until(&line, "\", line ", &file) || !cut_integer(&line, &number))
		return false;
	struct buffer name = {0};
	buffer_add(&name, file.at, file.size);
	buffer_add_format(&name, ":%llu", (unsigned long long)number);
	frame_list_add(&reader->frames, frame_name(reader->stacks, buffer_text(&name)));
	buffer_free(&name);
	return true;
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct tracemalloc *reader = state;
	if (text_starts(line, "  File ")) {
		if (!reader->open || !add_frame(reader, line))
			skip_record(reader->skipped, chunk, line.at,
				"a frame that is not 'File \"FILE\", line N', or of no record");
	} else if (!text_starts(line, "    ")) { /* else source text */
		end_record(reader);
		bool heading = text_find(line, ": size=") || text_find(line, " memory blocks: ") || is_ranked(line);
		if (heading && !read_statistic(reader, line) && !read_blocks(reader, line) &&
			!read_ranked(reader, line))
			skip_record(reader->skipped, chunk, line.at, "a size or a count is missing");
	}
}

static void end_file(void *state, const struct chunk *chunk)
{
	(void)chunk;
	end_record(state);
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct tracemalloc reader = {.stacks = stacks, .skipped = &run->skipped};
	lines_read(source, take_line, end_file, &reader);
	frame_list_free(&reader.frames);
	return true;
}

static bool is_heading(struct text line)
{
	struct text count;
	double blocks;
	if (text_find(line, ": size=") && text_find(line, ", count="))
		return text_find(line, "B, count=") || text_find(line, "B), count=");
	if (is_ranked(line))
		return true;
	return cut_until(&line, " memory blocks: ", &count) && text_number(count, false, &blocks) &&
	       text_ends(line, "B");
}

static int detect(struct text head)
{
	return lines_any(head, is_heading) ? 80 : 0;
}

const struct converter tracemalloc_converter = {
	.name = "tracemalloc",
	.summary = "Converts printed statistics of Python's tracemalloc to folded stacks.",
	.examples = "  stackcollapse-tracemalloc statistics.txt | flamerender --countname bytes > out.svg\n",
	.options = options,
	.detect = detect,
	.read = read,
};
