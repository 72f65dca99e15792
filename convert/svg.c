/* A flame graph's picture (SVG of flamegraph.pl, inferno, py-spy or flamerender) back to folded stacks. */
#include "convert/converter.h"
#include "convert/frame.h"
#include "convert/xml.h"

#include <math.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

/*
 * <g ...><title>work (1,234 samples, 12.34%)</title><rect x="10.0" y="421" width="98.3" height="15.0"
 * fill="..."/><text>..</text></g> inferno: x and width in percent, and exactly in samples as fg:x and fg:w. What was
 * too narrow for the picture is not there.
 */

enum { GROUP, LINK, TITLE, RECT, X, Y, WIDTH, FG_X, FG_WIDTH };
static const char *const names[] = {"g", "a", "title", "rect", "x", "y", "width", "fg:x", "fg:w", NULL};

struct frame {
	double x, y, width; /* of the rectangle */
	double count;
	uint32_t name;
	uint32_t depth;
	bool root;
};

struct reader {
	struct xml *xml;
	struct run *run;
	struct stacks *stacks;
	struct frame *frames;
	size_t count, capacity;
	struct buffer title;
	bool in_title, has_title;
	struct frame frame; /* that of the group which is being read */
	bool has_rect;
	bool good; /* all files had frames */
};

static bool number_attribute(struct reader *reader, int name, double *value)
{
	struct text text;
	if (!xml_attribute(reader->xml, name, &text))
		return false;
	if (text_ends(text, "%"))
		text.size--;
	return text_number(text, true, value);
}

/* "work (1,234 samples, 12.34%)" or, differential, "work (1,234 samples, 12.34%; +0.5%)": the name and the count. */
static bool cut_title(struct text title, struct text *name, double *count)
{
	const char *open = memrchr(title.at, '(', title.size);
	if (!open || open == title.at)
		return false;
	char digits[32];
	size_t size = 0;
	const char *p = open + 1, *end = title.at + title.size;
	for (; p < end && size + 1 < sizeof digits && ((*p >= '0' && *p <= '9') || *p == ',' || *p == '.'); p++)
		if (*p != ',')
			digits[size++] = *p;
	*name = text_trim((struct text){title.at, (size_t)(open - title.at)});
	return text_number((struct text){digits, size}, false, count);
}

/* ---- reading ---- */

static void read_rect(struct reader *reader)
{
	double x, width;
	struct frame *frame = &reader->frame;
	reader->has_rect = number_attribute(reader, X, &frame->x) && number_attribute(reader, Y, &frame->y) &&
			   number_attribute(reader, WIDTH, &frame->width);
	if (number_attribute(reader, FG_X, &x) && number_attribute(reader, FG_WIDTH, &width)) {
		frame->x = x;
		frame->width = width;
	}
}

static void end_group(struct reader *reader)
{
	struct text name;
	struct frame *frame = &reader->frame;
	if (!reader->has_title || !reader->has_rect)
		return;
	if (!cut_title(buffer_text(&reader->title), &name, &frame->count)) {
		skip_line(&reader->run->skipped, xml_file_name(reader->xml), xml_line(reader->xml),
			"a frame's title has no count");
		return;
	}
	frame->name = frame_name(reader->stacks, name);
	frame->root = text_is(name, "all");
	reader->frames = mem_grow(reader->frames, &reader->capacity, reader->count + 1, sizeof *reader->frames);
	reader->frames[reader->count++] = *frame;
}

static void open_element(void *state, struct xml *xml, int tag)
{
	struct reader *reader = state;
	(void)xml;
	if (tag == GROUP || tag == LINK) {
		reader->has_title = reader->has_rect = false;
		buffer_clear(&reader->title);
	} else if (tag == TITLE) {
		reader->in_title = reader->has_title = true;
		buffer_clear(&reader->title);
	} else if (tag == RECT) {
		read_rect(reader);
	}
}

static void read_text(void *state, struct xml *xml, struct text text)
{
	struct reader *reader = state;
	(void)xml;
	if (reader->in_title)
		buffer_add(&reader->title, text.at, text.size);
}

static void close_element(void *state, struct xml *xml, int tag)
{
	struct reader *reader = state;
	(void)xml;
	if (tag == TITLE) {
		reader->in_title = false;
	} else if (tag == GROUP || tag == LINK) {
		end_group(reader);
		reader->has_title = reader->has_rect = false;
	}
}

/* ---- frames to stacks ---- */

static int compare_rows(const void *left, const void *right)
{
	const struct frame *a = left, *b = right;
	if (a->depth != b->depth)
		return a->depth < b->depth ? -1 : 1;
	return (a->x > b->x) - (a->x < b->x);
}

static int compare_heights(const void *left, const void *right)
{
	const struct frame *a = left, *b = right;
	return (a->y > b->y) - (a->y < b->y);
}

/* The row of each frame, from the root's. */
static void find_depths(struct frame *frames, size_t count)
{
	double root_y = NAN, widest = -1;
	mem_sort(frames, count, sizeof *frames, compare_heights);
	for (size_t i = 0; i < count; i++)
		if (frames[i].width > widest + 1e-9 * fabs(widest) || frames[i].root) {
			widest = frames[i].root ? INFINITY : frames[i].width;
			root_y = frames[i].y;
		}
	/* Of several frames of the whole width the root is the outermost one: at the top or at the bottom. */
	bool below = root_y > (frames[0].y + frames[count - 1].y) / 2;
	if (below || isinf(widest))
		below = root_y == frames[count - 1].y;
	uint32_t row = 0;
	for (size_t i = 0; i < count; i++) {
		struct frame *frame = &frames[below ? count - 1 - i : i];
		if (i > 0 && frame->y != frames[below ? count - i : i - 1].y)
			row++;
		frame->depth = row;
	}
}

/* The frame of the row above that the frame stands on; NULL if none. */
static const struct frame *parent_of(const struct frame *row, size_t count, const struct frame *frame)
{
	double middle = frame->x + frame->width / 2;
	size_t low = 0, high = count;
	while (low < high) {
		size_t at = (low + high) / 2;
		if (row[at].x <= middle)
			low = at + 1;
		else
			high = at;
	}
	return low ? &row[low - 1] : NULL;
}

static void add_frames(struct reader *reader)
{
	struct frame *frames = reader->frames;
	size_t count = reader->count;
	uint32_t *nodes = mem_zero(count, sizeof *nodes);
	double *self = mem_zero(count, sizeof *self);
	size_t row = 0, above = 0, above_count = 0; /* where the row starts, and the one before it */
	find_depths(frames, count);
	mem_sort(frames, count, sizeof *frames, compare_rows);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && frames[i].depth != frames[row].depth) {
			above = row;
			above_count = i - row;
			row = i;
		}
		self[i] = frames[i].count;
		if (frames[i].depth == 0 && frames[i].root)
			continue; /* "all" is no frame */
		const struct frame *parent =
			frames[i].depth ? parent_of(frames + above, above_count, &frames[i]) : NULL;
		nodes[i] = stacks_child(reader->stacks, parent ? nodes[parent - frames] : 0, frames[i].name);
		if (parent)
			self[parent - frames] -= frames[i].count;
	}
	for (size_t i = 0; i < count; i++)
		if (self[i] > 1e-9 * frames[i].count)
			stacks_add(reader->stacks, nodes[i], self[i]);
	free(nodes);
	free(self);
}

static void begin_file(void *state, struct xml *xml)
{
	struct reader *reader = state;
	reader->xml = xml;
	reader->count = 0;
	reader->in_title = reader->has_title = reader->has_rect = false;
}

static void end_file(void *state, struct xml *xml)
{
	struct reader *reader = state;
	if (reader->count)
		add_frames(reader);
	else
		report_error("%s: there are no frames in this picture: is it a flame graph?", xml_file_name(xml));
	reader->good &= reader->count > 0;
}

static const struct xml_handler handler = {names, begin_file, open_element, read_text, close_element, end_file};

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct reader reader = {.run = run, .stacks = stacks, .good = true};
	bool good = xml_read(source, &handler, &reader);
	free(reader.frames);
	buffer_free(&reader.title);
	return good && reader.good;
}

static int detect(struct text head)
{
	return text_find(head, "<svg") && text_find(head, "<title>") ? 80 : text_find(head, "<svg ") ? 60 : 0;
}

const struct converter svg_converter = {
	.name = "svg",
	.summary = "Reads a flame graph's SVG (flamegraph.pl, inferno, py-spy, flamerender) back into folded stacks.",
	.examples = "  stackcollapse-svg old.svg new.svg | foldtop\n",
	.detect = detect,
	.read = read,
};
