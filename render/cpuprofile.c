/* V8's .cpuprofile, in the form that Chrome's Performance panel, VS Code, speedscope and Firefox all read: startTime
 * above 0, an extra (root) sample at the end, timeDeltas as long as samples, children (not parent), whole call frames,
 * hits that sum to the samples. Several threads become one trace that holds a profile for each. */
#include <math.h>
#include <stdlib.h>

#include "common/frame_parts.h"
#include "common/json_text.h"
#include "common/mem.h"
#include "render/lanes.h"
#include "render/writers.h"

enum { START = 1, ROOT_ID = 1, IDLE_ID = 2, FIRST_ID = 3 };

struct writing {
	const struct stacks *stacks;
	const struct view *view;
	const struct lanes *lanes;
	struct stacks_children children;
	struct sink *sink;
	double factor;       /* counts to microseconds */
	uint32_t *ids;       /* by node, within its lane */
	double *hits;        /* by node */
	struct intern files; /* their numbers are script ids, from 1 */
};

/* Whole microseconds; what rounding leaves is carried on, so that times do not drift. */
static double take_delta(double *exact, double *written, double weight)
{
	*exact += weight;
	double delta = round(*exact) - *written;
	*written += delta;
	return delta;
}

static void put_call_frame(struct writing *writing, struct text name)
{
	struct sink *sink = writing->sink;
	struct frame_parts parts = frame_parts(name);
	sink_string(sink, "\"callFrame\":{\"functionName\":");
	sink_json(sink, parts.function);
	struct text file = parts.file;
	sink_format(
		sink, ",\"scriptId\":\"%u\",\"url\":", file.size ? intern(&writing->files, file.at, file.size) + 1 : 0);
	if (text_starts(file, "/")) {
		struct buffer url = {0};
		buffer_add_string(&url, "file://");
		buffer_add(&url, file.at, file.size);
		sink_json(sink, buffer_text(&url));
		buffer_free(&url);
	} else {
		sink_json(sink, file);
	}
	sink_format(sink, ",\"lineNumber\":%lld,\"columnNumber\":%d}", (long long)parts.line - 1, parts.line ? 0 : -1);
}

static void put_children(struct writing *writing, uint32_t node, bool idle)
{
	bool any = idle;
	sink_string(writing->sink, ",\"children\":[");
	if (idle)
		sink_integer(writing->sink, IDLE_ID);
	for (uint32_t child = writing->children.first[node]; child; child = writing->children.next[child]) {
		if (any)
			sink_char(writing->sink, ',');
		any = true;
		sink_integer(writing->sink, writing->ids[child]);
	}
	sink_string(writing->sink, "]}");
}

static const char special[] = ",\"callFrame\":{\"functionName\":\"%s\",\"scriptId\":\"0\",\"url\":\"\",\"lineNumber\":-"
			      "1,\"columnNumber\":-1},"
			      "\"hitCount\":%.0f";

static void put_nodes(struct writing *writing, const struct lane *lane, double idle_hits)
{
	const struct stacks *stacks = writing->stacks;
	size_t number = (size_t)(lane - writing->lanes->lanes);
	uint32_t next = FIRST_ID;
	for (uint32_t node = 1; node < stacks->count; node++)
		if (node != lane->base && writing->lanes->lane_of[node] == number)
			writing->ids[node] = next++;
	sink_format(writing->sink, "\"nodes\":[{\"id\":%d", ROOT_ID);
	sink_format(writing->sink, special, "(root)", 0.0);
	put_children(writing, lane->base, idle_hits > 0);
	if (idle_hits > 0) {
		sink_format(writing->sink, ",\n{\"id\":%d", IDLE_ID);
		sink_format(writing->sink, special, "(idle)", idle_hits);
		sink_string(writing->sink, ",\"children\":[]}");
	}
	for (uint32_t node = 1; node < stacks->count; node++) {
		if (node == lane->base || writing->lanes->lane_of[node] != number)
			continue;
		sink_format(writing->sink, ",\n{\"id\":%u,", writing->ids[node]);
		put_call_frame(writing, stacks->names.names[stacks->nodes[node].name]);
		sink_format(writing->sink, ",\"hitCount\":%.0f", writing->hits[node]);
		put_children(writing, node, false);
	}
	sink_string(writing->sink, "],\n");
}

/* The hits of a step: in time order one sample, else its count. */
static double count_hits(struct writing *writing, const struct lane *lane)
{
	double idle = 0;
	for (size_t i = 0; i < lane->count; i++) {
		const struct stacks_step *step = &writing->lanes->steps[lane->first + i];
		double hits = writing->view->flame_chart || lanes_is_time(writing->view) ? 1 : round(step->weight);
		if (step->node == lane->base)
			idle += hits;
		else
			writing->hits[step->node] += hits;
	}
	return idle;
}

/* Samples and the times between them; returns how long all took. */
static double put_samples(struct writing *writing, const struct lane *lane)
{
	struct sink *sink = writing->sink;
	double exact = 0, written = 0;
	sink_string(sink, "\"samples\":[");
	for (size_t i = 0; i < lane->count; i++) {
		uint32_t node = writing->lanes->steps[lane->first + i].node;
		sink_integer(sink, node == lane->base ? IDLE_ID : writing->ids[node]);
		sink_char(sink, ',');
	}
	sink_format(sink, "%d],\n\"timeDeltas\":[0", ROOT_ID);
	for (size_t i = 0; i < lane->count; i++) {
		sink_char(sink, ',');
		sink_number(sink,
			take_delta(&exact, &written, writing->lanes->steps[lane->first + i].weight * writing->factor));
	}
	sink_string(sink, "],\n");
	return written;
}

static double put_profile(struct writing *writing, const struct lane *lane)
{
	double idle = count_hits(writing, lane);
	sink_char(writing->sink, '{');
	put_nodes(writing, lane, idle);
	double duration = put_samples(writing, lane);
	sink_format(writing->sink, "\"startTime\":%d,\"endTime\":%.0f}", START, START + duration);
	return duration;
}

static void put_trace(struct writing *writing)
{
	struct sink *sink = writing->sink;
	sink_string(sink, "{\"metadata\":{\"dataOrigin\":\"CPUProfile\"},\"traceEvents\":[");
	for (size_t i = 0; i < writing->lanes->count; i++) {
		const struct lane *lane = &writing->lanes->lanes[i];
		sink_format(sink,
			"%s\n{\"ph\":\"M\",\"name\":\"thread_name\",\"cat\":\"__metadata\",\"pid\":1,\"tid\":%zu,"
			"\"ts\":0,\"args\":{\"name\":",
			i ? "," : "", i + 1);
		sink_json(sink, lane->name);
		sink_format(sink,
			"}},\n{\"ph\":\"X\",\"name\":\"CpuProfile\",\"cat\":\"disabled-by-default-devtools.timeline\","
			"\"id\":\"0x%zx\",\"pid\":1,"
			"\"tid\":%zu,\"ts\":%d,\"args\":{\"data\":{\"cpuProfile\":",
			i + 1, i + 1, START);
		double duration = put_profile(writing, lane);
		sink_format(sink, "}},\"dur\":%.0f}", duration);
	}
	sink_string(sink, "]}\n");
}

static bool write_stacks(const struct stacks *stacks, const struct view *view, struct sink *sink)
{
	struct lanes lanes = lanes_of(stacks, view);
	struct writing writing = {
		.stacks = stacks,
		.view = view,
		.lanes = &lanes,
		.children = stacks_children(stacks),
		.sink = sink,
		.factor = lanes_nanoseconds(view) / 1000,
		.ids = mem_zero(stacks->count, sizeof *writing.ids),
		.hits = mem_zero(stacks->count, sizeof *writing.hits),
	};
	if (!view->flame_chart && !lanes_is_time(view) && !lanes_is_bytes(view) && writing.factor < 1000)
		writing.factor = 1000; /* below 1 ms a sample Chrome's bottom-up view rounds wrongly */
	if (lanes_is_bytes(view))
		writing.factor = 1; /* a byte is shown as a microsecond */
	if (lanes.longest * writing.factor > 0x1p52)
		writing.factor = 0x1p52 / lanes.longest;
	if (lanes.count > 1) {
		put_trace(&writing);
	} else {
		put_profile(&writing, &lanes.lanes[0]);
		sink_char(sink, '\n');
	}
	stacks_children_free(&writing.children);
	intern_free(&writing.files);
	free(writing.ids);
	free(writing.hits);
	lanes_free(&lanes);
	return true;
}

const struct writer cpuprofile_writer = {.name = "cpuprofile",
	.suffix = ".cpuprofile",
	.summary = "for Chrome's Performance panel, VS Code, Firefox",
	.whole = true,
	.write_stacks = write_stacks};
