/* speedscope's file format: one sampled profile, or one for each thread in true time. Its schema is at
 * https://www.speedscope.app/file-format-schema.json. */
#include <math.h>
#include <stdlib.h>

#include "common/frame_parts.h"
#include "common/json_text.h"
#include "common/mem.h"
#include "common/report.h"
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

enum { MOST_SAMPLES = 10000000 };

struct writing {
	const struct stacks *stacks;
	struct lanes lanes;
	struct sink *sink;
	const char *unit;
	double per_unit;   /* weights in one unit */
	uint32_t *numbers; /* of frames, by name */
};

/* ---- samples of one length ---- */

static void add_samples(struct lanes *to, size_t *capacity, size_t *count, uint32_t node, double samples)
{
	for (double i = 0; i < samples; i++) {
		to->steps = mem_grow(to->steps, capacity, *count + 1, sizeof *to->steps);
		to->steps[(*count)++] = (struct stacks_step){node, 1};
	}
}

static void cut_lane(struct lane *lane, const struct lanes *from, double per_count, struct lanes *to, size_t *capacity,
	size_t *count)
{
	double exact = 0, written = 0;
	size_t first = *count;
	for (size_t i = lane->first; i < lane->first + lane->count; i++) {
		const struct stacks_step *step = &from->steps[i];
		exact += step->weight * per_count;
		double samples = round(exact) - written;
		written += samples;
		if (step->node != lane->base) {
			add_samples(to, capacity, count, step->node, samples);
		} else if (samples > 0) {
			add_samples(to, capacity, count, step->node, 1);
			to->steps[*count - 1].weight = samples;
		}
	}
	lane->first = first;
	lane->count = *count - first;
	lane->total = written;
}

/* Stacks that last become samples of 1/rate seconds each, as py-spy has them; gaps stay whole. */
static void cut_in_samples(struct writing *writing, double per_count, double rate)
{
	struct lanes *lanes = &writing->lanes, cut = {0};
	double sum = 0;
	size_t capacity = 0, count = 0;
	for (size_t i = 0; i < lanes->count; i++)
		sum += lanes->lanes[i].total * per_count;
	if (sum > MOST_SAMPLES) {
		report_warning("more than %d samples: each stack is one that lasts", MOST_SAMPLES);
		return;
	}
	lanes->longest = 0;
	for (size_t i = 0; i < lanes->count; i++) {
		cut_lane(&lanes->lanes[i], lanes, per_count, &cut, &capacity, &count);
		if (lanes->lanes[i].total > lanes->longest)
			lanes->longest = lanes->lanes[i].total;
	}
	free(lanes->steps);
	lanes->steps = cut.steps;
	writing->unit = "seconds";
	writing->per_unit = rate;
}

/* ---- writing ---- */

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

/* Only names that stand in a stack are frames. */
static void put_frames(struct writing *writing)
{
	const struct stacks *stacks = writing->stacks;
	const struct lanes *lanes = &writing->lanes;
	uint32_t count = 0;
	for (uint32_t node = 1; node < stacks->count; node++)
		if (lanes->lanes[lanes->lane_of[node]].base != node)
			writing->numbers[stacks->nodes[node].name] = 1;
	sink_string(writing->sink, "\"shared\":{\"frames\":[");
	for (uint32_t name = 0; name < stacks->names.count; name++) {
		if (!writing->numbers[name])
			continue;
		if (count)
			sink_string(writing->sink, ",\n");
		put_frame(writing->sink, stacks->names.names[name]);
		writing->numbers[name] = count++;
	}
	sink_string(writing->sink, "]}");
}

static void put_samples(struct writing *writing, const struct lane *lane)
{
	struct sink *sink = writing->sink;
	uint32_t *path = NULL;
	size_t capacity = 0;
	for (size_t i = 0; i < lane->count; i++) {
		uint32_t node = writing->lanes.steps[lane->first + i].node;
		size_t depth = lanes_path(writing->stacks, node, lane->base, &path, &capacity);
		sink_string(sink, i ? ",[" : "[");
		for (size_t k = 0; k < depth; k++) {
			if (k)
				sink_char(sink, ',');
			sink_integer(sink, writing->numbers[path[k]]);
		}
		sink_char(sink, ']');
	}
	free(path);
}

/* All profiles start at 0 and end with the longest; a gap at the end is an empty stack. */
static void put_profile(struct writing *writing, const struct lane *lane)
{
	struct sink *sink = writing->sink;
	double rest = writing->lanes.longest - lane->total;
	sink_string(sink, "{\"type\":\"sampled\",\"name\":");
	sink_json(sink, lane->name);
	sink_format(sink, ",\"unit\":\"%s\",\"startValue\":0,\"endValue\":", writing->unit);
	sink_number(sink, writing->lanes.longest / writing->per_unit);
	sink_string(sink, ",\"samples\":[");
	put_samples(writing, lane);
	if (rest > 0)
		sink_string(sink, lane->count ? ",[]" : "[]");
	sink_string(sink, "],\n\"weights\":[");
	for (size_t i = 0; i < lane->count; i++) {
		if (i)
			sink_char(sink, ',');
		sink_number(sink, writing->lanes.steps[lane->first + i].weight / writing->per_unit);
	}
	if (rest > 0) {
		if (lane->count)
			sink_char(sink, ',');
		sink_number(sink, rest / writing->per_unit);
	}
	sink_string(sink, "]}");
}

static bool write_stacks(const struct stacks *stacks, const struct view *view, struct sink *sink)
{
	struct writing writing = {.stacks = stacks,
		.lanes = lanes_of(stacks, view),
		.sink = sink,
		.unit = unit_name(view),
		.per_unit = 1,
		.numbers = mem_zero(stacks->names.count + 1, sizeof *writing.numbers)};
	if (view->flame_chart && view->rate > 0 && lanes_is_time(view))
		cut_in_samples(&writing, lanes_nanoseconds(view) / 1e9 * view->rate, view->rate);
	sink_string(sink, "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\n\"name\":");
	sink_json(sink, text_of(view->title));
	sink_format(sink, ",\"exporter\":\"flamerender@%s\",\"activeProfileIndex\":%zu,\n", TOOLKIT_VERSION,
		writing.lanes.busiest);
	put_frames(&writing);
	sink_string(sink, ",\n\"profiles\":[");
	for (size_t i = 0; i < writing.lanes.count; i++) {
		if (i)
			sink_string(sink, ",\n");
		put_profile(&writing, &writing.lanes.lanes[i]);
	}
	sink_string(sink, "]}\n");
	free(writing.numbers);
	lanes_free(&writing.lanes);
	return true;
}

const struct writer speedscope_writer = {.name = "speedscope",
	.suffix = ".speedscope.json",
	.summary = "for www.speedscope.app",
	.whole = true,
	.write_stacks = write_stacks};
