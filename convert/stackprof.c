/* Ruby's stackprof as JSON, with raw stacks (raw: true). */
#include "convert/converter.h"
#include "convert/frame.h"
#include "convert/idmap.h"
#include "convert/json_frame.h"

#include <math.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

static bool samples;

static const struct opt options[] = {
	{0, "samples", OPT_FLAG, &samples, NULL, "Count samples. Default: time in microseconds (mode object: objects).",
		NULL, 0, false},
	{0},
};

/*
 * {"mode":"cpu","interval":1000,"frames":{"140":{"name":"Object#f","file":"a.rb","line":3}},
 *  "raw":[2,140,150,1, 1,140,5],"raw_timestamp_deltas":[0,1000,...]}: a stack is its length, ids from the root, how
 * often.
 */

struct reader {
	struct json *json;
	struct run *run;
	struct stacks *stacks;
	struct idmap ids;
	struct json_frames frames;
	struct frame_list names;
	double *raw, *deltas;
	size_t raw_count, raw_capacity, delta_count, delta_capacity;
	struct buffer mode;
	double interval;
};

static const struct json_frame_keys frame_keys = {"name", "file", "line", 1, NULL};

static void read_frames(struct reader *reader)
{
	struct text key;
	if (!json_enter(reader->json, JSON_OBJECT))
		return;
	while (json_member(reader->json, &key)) {
		uint64_t id;
		bool good = text_integer(key, &id);
		uint32_t name = json_frame(reader->json, &reader->frames, true, reader->stacks);
		if (!good || !idmap_add(&reader->ids, id, (uint32_t)reader->names.count))
			json_skipped(reader->json, &reader->run->skipped, "a frame's id is no number, or there twice");
		else
			frame_list_add(&reader->names, name);
	}
}

static void read_numbers(struct reader *reader, double **list, size_t *count, size_t *capacity)
{
	if (!json_enter(reader->json, JSON_ARRAY))
		return;
	while (json_element(reader->json)) {
		*list = mem_grow(*list, capacity, *count + 1, sizeof **list);
		(*list)[(*count)++] = json_number(reader->json, NAN);
	}
}

/* What `times` samples from number `first` on weigh. */
static double weight_of(const struct reader *reader, size_t first, double times)
{
	struct text mode = buffer_text(&reader->mode);
	if (samples || text_is(mode, "object"))
		return times;
	if (!text_is(mode, "wall") || !reader->delta_count)
		return times * (reader->interval > 0 ? reader->interval : 1);
	double sum = 0;
	for (size_t i = first; i < reader->delta_count && (double)(i - first) < times; i++)
		if (reader->deltas[i] > 0)
			sum += reader->deltas[i];
	return sum;
}

/* The garbage collector runs on top of what ran before. */
static uint32_t node_of(struct reader *reader, const double *ids, size_t count, uint32_t last)
{
	uint32_t node = 0;
	for (size_t i = 0; i < count; i++) {
		int64_t number = idmap_find_number(&reader->ids, ids[i]);
		uint32_t name = number < 0 ? stacks_name(reader->stacks, "[unknown]", 9) : reader->names.names[number];
		if (i == 0 && text_starts(reader->stacks->names.names[name], "(garbage collection)"))
			node = last;
		node = stacks_child(reader->stacks, node, name);
	}
	return node;
}

static void add_stacks(struct reader *reader)
{
	size_t at = 0, sample = 0;
	uint32_t last = 0;
	while (at < reader->raw_count) {
		double length = reader->raw[at];
		if (!(length >= 0 && length + 2 <= (double)(reader->raw_count - at))) {
			json_skipped(reader->json, &reader->run->skipped, "the raw stacks are cut off or broken");
			return;
		}
		double times = reader->raw[at + 1 + (size_t)length];
		uint32_t node = node_of(reader, reader->raw + at + 1, (size_t)length, last);
		bool collector = length == 1 && reader->stacks->nodes[node].parent == last && last != 0;
		double weight = times >= 1 ? weight_of(reader, sample, times) : 0;
		if (weight > 0)
			stacks_add(reader->stacks, node, weight);
		if (times >= 1 && times < 0x1p32)
			sample += (size_t)times;
		if (!collector)
			last = node;
		at += (size_t)length + 2;
	}
}

static bool read_profile(struct reader *reader)
{
	struct text key;
	if (!json_enter(reader->json, JSON_OBJECT))
		return false;
	while (json_member(reader->json, &key)) {
		if (text_is(key, "frames"))
			read_frames(reader);
		else if (text_is(key, "raw"))
			read_numbers(reader, &reader->raw, &reader->raw_count, &reader->raw_capacity);
		else if (text_is(key, "raw_timestamp_deltas"))
			read_numbers(reader, &reader->deltas, &reader->delta_count, &reader->delta_capacity);
		else if (text_is(key, "mode"))
			json_string(reader->json, &reader->mode);
		else if (text_is(key, "interval"))
			reader->interval = json_number(reader->json, 0);
		else
			json_skip(reader->json);
	}
	if (!reader->raw_count)
		report_error("the profile holds no raw stacks: run stackprof with raw: true");
	add_stacks(reader);
	return reader->raw_count > 0;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct json *json = json_open(source);
	bool good = true;
	while (json_file(json)) {
		struct reader reader = {.json = json, .run = run, .stacks = stacks, .frames.keys = &frame_keys};
		good &= read_profile(&reader);
		idmap_free(&reader.ids);
		json_frames_free(&reader.frames);
		frame_list_free(&reader.names);
		free(reader.raw);
		free(reader.deltas);
		buffer_free(&reader.mode);
	}
	return json_close(json) && good;
}

static int detect(struct text head)
{
	return text_find(head, "\"raw_timestamp_deltas\"") ||
			       (text_find(head, "\"missed_samples\"") && text_find(head, "\"mode\""))
		       ? 90
		       : 0;
}

const struct converter stackprof_converter = {
	.name = "stackprof",
	.summary = "Converts Ruby stackprof's JSON to folded stacks.",
	.examples = "  stackprof --json dump > p.json; stackcollapse-stackprof p.json | flamerender --countname us > "
		    "out.svg\n",
	.options = options,
	.detect = detect,
	.read = read,
};
