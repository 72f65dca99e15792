/* speedscope's file format: one sampled profile, or one for each thread in true time. Its schema is at
 * https://www.speedscope.app/file-format-schema.json. */
#include <stdlib.h>

#include "common/frame_parts.h"
#include "common/json_text.h"
#include "common/mem.h"
#include "common/version.h"
#include "render/lanes.h"
#include "render/writers.h"

static const char *unit_name(const struct view *view)
{
	static const char *const units[][2] = {{"ns", "nanoseconds"}, {"us", "microseconds"}, {"ms", "milliseconds"},
		{"s", "seconds"}, {"bytes", "bytes"}};
	const char *unit = view->unit ? view->unit : view->flame_chart ? "us" : "none";
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcmp(unit, units[i][0]) == 0)
			return units[i][1];
	return "none";
}

static void put_frame(struct sink *sink, struct text name)
{
	struct frame_parts parts = frame_parts(name);
	sink_string(sink, "{\"name\":");
	sink_json(sink, parts.function);
	if (parts.file.size) {
		sink_string(sink, ",\"file\":");
		sink_json(sink, parts.file);
	}
	if (parts.line)
		sink_format(sink, ",\"line\":%llu", (unsigned long long)parts.line);
	sink_char(sink, '}');
}

/* Only names that stand in a stack are frames; returns their numbers by name. */
static uint32_t *put_frames(struct sink *sink, const struct stacks *stacks, const struct lanes *lanes)
{
	uint32_t *numbers = mem_zero(stacks->names.count + 1, sizeof *numbers);
	uint32_t count = 0;
	for (uint32_t node = 1; node < stacks->count; node++)
		if (lanes->lanes[lanes->lane_of[node]].base != node)
			numbers[stacks->nodes[node].name] = 1;
	sink_string(sink, "\"shared\":{\"frames\":[");
	for (uint32_t name = 0; name < stacks->names.count; name++) {
		if (!numbers[name])
			continue;
		if (count)
			sink_string(sink, ",\n");
		put_frame(sink, stacks->names.names[name]);
		numbers[name] = count++;
	}
	sink_string(sink, "]}");
	return numbers;
}

static void put_samples(struct sink *sink, const struct stacks *stacks, const struct lanes *lanes,
	const struct lane *lane, const uint32_t *numbers)
{
	uint32_t *path = NULL;
	size_t capacity = 0;
	for (size_t i = 0; i < lane->count; i++) {
		size_t depth = lanes_path(stacks, lanes->steps[lane->first + i].node, lane->base, &path, &capacity);
		sink_string(sink, i ? ",[" : "[");
		for (size_t k = 0; k < depth; k++) {
			if (k)
				sink_char(sink, ',');
			sink_integer(sink, numbers[path[k]]);
		}
		sink_char(sink, ']');
	}
	free(path);
}

/* All profiles start at 0 and end with the longest; a gap at the end is an empty stack. */
static void put_profile(struct sink *sink, const struct stacks *stacks, const struct lanes *lanes,
	const struct lane *lane, const uint32_t *numbers, const char *unit)
{
	double rest = lanes->longest - lane->total;
	sink_string(sink, "{\"type\":\"sampled\",\"name\":");
	sink_json(sink, lane->name);
	sink_format(sink, ",\"unit\":\"%s\",\"startValue\":0,\"endValue\":", unit);
	sink_number(sink, lanes->longest);
	sink_string(sink, ",\"samples\":[");
	put_samples(sink, stacks, lanes, lane, numbers);
	if (rest > 0)
		sink_string(sink, lane->count ? ",[]" : "[]");
	sink_string(sink, "],\n\"weights\":[");
	for (size_t i = 0; i < lane->count; i++) {
		if (i)
			sink_char(sink, ',');
		sink_number(sink, lanes->steps[lane->first + i].weight);
	}
	if (rest > 0) {
		if (lane->count)
			sink_char(sink, ',');
		sink_number(sink, rest);
	}
	sink_string(sink, "]}");
}

static bool write_stacks(const struct stacks *stacks, const struct view *view, struct sink *sink)
{
	struct lanes lanes = lanes_of(stacks, view);
	sink_string(sink, "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\n\"name\":");
	sink_json(sink, text_of(view->title));
	sink_format(
		sink, ",\"exporter\":\"flamerender@%s\",\"activeProfileIndex\":%zu,\n", TOOLKIT_VERSION, lanes.busiest);
	uint32_t *numbers = put_frames(sink, stacks, &lanes);
	sink_string(sink, ",\n\"profiles\":[");
	for (size_t i = 0; i < lanes.count; i++) {
		if (i)
			sink_string(sink, ",\n");
		put_profile(sink, stacks, &lanes, &lanes.lanes[i], numbers, unit_name(view));
	}
	sink_string(sink, "]}\n");
	free(numbers);
	lanes_free(&lanes);
	return true;
}

const struct writer speedscope_writer = {.name = "speedscope",
	.suffix = ".speedscope.json",
	.summary = "for www.speedscope.app",
	.whole = true,
	.write_stacks = write_stacks};
