/* Firefox Profiler's processed profile, version 47, which profiler.firefox.com upgrades. */
#include <stdlib.h>

#include "common/frame_parts.h"
#include "common/json_text.h"
#include "common/mem.h"
#include "common/version.h"
#include "render/lanes.h"
#include "render/writers.h"

struct writing {
	const struct stacks *stacks;
	const struct view *view;
	const struct lanes *lanes;
	struct sink *sink;
	uint32_t *numbers;               /* by node: its place in the stack table of its thread */
	struct intern strings;           /* of the thread */
	struct intern functions, frames; /* name and file numbers; frame name numbers */
};

/* "name":[value,value,...] with each value from `value`; null where it is below 0. */
static void put_column(struct sink *sink, const char *name, size_t count, double (*value)(struct writing *, size_t),
	struct writing *writing)
{
	sink_format(sink, "\"%s\":[", name);
	for (size_t i = 0; i < count; i++) {
		double number = value ? value(writing, i) : -1;
		if (i)
			sink_char(sink, ',');
		if (number < 0)
			sink_string(sink, "null");
		else
			sink_number(sink, number);
	}
	sink_string(sink, "],");
}

static void put_same(struct sink *sink, const char *name, size_t count, const char *value)
{
	sink_format(sink, "\"%s\":[", name);
	for (size_t i = 0; i < count; i++)
		sink_format(sink, i ? ",%s" : "%s", value);
	sink_string(sink, "],");
}

/* ---- the tables of a thread ---- */

static struct frame_parts parts_of(struct writing *writing, size_t frame)
{
	uint32_t name;
	memcpy(&name, writing->frames.names[frame].at, sizeof name);
	return frame_parts(writing->stacks->names.names[name]);
}

static uint32_t string_number(struct writing *writing, struct text text)
{
	return intern(&writing->strings, text.at, text.size);
}

static uint32_t function_number(struct writing *writing, const struct frame_parts *parts)
{
	uint32_t name[2] = {string_number(writing, parts->function), UINT32_MAX};
	if (parts->file.size)
		name[1] = string_number(writing, parts->file);
	return intern(&writing->functions, (const char *)name, sizeof name);
}

static double frame_function(struct writing *writing, size_t frame)
{
	struct frame_parts parts = parts_of(writing, frame);
	return function_number(writing, &parts);
}

static double frame_line(struct writing *writing, size_t frame)
{
	struct frame_parts parts = parts_of(writing, frame);
	return parts.line ? (double)parts.line : -1;
}

static double function_part(struct writing *writing, size_t function, int part)
{
	uint32_t name[2];
	memcpy(name, writing->functions.names[function].at, sizeof name);
	return name[part] == UINT32_MAX ? -1 : (double)name[part];
}

static double function_name(struct writing *writing, size_t function)
{
	return function_part(writing, function, 0);
}

static double function_file(struct writing *writing, size_t function)
{
	return function_part(writing, function, 1);
}

static void put_functions(struct writing *writing)
{
	struct sink *sink = writing->sink;
	size_t count = writing->functions.count;
	sink_string(sink, "\"funcTable\":{");
	put_same(sink, "isJS", count, "false");
	put_same(sink, "relevantForJS", count, "false");
	put_same(sink, "resource", count, "-1");
	put_column(sink, "name", count, function_name, writing);
	put_column(sink, "fileName", count, function_file, writing);
	put_column(sink, "lineNumber", count, NULL, writing);
	put_column(sink, "columnNumber", count, NULL, writing);
	sink_format(sink, "\"length\":%zu},\n", count);
}

static void put_frames(struct writing *writing)
{
	struct sink *sink = writing->sink;
	size_t count = writing->frames.count;
	sink_string(sink, "\"frameTable\":{");
	put_same(sink, "address", count, "-1");
	put_same(sink, "inlineDepth", count, "0");
	put_same(sink, "category", count, "0");
	put_same(sink, "subcategory", count, "0");
	put_same(sink, "innerWindowID", count, "0");
	put_column(sink, "func", count, frame_function, writing);
	put_column(sink, "nativeSymbol", count, NULL, writing);
	put_column(sink, "implementation", count, NULL, writing);
	put_column(sink, "line", count, frame_line, writing);
	put_column(sink, "column", count, NULL, writing);
	sink_format(sink, "\"length\":%zu},\n", count);
}

/* The nodes of the lane in their order, so that a prefix stands before its stacks. */
static size_t put_stacks(struct writing *writing, const struct lane *lane)
{
	const struct stacks *stacks = writing->stacks;
	size_t number = (size_t)(lane - writing->lanes->lanes), count = 0;
	struct sink *sink = writing->sink;
	sink_string(sink, "\"stackTable\":{\"frame\":[");
	for (uint32_t node = 1; node < stacks->count; node++) {
		if (node == lane->base || writing->lanes->lane_of[node] != number)
			continue;
		uint32_t name = stacks->nodes[node].name;
		if (count)
			sink_char(sink, ',');
		sink_integer(sink, intern(&writing->frames, (const char *)&name, sizeof name));
		writing->numbers[node] = (uint32_t)count++;
	}
	sink_string(sink, "],\"prefix\":[");
	for (uint32_t node = 1, i = 0; node < stacks->count; node++) {
		if (node == lane->base || writing->lanes->lane_of[node] != number)
			continue;
		if (i++)
			sink_char(sink, ',');
		uint32_t parent = stacks->nodes[node].parent;
		if (parent == lane->base)
			sink_string(sink, "null");
		else
			sink_integer(sink, writing->numbers[parent]);
	}
	sink_string(sink, "],");
	put_same(sink, "category", count, "0");
	put_same(sink, "subcategory", count, "0");
	sink_format(sink, "\"length\":%zu},\n", count);
	return count;
}

static void put_samples(struct writing *writing, const struct lane *lane)
{
	struct sink *sink = writing->sink;
	const struct stacks_step *steps = writing->lanes->steps + lane->first;
	bool time = lanes_is_time(writing->view);
	double factor = lanes_is_bytes(writing->view) ? 1 : lanes_nanoseconds(writing->view) / 1e6,
	       sum = 0; /* milliseconds */
	sink_string(sink, "\"samples\":{\"stack\":[");
	for (size_t i = 0; i < lane->count; i++) {
		if (i)
			sink_char(sink, ',');
		if (steps[i].node == lane->base)
			sink_string(sink, "null");
		else
			sink_integer(sink, writing->numbers[steps[i].node]);
	}
	sink_string(sink, lane->count ? ",null],\"time\":[" : "null],\"time\":["); /* the last one says when all ends */
	for (size_t i = 0; i < lane->count; i++) {
		sink_number(sink, sum * factor);
		sink_char(sink, ',');
		sum += steps[i].weight;
	}
	sink_number(sink, sum * factor);
	sink_string(sink, "],\"weight\":[");
	for (size_t i = 0; i < lane->count; i++) {
		sink_number(sink, time ? steps[i].weight * factor : steps[i].weight);
		sink_char(sink, ',');
	}
	sink_char(sink, '0');
	sink_format(sink, "],\"weightType\":\"%s\",\"length\":%zu},\n",
		time                            ? "tracing-ms"
		: lanes_is_bytes(writing->view) ? "bytes"
						: "samples",
		lane->count + 1);
}

static void put_thread(struct writing *writing, const struct lane *lane)
{
	struct sink *sink = writing->sink;
	size_t tid = (size_t)(lane - writing->lanes->lanes) + 1;
	sink_string(sink, "{\"name\":");
	sink_json(sink, lane->name);
	sink_format(sink,
		",\"isMainThread\":%s,\"pid\":\"1\",\"tid\":%zu,\"processType\":\"default\",\"processStartupTime\":0,"
		"\"processShutdownTime\":null,\"registerTime\":0,\"unregisterTime\":null,\"pausedRanges\":[],\n",
		tid == 1 ? "true" : "false", tid);
	put_stacks(writing, lane);
	put_frames(writing);
	put_functions(writing);
	put_samples(writing, lane);
	sink_string(sink, "\"markers\":{\"data\":[],\"name\":[],\"startTime\":[],\"endTime\":[],\"phase\":[],"
			  "\"category\":[],\"length\":0},"
			  "\"resourceTable\":{\"lib\":[],\"name\":[],\"host\":[],\"type\":[],\"length\":0},"
			  "\"nativeSymbols\":{\"libIndex\":[],\"address\":[],\"name\":[],\"functionSize\":[],"
			  "\"length\":0},\n\"stringArray\":[");
	for (uint32_t i = 0; i < writing->strings.count; i++) {
		if (i)
			sink_char(sink, ',');
		sink_json(sink, writing->strings.names[i]);
	}
	sink_string(sink, "]}");
	intern_free(&writing->strings);
	intern_free(&writing->functions);
	intern_free(&writing->frames);
}

static bool write_stacks(const struct stacks *stacks, const struct view *view, struct sink *sink)
{
	struct lanes lanes = lanes_of(stacks, view);
	struct writing writing = {.stacks = stacks,
		.view = view,
		.lanes = &lanes,
		.sink = sink,
		.numbers = mem_zero(stacks->count, sizeof *writing.numbers)};
	sink_format(sink,
		"{\"meta\":{\"interval\":%.6g,\"startTime\":0,\"processType\":0,\"product\":", 1000 / lanes_rate(view));
	sink_json(sink, text_of(view->title));
	sink_format(sink,
		",\"stackwalk\":0,\"version\":27,\"preprocessedProfileVersion\":47,\"importedFrom\":\"flamerender %s\","
		"\"symbolicationNotSupported\":true,\"markerSchema\":[],\"categories\":[{\"name\":\"Other\",\"color\":"
		"\"grey\","
		"\"subcategories\":[\"Other\"]}]},\n\"libs\":[],\"pages\":[],\"counters\":[],\"threads\":[\n",
		TOOLKIT_VERSION);
	for (size_t i = 0; i < lanes.count; i++) {
		if (i)
			sink_string(sink, ",\n");
		put_thread(&writing, &lanes.lanes[i]);
	}
	sink_string(sink, "]}\n");
	free(writing.numbers);
	lanes_free(&lanes);
	return true;
}

const struct writer firefox_writer = {.name = "firefox",
	.suffix = ".firefox.json",
	.summary = "for profiler.firefox.com",
	.whole = true,
	.write_stacks = write_stacks};
