/* Safari's timeline recordings (JSON). */
#include "convert/converter.h"
#include "convert/frame.h"
#include "convert/json_frame.h"

#include <math.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

/* {"version":1,"recording":{"sampleStackTraces":[{"timestamp":1.5,"stackFrames":[{"name":"f","url":"a.js","line":3,"column":1},...]}],
 *  "sampleDurations":[0.001]}}: the leaf first, seconds. */

struct reader {
	struct json *json;
	struct stacks *stacks;
	struct run *run;
	struct json_frames frames;
	struct frame_list list;
	uint32_t *nodes; /* of the samples */
	size_t count, capacity;
	double *durations;
	size_t duration_count, duration_capacity;
};

static const struct json_frame_keys frame_keys = {"name", "url", "line", 1, "(anonymous)"};

static void read_traces(struct reader *reader)
{
	struct text key;
	if (!json_enter(reader->json, JSON_ARRAY))
		return;
	while (json_element(reader->json)) {
		if (!json_enter(reader->json, JSON_OBJECT))
			continue;
		reader->list.count = 0;
		while (json_member(reader->json, &key)) {
			if (!text_is(key, "stackFrames")) {
				json_skip(reader->json);
			} else if (json_enter(reader->json, JSON_ARRAY)) {
				while (json_element(reader->json))
					frame_list_add(&reader->list,
						json_frame(reader->json, &reader->frames, true, reader->stacks));
			}
		}
		reader->nodes = mem_grow(reader->nodes, &reader->capacity, reader->count + 1, sizeof *reader->nodes);
		reader->nodes[reader->count++] = frame_list_down(&reader->list, reader->stacks, 0);
	}
}

static void read_durations(struct reader *reader)
{
	if (!json_enter(reader->json, JSON_ARRAY))
		return;
	while (json_element(reader->json)) {
		reader->durations = mem_grow(reader->durations, &reader->duration_capacity, reader->duration_count + 1,
			sizeof *reader->durations);
		reader->durations[reader->duration_count++] = json_number(reader->json, 0);
	}
}

static bool read_file(struct reader *reader)
{
	struct text key;
	reader->count = reader->duration_count = 0;
	if (json_enter(reader->json, JSON_OBJECT))
		while (json_member(reader->json, &key)) {
			if (!text_is(key, "recording")) {
				json_skip(reader->json);
			} else if (json_enter(reader->json, JSON_OBJECT)) {
				while (json_member(reader->json, &key)) {
					if (text_is(key, "sampleStackTraces"))
						read_traces(reader);
					else if (text_is(key, "sampleDurations"))
						read_durations(reader);
					else
						json_skip(reader->json);
				}
			}
		}
	if (!reader->count)
		report_error("this JSON holds no stack samples of Safari");
	if (reader->count > reader->duration_count)
		json_skipped(reader->json, &reader->run->skipped,
			"there are fewer durations than samples: the last ones are left out");
	for (size_t i = 0; i < reader->count && i < reader->duration_count; i++) {
		double weight = round(reader->durations[i] * 1e6);
		if (weight > 0 && reader->nodes[i]) /* else nothing ran */
			stacks_add(reader->stacks, reader->nodes[i], weight);
	}
	return reader->count > 0;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct reader reader = {.json = json_open(source), .stacks = stacks, .run = run, .frames.keys = &frame_keys};
	bool good = true;
	while (json_file(reader.json))
		good &= read_file(&reader);
	good &= json_close(reader.json);
	json_frames_free(&reader.frames);
	frame_list_free(&reader.list);
	free(reader.nodes);
	free(reader.durations);
	return good;
}

static int detect(struct text head)
{
	return text_starts(text_trim(head), "{") &&
			       (text_find(head, "\"sampleStackTraces\"") ||
				       (text_find(head, "\"recording\"") && text_find(head, "\"displayName\"")))
		       ? 80
		       : 0;
}

const struct converter safari_converter = {
	.name = "safari",
	.summary = "Converts Safari's timeline recordings to folded stacks; weights are microseconds.",
	.examples = "  stackcollapse-safari recording.json | flamerender --countname us > out.svg\n",
	.detect = detect,
	.read = read,
};
