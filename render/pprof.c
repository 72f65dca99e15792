/* pprof's protocol buffer (gzipped): github.com/google/pprof/blob/main/proto/profile.proto. A location for each frame,
 * a function for each name and file; threads of ordered stacks become the label "thread". */
#include <math.h>
#include <stdlib.h>

#include "common/frame_parts.h"
#include "common/mem.h"
#include "render/lanes.h"
#include "render/writers.h"

/* Field numbers of the messages. */
enum { PROFILE_SAMPLE_TYPE = 1, PROFILE_SAMPLE, PROFILE_MAPPING, PROFILE_LOCATION, PROFILE_FUNCTION, PROFILE_STRING };
enum { PROFILE_PERIOD_TYPE = 11, PROFILE_PERIOD = 12, PROFILE_DEFAULT_TYPE = 14 };

struct writing {
	const struct stacks *stacks;
	const struct lanes *lanes;
	struct sink *sink;
	struct intern strings, functions; /* functions: name number and file number as bytes */
	struct buffer message, inner, packed;
};

static void add_varint(struct buffer *out, uint64_t value)
{
	for (; value > 127; value >>= 7)
		buffer_add_char(out, (char)(value | 0x80));
	buffer_add_char(out, (char)value);
}

static void add_number(struct buffer *out, unsigned field, uint64_t value)
{
	add_varint(out, field << 3);
	add_varint(out, value);
}

static void add_bytes(struct buffer *out, unsigned field, struct text bytes)
{
	add_varint(out, field << 3 | 2);
	add_varint(out, bytes.size);
	buffer_add(out, bytes.at, bytes.size);
}

/* Writes the message as a field of the profile and empties it. */
static void put_message(struct writing *writing, unsigned field)
{
	struct buffer head = {0};
	add_varint(&head, field << 3 | 2);
	add_varint(&head, writing->message.size);
	sink_write(writing->sink, head.at, head.size);
	sink_write(writing->sink, writing->message.at ? writing->message.at : "", writing->message.size);
	buffer_free(&head);
	buffer_clear(&writing->message);
}

static uint32_t string_number(struct writing *writing, struct text text)
{
	return intern(&writing->strings, text.at, text.size);
}

static void put_value_type(struct writing *writing, unsigned field, const char *type, const char *unit)
{
	add_number(&writing->message, 1, string_number(writing, text_of(type)));
	add_number(&writing->message, 2, string_number(writing, text_of(unit)));
	put_message(writing, field);
}

/* The leaf first. */
static void put_sample(struct writing *writing, const struct lane *lane, uint32_t node, double value, bool label)
{
	buffer_clear(&writing->packed);
	for (uint32_t at = node; at != lane->base && at; at = writing->stacks->nodes[at].parent)
		add_varint(&writing->packed, (uint64_t)writing->stacks->nodes[at].name + 1);
	add_bytes(&writing->message, 1, buffer_text(&writing->packed));
	buffer_clear(&writing->packed);
	add_varint(&writing->packed, (uint64_t)llround(value));
	add_bytes(&writing->message, 2, buffer_text(&writing->packed));
	if (label) {
		buffer_clear(&writing->inner);
		add_number(&writing->inner, 1, string_number(writing, text_of("thread")));
		add_number(&writing->inner, 2, string_number(writing, lane->name));
		add_bytes(&writing->message, 3, buffer_text(&writing->inner));
	}
	put_message(writing, PROFILE_SAMPLE);
}

/* Ordered stacks give each stack once, too: pprof knows no order. */
static void put_samples(struct writing *writing, double factor, bool threads)
{
	const struct lanes *lanes = writing->lanes;
	double *sums = mem_zero(writing->stacks->count, sizeof *sums);
	for (size_t i = 0; i < lanes->count; i++) {
		const struct lane *lane = &lanes->lanes[i];
		for (size_t k = lane->first; k < lane->first + lane->count; k++)
			if (lanes->steps[k].node != lane->base)
				sums[lanes->steps[k].node] += lanes->steps[k].weight;
	}
	for (uint32_t node = 1; node < writing->stacks->count; node++)
		if (llround(sums[node] * factor) > 0)
			put_sample(writing, &lanes->lanes[lanes->lane_of[node]], node, sums[node] * factor, threads);
	free(sums);
}

/* Says that names, files and lines are known, so that no tool looks for a binary. */
static void put_mapping(struct writing *writing)
{
	add_number(&writing->message, 1, 1);
	for (unsigned field = 7; field <= 9; field++)
		add_number(&writing->message, field, 1);
	put_message(writing, PROFILE_MAPPING);
}

static uint64_t function_number(struct writing *writing, const struct frame_parts *parts)
{
	uint32_t name[2] = {string_number(writing, parts->function), string_number(writing, parts->file)};
	return (uint64_t)intern(&writing->functions, (const char *)name, sizeof name) + 1;
}

/* Every name of the stacks; location ids are name numbers + 1. */
static void put_locations(struct writing *writing)
{
	for (uint32_t name = 0; name < writing->stacks->names.count; name++) {
		struct frame_parts parts = frame_parts(writing->stacks->names.names[name]);
		buffer_clear(&writing->inner);
		add_number(&writing->inner, 1, function_number(writing, &parts));
		add_number(&writing->inner, 2, parts.line);
		add_number(&writing->message, 1, (uint64_t)name + 1);
		add_number(&writing->message, 2, 1);
		add_bytes(&writing->message, 4, buffer_text(&writing->inner));
		put_message(writing, PROFILE_LOCATION);
	}
}

static void put_functions(struct writing *writing)
{
	for (uint32_t i = 0; i < writing->functions.count; i++) {
		uint32_t name[2];
		memcpy(name, writing->functions.names[i].at, sizeof name);
		add_number(&writing->message, 1, (uint64_t)i + 1);
		add_number(&writing->message, 2, name[0]);
		add_number(&writing->message, 3, name[0]);
		add_number(&writing->message, 4, name[1]);
		put_message(writing, PROFILE_FUNCTION);
	}
}

/* A string must be UTF-8. */
static void put_string(struct writing *writing, struct text text)
{
	const char *at = text.at, *end = text.at + text.size;
	char bytes[4];
	while (at < end)
		buffer_add(&writing->message, bytes, utf8_put(bytes, utf8_next(&at, end)));
	put_message(writing, PROFILE_STRING);
}

static bool write_stacks(const struct stacks *stacks, const struct view *view, struct sink *sink)
{
	struct lanes lanes = lanes_of(stacks, view);
	struct writing writing = {.stacks = stacks, .lanes = &lanes, .sink = sink};
	bool time = lanes_is_time(view);
	const char *type = time ? "time" : lanes_is_bytes(view) ? "space" : "samples";
	const char *unit = time ? "nanoseconds" : lanes_is_bytes(view) ? "bytes" : "count";
	string_number(&writing, text_of("")); /* string 0 is the empty one */
	put_value_type(&writing, PROFILE_SAMPLE_TYPE, type, unit);
	put_samples(&writing, time ? lanes_nanoseconds(view) : 1, lanes.lanes[0].base != 0);
	put_mapping(&writing);
	put_locations(&writing);
	put_functions(&writing);
	put_value_type(&writing, PROFILE_PERIOD_TYPE, type, unit);
	buffer_clear(&writing.packed);
	add_number(&writing.packed, PROFILE_PERIOD, 1);
	add_number(&writing.packed, PROFILE_DEFAULT_TYPE, string_number(&writing, text_of(type)));
	sink_write(sink, writing.packed.at, writing.packed.size);
	for (uint32_t i = 0; i < writing.strings.count; i++)
		put_string(&writing, writing.strings.names[i]);
	intern_free(&writing.strings);
	intern_free(&writing.functions);
	buffer_free(&writing.message);
	buffer_free(&writing.inner);
	buffer_free(&writing.packed);
	lanes_free(&lanes);
	return true;
}

const struct writer pprof_writer = {.name = "pprof",
	.suffix = ".pb",
	.summary = "for go tool pprof, Pyroscope, Parca, Grafana (gzipped protocol buffer)",
	.whole = true,
	.compressed = true,
	.write_stacks = write_stacks};
