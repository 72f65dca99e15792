/* The laid-out graph as plain text, one frame a line: for looking at and for tests. */
#include "render/geometry.h"
#include "render/writers.h"

static bool write(const struct flame *flame, const struct view *view, struct sink *sink)
{
	char numbers[FRAME_NUMBERS_SIZE];
	struct flame_frame frame;
	for (struct flame_walk walk = flame_start(flame); flame_next(&walk, &frame);) {
		for (uint32_t depth = 0; depth < frame.depth; depth++)
			sink_string(sink, "  ");
		sink_write(sink, frame.name.at, frame.name.size);
		sink_string(sink, frame.depth ? "  [" : "all  [");
		sink_number(sink, frame.start);
		sink_char(sink, ' ');
		sink_number(sink, frame.end);
		sink_string(sink, "] ");
		sink_write(sink, numbers, frame_count(view, &frame, numbers));
		sink_format(sink, " %s, ", view->count_name);
		sink_write(sink, numbers, frame_share(flame, view, &frame, numbers));
		sink_char(sink, '\n');
	}
	return true;
}

const struct writer tree_writer = {.name = "tree",
	.suffix = ".tree",
	.summary = "the laid-out frames as indented text, for debugging",
	.whole = true,
	.write = write};
