/* The table of allocations that memray writes: memray transform csv -o out.csv results.bin */
#include "common/report.h"
#include "convert/converter.h"
#include "convert/csv.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/lanes.h"
#include "convert/lines.h"

static bool by_count, no_lines;

static const struct opt options[] = {
	{0, "count", OPT_FLAG, &by_count, NULL, "Weigh the number of allocations. Default: their bytes.", NULL, 0,
		false},
	{0, "no-lines", OPT_FLAG, &no_lines, NULL, "Leave the line numbers out of the frame names.", NULL, 0, false},
	{0},
};

enum column { VALUE, TID, THREAD, STACK, COLUMNS };

struct memray {
	struct stacks *stacks;
	struct run *run;
	int columns[COLUMNS]; /* where they are; that of STACK is -1: the heading did not come yet */
	struct buffer texts[COLUMNS], other;
	struct frame_list frames; /* leaf first */
};

/* allocator,num_allocations,size,tid,thread_name,stack_trace
 * CALLOC,500,516500,1,MainThread,leaf;/app/job.py;1|<module>;/app/job.py;4 */

static void read_heading(struct memray *memray, struct text line)
{
	memray->columns[VALUE] = csv_column(line, by_count ? "num_allocations" : "size");
	memray->columns[TID] = csv_column(line, "tid");
	memray->columns[THREAD] = csv_column(line, "thread_name");
	memray->columns[STACK] = csv_column(line, "stack_trace");
	if (memray->columns[VALUE] < 0)
		memray->columns[STACK] = -1;
}

/* "leaf;/app/job.py;1": leaf (/app/job.py:1). False if it is not three parts: the row was cut off. */
static bool add_frame(struct memray *memray, struct text frame)
{
	struct text function, file;
	if (!frame.size) { /* no Python code ran */
		frame_list_add(&memray->frames, frame_name(memray->stacks, frame));
		return true;
	}
	if (!cut_until(&frame, ";", &function))
		return false;
	const char *last = memrchr(frame.at, ';', frame.size);
	if (!last)
		return false;
	file = (struct text){frame.at, (size_t)(last - frame.at)};
	buffer_clear(&memray->other);
	buffer_add(&memray->other, function.at, function.size);
	buffer_add_format(&memray->other, " (%.*s", (int)file.size, file.at);
	if (!no_lines)
		buffer_add_format(&memray->other, ":%.*s", (int)(frame.at + frame.size - last - 1), last + 1);
	buffer_add_char(&memray->other, ')');
	frame_list_add(&memray->frames, frame_name(memray->stacks, buffer_text(&memray->other)));
	return true;
}

/* False if the row ends before its stack. */
static bool cut_row(struct memray *memray, struct text line, struct text fields[COLUMNS])
{
	size_t blanks;
	bool whole = false;
	struct text field;
	for (int i = 0; line.at; i++) {
		enum column column = VALUE;
		while (column < COLUMNS && memray->columns[column] != i)
			column++;
		if (!csv_field(&line, column < COLUMNS ? &memray->texts[column] : &memray->other, &field, &blanks))
			break;
		if (column < COLUMNS)
			fields[column] = field;
		whole |= column == STACK;
	}
	return whole;
}

static void read_row(struct memray *memray, const struct chunk *chunk, struct text line)
{
	struct text fields[COLUMNS] = {{"", 0}, {"", 0}, {"", 0}, {"", 0}}, frame;
	double value;
	if (!cut_row(memray, line, fields) || !text_number(text_trim(fields[VALUE]), false, &value)) {
		skip_record(&memray->run->skipped, chunk, line.at, "a row without a value or a stack");
		return;
	}
	struct text rest = text_trim(fields[STACK]);
	bool good = true;
	while (good && cut_until(&rest, "|", &frame))
		good = add_frame(memray, frame);
	if (!good || !add_frame(memray, rest)) {
		memray->frames.count = 0;
		skip_record(&memray->run->skipped, chunk, line.at, "a frame that is not 'FUNCTION;FILE;LINE'");
		return;
	}
	struct lane lane = {.thread = fields[THREAD], .tid = fields[TID]};
	uint32_t thread, root = lane_node(memray->run, memray->stacks, &lane, &thread);
	stacks_add(memray->stacks, frame_list_down(&memray->frames, memray->stacks, root), value);
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct memray *memray = state;
	if (memray->columns[STACK] < 0)
		read_heading(memray, line);
	else if (text_trim(line).size)
		read_row(memray, chunk, line);
}

static void end_file(void *state, const struct chunk *chunk)
{
	struct memray *memray = state;
	if (memray->columns[STACK] < 0)
		report_warning("%s: there is no heading with 'size' and 'stack_trace'", chunk->file);
	memray->columns[STACK] = -1;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct memray memray = {.stacks = stacks, .run = run, .columns[STACK] = -1};
	lines_read(source, take_line, end_file, &memray);
	for (size_t i = 0; i < COLUMNS; i++)
		buffer_free(&memray.texts[i]);
	buffer_free(&memray.other);
	frame_list_free(&memray.frames);
	return true;
}

static int detect(struct text head)
{
	return text_starts(head, "allocator,num_allocations,size,") ? 100 : 0;
}

const struct converter memray_table_converter = {
	.name = "memray-table",
	.summary = "Converts memray's table of allocations (memray transform csv) to folded stacks.",
	.examples = "  memray transform csv -o out.csv results.bin\n"
		    "  stackcollapse-memray-table out.csv | flamerender --countname bytes > out.svg\n",
	.options = options,
	.lanes = true,
	.detect = detect,
	.read = read,
};
