/* pprof's protocol buffers, gzipped or not. */
#include "convert/converter.h"
#include "convert/frame.h"
#include "convert/idmap.h"
#include "convert/protobuf.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

static const char *sample_index;
static struct opt_list tag_roots;
static bool places;

static const struct opt options[] = {
	{0, "sample-index", OPT_STRING, &sample_index, "NAME|N",
		"Which value is counted: its type (samples, cpu, alloc_space ...) or number from 0. Default: the "
		"profile's own, else the "
		"last.",
		NULL, 0, false},
	{0, "tag-root", OPT_LIST, &tag_roots, "KEY",
		"Put the label KEY (thread, pid ...) as a root frame (may be repeated).", NULL, 0, false},
	{0, "places", OPT_FLAG, &places, NULL, "Frames say file and line: name (file:line).", NULL, 0, false},
	{0},
};

/*
 * Profile {1 sample_type{1 type,2 unit}; 2 sample{1 location_id, leaf first; 2 value; 3 label{1 key,2 str,3 num}}; 3
 * mapping{1 id,5 file}; 4 location{1 id,2 mapping_id,3 address,4 line{1 function_id,2 line}, innermost first}; 5
 * function{1 id,2 name,4 filename}; 6 string_table; 14 default_sample_type}
 */

struct location {
	struct frame_list names; /* innermost first */
};

struct reader {
	struct stacks *stacks;
	struct run *run;
	const struct chunk *chunk;
	struct text *strings;
	size_t string_count, string_capacity;
	struct value_type {
		uint64_t type, unit;
	} * types;
	size_t type_count, type_capacity;
	uint64_t default_type;
	struct text *mappings, *functions, *locations, *samples; /* messages */
	size_t mapping_count, mapping_capacity, function_count, function_capacity, location_count, location_capacity,
		sample_count, sample_capacity;
	struct idmap mapping_ids, function_ids, location_ids;
	struct location *frames; /* of the locations */
	size_t value;            /* the column that is counted */
	struct frame_list stack;
	struct buffer text;
};

static void keep(struct text **list, size_t *count, size_t *capacity, struct text text)
{
	*list = mem_grow(*list, capacity, *count + 1, sizeof **list);
	(*list)[(*count)++] = text;
}

static struct text string_at(const struct reader *reader, uint64_t index)
{
	return index < reader->string_count ? reader->strings[index] : (struct text){"", 0};
}

static void complain(struct reader *reader, const char *at, const char *why)
{
	skip_record(&reader->run->skipped, reader->chunk, at, "byte %zu: %s", (size_t)(at - reader->chunk->data), why);
}

static void read_type(struct reader *reader, struct text message)
{
	struct value_type type = {0};
	struct protobuf_field field;
	while (protobuf_next(&message, &field)) {
		if (field.number == 1)
			type.type = field.value;
		else if (field.number == 2)
			type.unit = field.value;
	}
	reader->types = mem_grow(reader->types, &reader->type_capacity, reader->type_count + 1, sizeof *reader->types);
	reader->types[reader->type_count++] = type;
}

/* Cuts the profile into its messages; false, with what was cut, where it is no protocol buffer. */
static bool cut_profile(struct reader *reader, struct text message)
{
	struct protobuf_field field;
	while (message.size) {
		const char *at = message.at;
		if (!protobuf_next(&message, &field)) {
			report_error("%s: byte %zu: the profile is cut off or broken here: what was read before is "
				     "used",
				reader->chunk->file, (size_t)(at - reader->chunk->data));
			return false;
		}
		switch (field.number) {
		case 1:
			read_type(reader, field.bytes);
			break;
		case 2:
			keep(&reader->samples, &reader->sample_count, &reader->sample_capacity, field.bytes);
			break;
		case 3:
			keep(&reader->mappings, &reader->mapping_count, &reader->mapping_capacity, field.bytes);
			break;
		case 4:
			keep(&reader->locations, &reader->location_count, &reader->location_capacity, field.bytes);
			break;
		case 5:
			keep(&reader->functions, &reader->function_count, &reader->function_capacity, field.bytes);
			break;
		case 6:
			keep(&reader->strings, &reader->string_count, &reader->string_capacity, field.bytes);
			break;
		case 14:
			reader->default_type = field.value;
			break;
		default:
			break;
		}
	}
	return true;
}

/* Field 1 of mappings, functions and locations. */
static void index_ids(struct reader *reader, struct idmap *map, const struct text *messages, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct text message = messages[i];
		struct protobuf_field field;
		uint64_t id = 0;
		while (protobuf_next(&message, &field))
			if (field.number == 1)
				id = field.value;
		if (!idmap_add(map, id, (uint32_t)i))
			complain(reader, messages[i].at, "an id is there twice: the first one holds");
	}
}

static const struct text *message_of(const struct idmap *map, const struct text *messages, uint64_t id)
{
	int64_t number = idmap_find(map, id);
	return number < 0 ? NULL : &messages[number];
}

/* ---- frames ---- */

/* "name", or with places "name (file:line)". */
static uint32_t line_name(struct reader *reader, struct text line)
{
	uint64_t function_id = 0, number = 0, name = 0, file = 0;
	struct protobuf_field field;
	while (protobuf_next(&line, &field)) {
		if (field.number == 1)
			function_id = field.value;
		else if (field.number == 2)
			number = field.value;
	}
	const struct text *found = message_of(&reader->function_ids, reader->functions, function_id);
	struct text function = found ? *found : (struct text){0};
	while (protobuf_next(&function, &field)) {
		if (field.number == 2)
			name = field.value;
		else if (field.number == 4)
			file = field.value;
	}
	struct text text = string_at(reader, name), file_text = string_at(reader, file);
	if (!places || !file_text.size)
		return frame_name(reader->stacks, text);
	buffer_clear(&reader->text);
	buffer_add(&reader->text, text.at, text.size);
	frame_place(&reader->text, file_text, (double)number);
	return frame_name(reader->stacks, buffer_text(&reader->text));
}

/* A location without symbols: "[mapping]", or its address. */
static uint32_t bare_name(struct reader *reader, uint64_t mapping_id, uint64_t address)
{
	const struct text *found = message_of(&reader->mapping_ids, reader->mappings, mapping_id);
	struct text mapping = found ? *found : (struct text){0}, file = {0};
	struct protobuf_field field;
	while (protobuf_next(&mapping, &field))
		if (field.number == 5)
			file = string_at(reader, field.value);
	buffer_clear(&reader->text);
	if (file.size) {
		const char *slash = memrchr(file.at, '/', file.size), *start = slash ? slash + 1 : file.at;
		buffer_add_format(&reader->text, "[%.*s]", (int)(file.at + file.size - start), start);
	} else {
		buffer_add_format(&reader->text, "0x%llx", (unsigned long long)address);
	}
	return frame_name(reader->stacks, buffer_text(&reader->text));
}

/* A location has so many inlined frames at most that a small profile cannot make stacks of any size. */
static void read_location(struct reader *reader, struct text message, struct location *out)
{
	enum { INLINED_KEPT = 256 };
	uint64_t mapping = 0, address = 0;
	const char *start = message.at;
	bool too_many = false;
	struct protobuf_field field;
	while (protobuf_next(&message, &field)) {
		if (field.number == 2)
			mapping = field.value;
		else if (field.number == 3)
			address = field.value;
		else if (field.number == 4 && out->names.count < INLINED_KEPT)
			frame_list_add(&out->names, line_name(reader, field.bytes));
		else if (field.number == 4)
			too_many = true;
	}
	if (too_many)
		complain(reader, start, "a location has more than 256 inlined frames: the others are left out");
	if (!out->names.count)
		frame_list_add(&out->names, bare_name(reader, mapping, address));
}

/* ---- samples ---- */

static void add_location(struct reader *reader, uint64_t id)
{
	int64_t number = idmap_find(&reader->location_ids, id);
	if (number < 0) {
		frame_list_add(&reader->stack, stacks_name(reader->stacks, "[unknown]", 9));
		return;
	}
	const struct location *location = &reader->frames[number];
	for (size_t i = 0; i < location->names.count; i++)
		frame_list_add(&reader->stack, location->names.names[i]);
}

/* The label's value if it has that key: a string, or a number with its unit. */
static bool label_value(struct reader *reader, struct text label, const char *key)
{
	struct protobuf_field field;
	uint64_t name = 0, text = 0;
	int64_t number = 0;
	while (protobuf_next(&label, &field)) {
		if (field.number == 1)
			name = field.value;
		else if (field.number == 2)
			text = field.value;
		else if (field.number == 3)
			number = (int64_t)field.value;
	}
	if (!text_is(string_at(reader, name), key))
		return false;
	struct text value = string_at(reader, text);
	buffer_clear(&reader->text);
	if (value.size)
		buffer_add(&reader->text, value.at, value.size);
	else
		buffer_add_format(&reader->text, "%s %lld", key, (long long)number);
	return true;
}

/* The root frames that --tag-root asks for. */
static uint32_t tag_node(struct reader *reader, struct text sample)
{
	uint32_t node = 0;
	for (size_t i = 0; i < tag_roots.count; i++) {
		struct text rest = sample;
		struct protobuf_field field;
		bool found = false;
		while (!found && protobuf_next(&rest, &field))
			found = field.number == 3 && label_value(reader, field.bytes, tag_roots.items[i]);
		if (!found) {
			buffer_clear(&reader->text);
			buffer_add_format(&reader->text, "(no %s)", tag_roots.items[i]);
		}
		node = frame_child(reader->stacks, node, buffer_text(&reader->text));
	}
	return node;
}

static void add_sample(struct reader *reader, struct text sample)
{
	struct text rest = sample;
	struct protobuf_field field;
	uint64_t number;
	size_t values = 0;
	double weight = 0;
	reader->stack.count = 0;
	while (protobuf_next(&rest, &field)) {
		if (field.number != 1 && field.number != 2)
			continue;
		while (protobuf_repeated(&field, &number)) {
			if (field.number == 1)
				add_location(reader, number);
			else if (values++ == reader->value)
				weight = (double)(int64_t)number;
		}
	}
	if (values <= reader->value)
		complain(reader, sample.at, "a sample has no value of this kind");
	else if (weight > 0)
		stacks_add(reader->stacks, frame_list_down(&reader->stack, reader->stacks, tag_node(reader, sample)),
			weight);
	else if (weight < 0)
		complain(reader, sample.at, "a sample has a negative value: it is left out");
}

/* ---- the whole ---- */

static bool choose_value(struct reader *reader)
{
	uint64_t number;
	reader->value = reader->type_count ? reader->type_count - 1 : 0;
	for (size_t i = 0; i < reader->type_count; i++)
		if (reader->default_type && reader->types[i].type == reader->default_type)
			reader->value = i;
	if (!sample_index)
		return true;
	for (size_t i = 0; i < reader->type_count; i++)
		if (text_is(string_at(reader, reader->types[i].type), sample_index)) {
			reader->value = i;
			return true;
		}
	if (text_integer(text_of(sample_index), &number) && number < reader->type_count) {
		reader->value = (size_t)number;
		return true;
	}
	struct buffer names = {0};
	for (size_t i = 0; i < reader->type_count; i++) {
		struct text name = string_at(reader, reader->types[i].type);
		buffer_add_format(&names, "%s%.*s", i ? ", " : "", (int)name.size, name.at);
	}
	report_error("%s: the profile has no value '%s': it has %s", reader->chunk->file, sample_index,
		names.at ? names.at : "none");
	buffer_free(&names);
	return false;
}

static bool read_profile(struct reader *reader)
{
	struct text whole = {reader->chunk->data, reader->chunk->size};
	bool good = cut_profile(reader, whole);
	if (!reader->sample_count && !reader->string_count) {
		report_error("%s: this is no pprof profile", reader->chunk->file);
		return false;
	}
	if (!choose_value(reader))
		return false;
	index_ids(reader, &reader->mapping_ids, reader->mappings, reader->mapping_count);
	index_ids(reader, &reader->function_ids, reader->functions, reader->function_count);
	index_ids(reader, &reader->location_ids, reader->locations, reader->location_count);
	reader->frames = mem_zero(reader->location_count + 1, sizeof *reader->frames);
	for (size_t i = 0; i < reader->location_count; i++)
		read_location(reader, reader->locations[i], &reader->frames[i]);
	for (size_t i = 0; i < reader->sample_count; i++)
		add_sample(reader, reader->samples[i]);
	return good;
}

static void free_reader(struct reader *reader)
{
	for (size_t i = 0; reader->frames && i < reader->location_count; i++)
		frame_list_free(&reader->frames[i].names);
	free(reader->frames);
	free(reader->strings);
	free(reader->types);
	free(reader->mappings);
	free(reader->functions);
	free(reader->locations);
	free(reader->samples);
	idmap_free(&reader->mapping_ids);
	idmap_free(&reader->function_ids);
	idmap_free(&reader->location_ids);
	frame_list_free(&reader->stack);
	buffer_free(&reader->text);
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct chunk chunk = {0};
	bool good = true;
	while (source_chunk(source, source_cut_files, &chunk)) {
		struct reader reader = {.stacks = stacks, .run = run, .chunk = &chunk};
		good &= read_profile(&reader);
		free_reader(&reader);
	}
	chunk_free(&chunk);
	return good;
}

/* Fields that a profile has, of the right kinds, with a sample type among them; the last one may be cut off. */
static int detect(struct text head)
{
	static const bool has_bytes[16] = {
		[1] = true, [2] = true, [3] = true, [4] = true, [5] = true, [6] = true, [11] = true, [15] = true};
	struct protobuf_field field, inner;
	bool has_type = false;
	int fields = 0;
	while (protobuf_next(&head, &field)) {
		if (field.number == 13)
			continue; /* numbers, packed or not */
		if (field.number > 15 || field.has_bytes != has_bytes[field.number])
			return 0;
		fields++;
		struct text type = field.bytes;
		if (field.number == 1)
			has_type |= protobuf_next(&type, &inner) && !inner.has_bytes;
	}
	return has_type && fields >= 3 ? 60 : 0;
}

const struct converter pprof_converter = {
	.name = "pprof",
	.summary = "Converts pprof profiles (protocol buffers) to folded stacks.",
	.examples = "  curl -s localhost:6060/debug/pprof/profile > cpu.pb.gz; stackcollapse-pprof --sample-index cpu "
		    "cpu.pb.gz > out.folded\n",
	.options = options,
	.detect = detect,
	.read = read,
};
