#include "sampler/linetable.h"

#include <stdlib.h>

#include "common/mem.h"

static void add(struct line_table *table, uint32_t byte, int64_t line)
{
	int32_t value = line > 0 && line < INT32_MAX ? (int32_t)line : 0;
	if (table->count && table->starts[table->count - 1].byte == byte) {
		table->starts[table->count - 1].line = value;
		return;
	}
	if (table->count && table->starts[table->count - 1].line == value)
		return;
	table->starts = mem_grow(table->starts, &table->capacity, table->count + 1, sizeof *table->starts);
	table->starts[table->count++] = (struct line_start){byte, value};
}

/* Pairs: so many bytes later the line is so much higher (the second signed, from 3.6). */
static void decode_lnotab(
	const unsigned char *bytes, size_t size, bool has_signs, int32_t first_line, struct line_table *table)
{
	uint32_t byte = 0;
	int64_t line = first_line;
	add(table, 0, line);
	for (size_t i = 0; i + 1 < size; i += 2) {
		byte += bytes[i];
		line += has_signs ? (int8_t)bytes[i + 1] : bytes[i + 1];
		add(table, byte, line);
	}
}

/* Pairs: a range of so many bytes, before which the line changes by so much; -128: the range has no line. */
static void decode_ranges(const unsigned char *bytes, size_t size, int32_t first_line, struct line_table *table)
{
	uint32_t byte = 0;
	int64_t line = first_line;
	for (size_t i = 0; i + 1 < size; i += 2) {
		int8_t step = (int8_t)bytes[i + 1];
		if (step != -128)
			line += step;
		if (bytes[i])
			add(table, byte, step == -128 ? 0 : line);
		byte += bytes[i];
	}
}

/* Numbers of the location table: 6 bits a byte, lowest first, 0x40 says that more follow. */
static uint32_t next_varint(const unsigned char *bytes, size_t size, size_t *at)
{
	uint32_t value = 0;
	for (unsigned shift = 0; *at < size && shift < 32; shift += 6) {
		unsigned char c = bytes[(*at)++];
		value |= (uint32_t)(c & 63) << shift;
		if (!(c & 64))
			break;
	}
	return value;
}

static int64_t next_signed(const unsigned char *bytes, size_t size, size_t *at)
{
	uint32_t value = next_varint(bytes, size, at);
	return value & 1 ? -(int64_t)(value >> 1) : (int64_t)(value >> 1);
}

/* Entries: 1cccclll, then what the code cccc says; each is for lll + 1 code units of two bytes. */
static void decode_locations(const unsigned char *bytes, size_t size, int32_t first_line, struct line_table *table)
{
	uint32_t byte = 0;
	int64_t line = first_line;
	for (size_t at = 0; at < size;) {
		unsigned char first = bytes[at++];
		unsigned code = first >> 3 & 15;
		if (code == 13 || code == 14)
			line += next_signed(bytes, size, &at);
		else if (code >= 10 && code <= 12)
			line += code - 10;
		add(table, byte, code == 15 ? 0 : line);
		if (code <= 9)
			at += 1;
		else if (code <= 12)
			at += 2;
		else if (code == 14)
			for (int i = 0; i < 3; i++)
				next_varint(bytes, size, &at);
		byte += 2 * ((first & 7) + 1u);
	}
}

void line_table_decode(
	enum line_kind kind, const unsigned char *bytes, size_t size, int32_t first_line, struct line_table *table)
{
	*table = (struct line_table){0};
	if (kind == LINES_LNOTAB || kind == LINES_UNSIGNED)
		decode_lnotab(bytes, size, kind == LINES_LNOTAB, first_line, table);
	else if (kind == LINES_RANGES)
		decode_ranges(bytes, size, first_line, table);
	else
		decode_locations(bytes, size, first_line, table);
}

int32_t line_table_find(const struct line_table *table, uint32_t byte, int32_t first_line)
{
	size_t low = 0, high = table->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (table->starts[middle].byte <= byte)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? table->starts[low - 1].line : first_line;
}

void line_table_free(struct line_table *table)
{
	free(table->starts);
	*table = (struct line_table){0};
}
