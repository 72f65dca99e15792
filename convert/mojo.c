#include "convert/mojo.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"
#include "convert/austin.h"
#include "convert/frame.h"
#include "convert/idmap.h"
#include "convert/lanes.h"

/* "MOJ" version, then events: a tag and its values. Numbers are varints: continuation 0x80, in the first byte sign 0x40
 * and six bits, then seven bits each. Strings end with NUL. Keys belong to the process of the current stack. */
enum tag {
	METADATA = 1,
	STACK,
	FRAME,
	FRAME_INVALID,
	FRAME_REF,
	FRAME_KERNEL,
	GC,
	IDLE,
	METRIC_TIME,
	METRIC_MEMORY,
	STRING,
	STRING_REF,
};

/* The sample that is being read. */
struct sample {
	bool begun;
	int64_t pid, iid;
	struct text tid;
	struct austin_values values;
};

struct reader {
	const struct chunk *chunk;
	const char *at, *end;
	struct run *run;
	struct stacks *stacks;
	int64_t version;
	struct sample sample;
	struct frame_list frames; /* names, root first */
	/* By process and key (both may be any number, so they are interned as bytes). */
	struct intern keys;
	uint32_t *
		values; /* by number in `keys`: a string's number in `texts`, or a frame's name; last definition wins */
	size_t value_capacity;
	struct intern texts;
	struct buffer text;
	const char *wrong; /* what is wrong at `at`; NULL: nothing */
};

static unsigned char take_byte(struct reader *reader)
{
	if (reader->at >= reader->end) {
		reader->wrong = "the input is cut off";
		return 0;
	}
	return (unsigned char)*reader->at++;
}

static int64_t take_number(struct reader *reader)
{
	unsigned char byte = take_byte(reader);
	bool negative = byte & 0x40;
	uint64_t value = byte & 0x3f;
	for (unsigned shift = 6; byte & 0x80; shift += 7) {
		byte = take_byte(reader);
		if (shift > 62 || reader->wrong) {
			reader->wrong = reader->wrong ? reader->wrong : "a number is too long";
			return 0;
		}
		value |= (uint64_t)(byte & 0x7f) << shift;
	}
	int64_t number = (int64_t)(value & INT64_MAX);
	return negative ? -number : number;
}

static struct text take_string(struct reader *reader)
{
	const char *start = reader->at, *stop = memchr(start, '\0', (size_t)(reader->end - start));
	if (!stop) {
		reader->wrong = "the input is cut off in a string";
		reader->at = reader->end;
		return (struct text){"", 0};
	}
	reader->at = stop + 1;
	return (struct text){start, (size_t)(stop - start)};
}

/* The place of what a key means; kind 'S': strings, 'F': frames. UINT32_MAX there: not defined. */
static uint32_t *value_of(struct reader *reader, char kind, int64_t key)
{
	struct {
		int64_t pid, key, kind;
	} name = {reader->sample.pid, key, kind};
	uint32_t known = reader->keys.count, number = intern(&reader->keys, (const char *)&name, sizeof name);
	reader->values = mem_grow(reader->values, &reader->value_capacity, (size_t)number + 1, sizeof *reader->values);
	if (number == known)
		reader->values[number] = UINT32_MAX;
	return &reader->values[number];
}

static struct text string_of(struct reader *reader, int64_t key)
{
	uint32_t number = key == 1 ? UINT32_MAX : *value_of(reader, 'S', key);
	return number == UINT32_MAX ? text_of("<unknown>") : reader->texts.names[number];
}

/* ---- samples ---- */

static void end_sample(struct reader *reader)
{
	struct sample *sample = &reader->sample;
	double weight;
	if (!sample->begun)
		return;
	sample->begun = false;
	if (!austin_weight(&sample->values, &weight)) {
		skip_record(&reader->run->skipped, reader->chunk, reader->at,
			"byte %zu: the sample before has no such metric", (size_t)(reader->at - reader->chunk->data));
		return;
	}
	char pid[24];
	snprintf(pid, sizeof pid, "%lld", (long long)sample->pid);
	buffer_clear(&reader->text);
	if (reader->version >= 3)
		buffer_add_format(&reader->text, "%lld:", (long long)sample->iid);
	buffer_add(&reader->text, sample->tid.at, sample->tid.size);
	struct lane lane = {.pid = text_of(pid), .tid = buffer_text(&reader->text)};
	uint32_t thread, node = lane_node(reader->run, reader->stacks, &lane, &thread);
	node = frame_list_up(&reader->frames, reader->stacks, node);
	if (weight > 0)
		stacks_add(reader->stacks, node, weight);
}

static void begin_sample(struct reader *reader)
{
	end_sample(reader);
	reader->frames.count = 0;
	reader->sample = (struct sample){.begun = true, .pid = take_number(reader)};
	if (reader->version >= 3)
		reader->sample.iid = take_number(reader);
	reader->sample.tid = take_string(reader);
}

static void define_frame(struct reader *reader)
{
	int64_t key = take_number(reader), file = take_number(reader), scope = take_number(reader),
		line = take_number(reader);
	for (int i = 0; i < 3 && reader->version >= 2; i++) /* line_end, column, column_end */
		take_number(reader);
	if (reader->wrong)
		return;
	struct text file_text = string_of(reader, file);
	buffer_clear(&reader->text);
	buffer_add(&reader->text, file_text.at, file_text.size);
	buffer_add_char(&reader->text, ':');
	struct text scope_text = string_of(reader, scope);
	buffer_add(&reader->text, scope_text.at, scope_text.size);
	buffer_add_format(&reader->text, ":%lld", (long long)line);
	uint32_t name = austin_frame(reader->stacks, buffer_text(&reader->text));
	*value_of(reader, 'F', key) = name;
}

static void define_string(struct reader *reader)
{
	int64_t key = take_number(reader);
	struct text text = take_string(reader);
	uint32_t number = intern(&reader->texts, text.at, text.size);
	*value_of(reader, 'S', key) = number;
}

static void push(struct reader *reader, struct text name)
{
	frame_list_add(&reader->frames, frame_name(reader->stacks, name));
}

static void push_reference(struct reader *reader)
{
	uint32_t name = *value_of(reader, 'F', take_number(reader));
	if (name == UINT32_MAX)
		push(reader, text_of(":INVALID:"));
	else
		frame_list_add(&reader->frames, name);
}

static void push_kernel(struct reader *reader)
{
	struct text symbol = take_string(reader);
	buffer_clear(&reader->text);
	buffer_add_string(&reader->text, "kernel:");
	buffer_add(&reader->text, symbol.at, symbol.size);
	buffer_add_string(&reader->text, ":0");
	push(reader, buffer_text(&reader->text));
}

static void read_event(struct reader *reader)
{
	struct austin_values *values = &reader->sample.values;
	switch (take_byte(reader)) {
	case METADATA:
		take_string(reader); /* key and value */
		take_string(reader);
		break;
	case STACK:
		begin_sample(reader);
		break;
	case FRAME:
		define_frame(reader);
		break;
	case FRAME_INVALID:
		push(reader, text_of(":INVALID:"));
		break;
	case FRAME_REF:
		push_reference(reader);
		break;
	case FRAME_KERNEL:
		push_kernel(reader);
		break;
	case GC:
		push(reader, text_of(":GC:"));
		break;
	case IDLE:
		values->idle = true;
		break;
	case METRIC_TIME:
		values->time = (double)take_number(reader);
		values->has_time = true;
		break;
	case METRIC_MEMORY:
		values->memory = (double)take_number(reader);
		values->has_memory = true;
		break;
	case STRING:
		define_string(reader);
		break;
	case STRING_REF:
		take_number(reader);
		break;
	default:
		reader->at--;
		reader->wrong = "an unknown kind of event";
	}
}

static bool read_file(struct reader *reader)
{
	reader->at = reader->chunk->data;
	reader->end = reader->at + reader->chunk->size;
	reader->wrong = NULL;
	reader->sample.begun = false;
	if (reader->chunk->size < 4 || memcmp(reader->at, "MOJ", 3) != 0) {
		reader->wrong = "this is no MOJO file";
	} else {
		reader->at += 3;
		reader->version = take_number(reader);
		if (reader->version < 1 || reader->version > 3)
			reader->wrong = "this version of MOJO is not known (1 to 3 are)";
	}
	while (!reader->wrong && reader->at < reader->end)
		read_event(reader);
	if (reader->wrong) {
		report_error("%s: byte %zu: %s: what was read before is used", reader->chunk->file,
			(size_t)(reader->at - reader->chunk->data), reader->wrong);
		return false;
	}
	end_sample(reader);
	return true;
}

bool mojo_read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct chunk chunk = {0};
	bool good = true;
	while (source_chunk(source, source_cut_files, &chunk)) {
		struct reader reader = {.chunk = &chunk, .stacks = stacks, .run = run};
		good &= read_file(&reader);
		frame_list_free(&reader.frames);
		intern_free(&reader.keys);
		intern_free(&reader.texts);
		free(reader.values);
		buffer_free(&reader.text);
	}
	chunk_free(&chunk);
	return good;
}
