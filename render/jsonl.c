/* One JSON object a line. */
#include <stdlib.h>

#include "common/json_text.h"
#include "render/lanes.h"
#include "render/writers.h"

struct lines {
	const struct stacks *stacks;
	struct sink *sink;
	uint32_t *path;
	size_t capacity;
};

static void put_stack(struct lines *lines, uint32_t node, uint32_t base)
{
	size_t depth = lanes_path(lines->stacks, node, base, &lines->path, &lines->capacity);
	sink_string(lines->sink, "\"stack\":[");
	for (size_t i = 0; i < depth; i++) {
		if (i)
			sink_char(lines->sink, ',');
		sink_json(lines->sink, lines->stacks->names.names[lines->path[i]]);
	}
	sink_char(lines->sink, ']');
}

/* {"stack":["main","work"],"weight":3}; differential ones have "old"; ordered ones "thread" and "start". */
static bool write_stacks(const struct stacks *stacks, const struct view *view, struct sink *sink)
{
	struct lanes lanes = lanes_of(stacks, view);
	struct lines lines = {.stacks = stacks, .sink = sink};
	for (size_t i = 0; i < lanes.count; i++) {
		const struct lane *lane = &lanes.lanes[i];
		double start = 0;
		for (size_t k = lane->first; k < lane->first + lane->count; k++) {
			const struct stacks_step *step = &lanes.steps[k];
			sink_char(sink, '{');
			if (lane->base) {
				sink_string(sink, "\"thread\":");
				sink_json(sink, lane->name);
				sink_string(sink, ",\"start\":");
				sink_number(sink, start);
				sink_char(sink, ',');
			}
			put_stack(&lines, step->node, lane->base);
			if (stacks->old) {
				sink_string(sink, ",\"old\":");
				sink_number(sink, stacks->old[step->node]);
			}
			sink_string(sink, ",\"weight\":");
			sink_number(sink, step->weight);
			sink_string(sink, "}\n");
			start += step->weight;
		}
	}
	free(lines.path);
	lanes_free(&lanes);
	return true;
}

const struct writer jsonl_writer = {.name = "jsonl",
	.suffix = ".jsonl",
	.summary = "a JSON object for each stack, one a line",
	.whole = true,
	.write_stacks = write_stacks};
