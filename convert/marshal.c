#include "convert/marshal.h"

#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

struct value {
	enum { OTHER, NUMBER, TEXT, ITEMS } kind;
	double number;
	struct text text;
	uint32_t *items;
	size_t count, capacity;
};

/* A tuple, list or dictionary that is being read. */
struct open {
	uint32_t value;
	size_t left; /* items that are missing; SIZE_MAX: up to the mark '0' (dictionary) */
};

struct marshal {
	const char *start, *at, *end;
	struct value *values;
	size_t count, capacity;
	uint32_t *references; /* values that later ones may refer to */
	size_t reference_count, reference_capacity;
	uint32_t *strings; /* the same for version 1 and 2's interned strings */
	size_t string_count, string_capacity;
	struct open *open;
	size_t depth, depth_capacity;
	const char *wrong;
};

enum { DEPTH_MAX = 1000, VALUES_MAX = 1 << 28, FLAG_REFERENCE = 0x80 };

static uint32_t new_value(struct marshal *marshal, struct value value)
{
	if (marshal->count >= VALUES_MAX)
		marshal->wrong = "too many values";
	marshal->values = mem_grow(marshal->values, &marshal->capacity, marshal->count + 1, sizeof *marshal->values);
	marshal->values[marshal->count] = value;
	return (uint32_t)marshal->count++;
}

static const char *take(struct marshal *marshal, size_t size)
{
	if ((size_t)(marshal->end - marshal->at) < size) {
		marshal->wrong = "the input is cut off";
		marshal->at = marshal->end;
		return NULL;
	}
	marshal->at += size;
	return marshal->at - size;
}

static uint64_t take_little_endian(struct marshal *marshal, size_t size)
{
	const char *bytes = take(marshal, size);
	uint64_t value = 0;
	for (size_t i = 0; bytes && i < size; i++)
		value |= (uint64_t)(unsigned char)bytes[i] << (8 * i);
	return value;
}

static size_t take_size(struct marshal *marshal, size_t bytes)
{
	uint64_t size = take_little_endian(marshal, bytes);
	if (size > (uint64_t)(marshal->end - marshal->at)) { /* every item takes at least a byte */
		marshal->wrong = marshal->wrong ? marshal->wrong : "a length is larger than the rest";
		return 0;
	}
	return (size_t)size;
}

static uint32_t take_text(struct marshal *marshal, size_t size_bytes)
{
	size_t size = take_size(marshal, size_bytes);
	const char *at = take(marshal, size);
	return new_value(marshal, (struct value){.kind = TEXT, .text = {at ? at : "", size}});
}

static double to_double(uint64_t bits)
{
	double value;
	memcpy(&value, &bits, sizeof value);
	return value;
}

/* A long number: a count of digits of 15 bits, negative for negative numbers. */
static double take_long(struct marshal *marshal)
{
	int32_t count = (int32_t)take_little_endian(marshal, 4);
	double value = 0, place = 1;
	for (int64_t i = 0, digits = count < 0 ? -(int64_t)count : count; i < digits && !marshal->wrong; i++) {
		value += (double)take_little_endian(marshal, 2) * place;
		place *= 32768;
	}
	return count < 0 ? -value : value;
}

/* A number as text: a byte of length, then digits. */
static double take_ascii_number(struct marshal *marshal)
{
	size_t size = take_size(marshal, 1);
	const char *at = take(marshal, size);
	double value = 0;
	if (at)
		text_number((struct text){at, size}, true, &value);
	return value;
}

static uint32_t new_number(struct marshal *marshal, double number)
{
	return new_value(marshal, (struct value){.kind = NUMBER, .number = number});
}

/* Opens a container of so many items. */
static uint32_t open_items(struct marshal *marshal, size_t items)
{
	uint32_t value = new_value(marshal, (struct value){.kind = ITEMS});
	if (marshal->depth == DEPTH_MAX) {
		marshal->wrong = "nested more than 1000 deep";
		return value;
	}
	marshal->open = mem_grow(marshal->open, &marshal->depth_capacity, marshal->depth + 1, sizeof *marshal->open);
	marshal->open[marshal->depth++] = (struct open){value, items};
	return value;
}

static uint32_t refer(struct marshal *marshal, const uint32_t *list, size_t count)
{
	uint64_t index = take_little_endian(marshal, 4);
	if (index < count)
		return list[index];
	marshal->wrong = marshal->wrong ? marshal->wrong : "a reference names a value that was not there";
	return 0;
}

/* Reads the value behind its tag; a container is only opened. */
static uint32_t take_value(struct marshal *marshal, char tag)
{
	switch (tag) {
	case 'N':
	case 'S':
	case '.':
		return new_value(marshal, (struct value){.kind = OTHER});
	case 'T':
	case 'F':
		return new_number(marshal, tag == 'T');
	case 'i':
		return new_number(marshal, (int32_t)take_little_endian(marshal, 4));
	case 'I':
		return new_number(marshal, (double)(int64_t)take_little_endian(marshal, 8));
	case 'l':
		return new_number(marshal, take_long(marshal));
	case 'g':
		return new_number(marshal, to_double(take_little_endian(marshal, 8)));
	case 'f':
		return new_number(marshal, take_ascii_number(marshal));
	case 'z':
	case 'Z':
		return take_text(marshal, 1);
	case 'a':
	case 'A':
	case 'u':
	case 's':
		return take_text(marshal, 4);
	case 't': { /* an interned string: versions 1 and 2 refer to it by R */
		uint32_t value = take_text(marshal, 4);
		marshal->strings = mem_grow(marshal->strings, &marshal->string_capacity, marshal->string_count + 1,
			sizeof *marshal->strings);
		marshal->strings[marshal->string_count++] = value;
		return value;
	}
	case 'R':
		return refer(marshal, marshal->strings, marshal->string_count);
	case 'r':
		return refer(marshal, marshal->references, marshal->reference_count);
	case ')':
		return open_items(marshal, take_size(marshal, 1));
	case '(':
	case '[':
		return open_items(marshal, take_size(marshal, 4));
	case '{':
		return open_items(marshal, SIZE_MAX);
	default:
		marshal->wrong = "an unknown kind of value";
		return 0;
	}
}

static void add_item(struct marshal *marshal, uint32_t value)
{
	struct open *open = &marshal->open[marshal->depth - 1];
	struct value *container = &marshal->values[open->value];
	container->items =
		mem_grow(container->items, &container->capacity, container->count + 1, sizeof *container->items);
	container->items[container->count++] = value;
	if (open->left != SIZE_MAX)
		open->left--;
}

static void close_full(struct marshal *marshal)
{
	while (marshal->depth && marshal->open[marshal->depth - 1].left == 0)
		marshal->depth--;
}

/* Reads a value and, if it is a container, what it holds. */
static void read_all(struct marshal *marshal)
{
	do {
		unsigned char tag = (unsigned char)take_little_endian(marshal, 1);
		bool referable = tag & FLAG_REFERENCE;
		tag &= 0x7f;
		if (marshal->wrong)
			return;
		if (tag == '0' && marshal->depth && marshal->open[marshal->depth - 1].left == SIZE_MAX) {
			marshal->depth--;
			close_full(marshal);
			continue;
		}
		size_t depth = marshal->depth, slot = marshal->reference_count;
		if (referable) {
			marshal->references = mem_grow(marshal->references, &marshal->reference_capacity, slot + 1,
				sizeof *marshal->references);
			marshal->references[marshal->reference_count++] =
				(uint32_t)marshal->count; /* it is made next */
		}
		uint32_t value = take_value(marshal, (char)tag);
		if (marshal->wrong)
			return;
		/* The container around it, which may not be on top any more if this opened one. */
		size_t opened = marshal->depth - depth;
		if (depth) {
			marshal->depth = depth;
			add_item(marshal, value);
			marshal->depth = depth + opened;
		}
		close_full(marshal);
	} while (marshal->depth);
}

struct marshal *marshal_read(struct text data, const char *file)
{
	struct marshal *marshal = mem_zero(1, sizeof *marshal);
	marshal->start = marshal->at = data.at;
	marshal->end = data.at + data.size;
	read_all(marshal);
	if (!marshal->wrong)
		return marshal;
	report_error("%s: byte %zu: %s: this is no whole marshal data", file, (size_t)(marshal->at - marshal->start),
		marshal->wrong);
	marshal_free(marshal);
	return NULL;
}

void marshal_free(struct marshal *marshal)
{
	for (size_t i = 0; i < marshal->count; i++)
		free(marshal->values[i].items);
	free(marshal->values);
	free(marshal->references);
	free(marshal->strings);
	free(marshal->open);
	free(marshal);
}

size_t marshal_count(const struct marshal *marshal, uint32_t value)
{
	return marshal->values[value].count;
}

uint32_t marshal_item(const struct marshal *marshal, uint32_t value, size_t index)
{
	return marshal->values[value].items[index];
}

double marshal_number(const struct marshal *marshal, uint32_t value)
{
	return marshal->values[value].number;
}

struct text marshal_text(const struct marshal *marshal, uint32_t value)
{
	return marshal->values[value].text;
}
