/* The laid-out graph as plain text, one frame a line: for looking at and for tests. */
#include "render/geometry.h"
#include "render/writers.h"

static bool write(const struct flame *flame, const struct view *view, struct sink *sink)
{
	struct buffer numbers = {0};
	for (size_t i = 0; i < flame->count; i++) {
		const struct flame_frame *frame = &flame->frames[i];
		buffer_clear(&numbers);
		frame_numbers(flame, view, frame, &numbers);
		for (uint32_t depth = 0; depth < frame->depth; depth++)
			sink_string(sink, "  ");
		sink_write(sink, frame->name.at, frame->name.size);
		sink_string(sink, frame->depth ? "  [" : "all  [");
		sink_number(sink, frame->start);
		sink_char(sink, ' ');
		sink_number(sink, frame->end);
		sink_string(sink, "] ");
		sink_write(sink, numbers.at, numbers.size);
		sink_char(sink, '\n');
	}
	buffer_free(&numbers);
	return true;
}

const struct writer tree_writer = {.name = "tree",
	.suffix = ".tree",
	.summary = "the laid-out frames as indented text, for debugging",
	.whole = true,
	.write = write};
