#include "common/text.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/mem.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct text text_trim(struct text text)
{
	while (text.size && is_blank(text.at[0]))
		text.at++, text.size--;
	while (text.size && is_blank(text.at[text.size - 1]))
		text.size--;
	return text;
}

const char *text_find(struct text text, const char *needle)
{
	return memmem(text.at, text.size, needle, strlen(needle));
}

void text_clean_frame(char *at, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)at[i];
		at[i] = c == ';' ? ':' : c < ' ' || c == 0x7F ? ' ' : at[i];
	}
}

int text_compare(struct text a, struct text b)
{
	size_t both = a.size < b.size ? a.size : b.size;
	int order = both ? memcmp(a.at, b.at, both) : 0;
	if (order)
		return order;
	return a.size < b.size ? -1 : a.size > b.size;
}

void buffer_add(struct buffer *buffer, const void *bytes, size_t size)
{
	if (buffer->capacity - buffer->size <= size)
		buffer->at = mem_grow(buffer->at, &buffer->capacity, buffer->size + size + 1, 1);
	if (size)
		memcpy(buffer->at + buffer->size, bytes, size);
	buffer->size += size;
	buffer->at[buffer->size] = '\0';
}

void buffer_add_string(struct buffer *buffer, const char *string)
{
	buffer_add(buffer, string, strlen(string));
}

void buffer_add_char(struct buffer *buffer, char c)
{
	buffer_add(buffer, &c, 1);
}

void buffer_add_format(struct buffer *buffer, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int need = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (need >= 0) {
		buffer->at = mem_grow(buffer->at, &buffer->capacity, buffer->size + (size_t)need + 1, 1);
		vsnprintf(buffer->at + buffer->size, (size_t)need + 1, format, again);
		buffer->size += (size_t)need;
	}
	va_end(again);
}

void buffer_clear(struct buffer *buffer)
{
	buffer->size = 0;
	if (buffer->at)
		buffer->at[0] = '\0';
}

void buffer_free(struct buffer *buffer)
{
	free(buffer->at);
	*buffer = (struct buffer){0};
}

bool text_integer(struct text text, uint64_t *value)
{
	enum { ALWAYS_FIT = 19 }; /* digits */
	uint64_t sum = 0;
	if (!text.size)
		return false;
	for (size_t i = 0; i < text.size; i++) {
		unsigned digit = (unsigned char)text.at[i] - (unsigned)'0';
		if (digit > 9 || (i >= ALWAYS_FIT && sum > (UINT64_MAX - digit) / 10))
			return false;
		sum = sum * 10 + digit;
	}
	*value = sum;
	return true;
}

static size_t digits(struct text text, size_t from)
{
	size_t i = from;
	while (i < text.size && (unsigned char)text.at[i] - (unsigned)'0' <= 9)
		i++;
	return i - from;
}

/* -1.5e+10: sign, digits, '.', digits, exponent; at least one digit before the exponent. */
static bool is_number(struct text text, bool negative)
{
	size_t i = negative && text.size && text.at[0] == '-';
	size_t whole = digits(text, i), fraction = 0;
	i += whole;
	if (i < text.size && text.at[i] == '.') {
		fraction = digits(text, i + 1);
		i += 1 + fraction;
	}
	if (whole + fraction == 0)
		return false;
	if (i < text.size && (text.at[i] == 'e' || text.at[i] == 'E')) {
		i++;
		if (i < text.size && (text.at[i] == '+' || text.at[i] == '-'))
			i++;
		size_t exponent = digits(text, i);
		if (!exponent)
			return false;
		i += exponent;
	}
	return i == text.size;
}

/* "12", "12.345": up to 15 digits are exact as a whole number, a power of ten up to 22 is too, and so their quotient is
 * rounded as it must be. */
static bool short_number(struct text text, double *value)
{
	static const double powers[] = {
		1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
	enum { EXACT_DIGITS = 15 };
	size_t i = 0, whole, fraction = 0;
	uint64_t number = 0;
	if (text.size > EXACT_DIGITS + 1)
		return false;
	for (; i < text.size && (unsigned char)text.at[i] - (unsigned)'0' <= 9; i++)
		number = number * 10 + (uint64_t)(text.at[i] - '0');
	whole = i;
	if (whole && i < text.size && text.at[i] == '.')
		for (i++; i < text.size && (unsigned char)text.at[i] - (unsigned)'0' <= 9; i++, fraction++)
			number = number * 10 + (uint64_t)(text.at[i] - '0');
	if (!whole || i != text.size || whole + fraction > EXACT_DIGITS)
		return false;
	*value = fraction ? (double)number / powers[fraction] : (double)number;
	return true;
}

bool text_number(struct text text, bool negative, double *value)
{
	if (short_number(text, value))
		return true;
	char copy[512];
	if (text.size >= sizeof copy || !is_number(text, negative))
		return false;
	memcpy(copy, text.at, text.size);
	copy[text.size] = '\0';
	double number = strtod(copy, NULL);
	if (!isfinite(number))
		return false;
	*value = number;
	return true;
}

/* Two digits at a time. */
static const char digit_pairs[] = "0001020304050607080910111213141516171819202122232425262728293031323334353637383940"
				  "4142434445464748495051525354555657585960616263646566676869707172737475767778798081"
				  "828384858687888990919293949596979899 ";

/* Below 100: one digit or two; returns how many. */
static inline size_t first_digits(char *out, size_t value)
{
	memcpy(out, digit_pairs + 2 * value + (value < 10), 2);
	return 1 + (value >= 10);
}

size_t text_from_integer(char out[TEXT_INTEGER_SIZE], uint64_t value)
{
	uint8_t pairs[TEXT_INTEGER_SIZE / 2]; /* all but the first, the last one first */
	size_t count = 0;
	for (; value > UINT32_MAX; value /= 100)
		pairs[count++] = (uint8_t)(value % 100);
	uint32_t small = (uint32_t)value; /* is divided faster */
	for (; small >= 100; small /= 100)
		pairs[count++] = (uint8_t)(small % 100);
	size_t size = first_digits(out, small);
	while (count) {
		memcpy(out + size, digit_pairs + 2 * pairs[--count], 2);
		size += 2;
	}
	out[size] = '\0';
	return size;
}

/* Fractions of up to three digits, which are nearly all; 0 if it is not one. The quotient of two exact numbers is the
 * double nearest to the decimal fraction: that reads back as the same. */
static size_t write_short_fraction(char *out, double value)
{
	static const double units[] = {10, 100, 1000};
	if (!(value >= 0 && value < 1e9))
		return 0;
	for (size_t digits = 1; digits <= 3; digits++) {
		double unit = units[digits - 1];
		int64_t all = (int64_t)(value * unit + 0.5);
		if ((double)all / unit != value)
			continue;
		size_t size = text_from_integer(out, (uint64_t)value);
		out[size] = '.';
		for (size_t i = digits; i > 0; i--, all /= 10)
			out[size + i] = (char)('0' + all % 10);
		out[size + digits + 1] = '\0';
		return size + digits + 1;
	}
	return 0;
}

const char *text_unit(const char *unit, double count)
{
	return count == 1 && strcmp(unit, "samples") == 0 ? "sample" : unit;
}

size_t text_from_number(char out[TEXT_NUMBER_SIZE], double value)
{
	if (value >= 0 && value <= 9007199254740992.0 && (double)(int64_t)value == value)
		return text_from_integer(out, (uint64_t)(int64_t)value);
	size_t short_size = write_short_fraction(out, value);
	if (short_size)
		return short_size;
	if (!isfinite(value)) /* a sum of numbers that each fit */
		value = isnan(value) ? 0 : copysign(DBL_MAX, value);
	if (value == floor(value) && fabs(value) < 1e37)
		return (size_t)snprintf(out, TEXT_NUMBER_SIZE, "%.0f", value);
	int size = 0;
	for (int precision = 15; precision <= 17; precision++) {
		size = snprintf(out, TEXT_NUMBER_SIZE, "%.*g", precision, value);
		if (strtod(out, NULL) == value)
			break;
	}
	return (size_t)size;
}

/* Length of the sequence that starts with `first` and the bits of it that count; 0 for no lead byte. */
static size_t lead(unsigned char first, uint32_t *bits)
{
	if (first < 0x80) {
		*bits = first;
		return 1;
	}
	if (first >= 0xC2 && first <= 0xDF) {
		*bits = first & 0x1F;
		return 2;
	}
	if (first >= 0xE0 && first <= 0xEF) {
		*bits = first & 0x0F;
		return 3;
	}
	if (first >= 0xF0 && first <= 0xF4) {
		*bits = first & 0x07;
		return 4;
	}
	return 0;
}

uint32_t utf8_next(const char **at, const char *end)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *bytes = (const unsigned char *)*at;
	uint32_t code = 0;
	size_t size = lead(bytes[0], &code);
	(*at)++;
	if (size == 0 || (size_t)(end - (const char *)bytes) < size)
		return 0xFFFD;
	for (size_t i = 1; i < size; i++) {
		if ((bytes[i] & 0xC0) != 0x80)
			return 0xFFFD;
		code = code << 6 | (bytes[i] & 0x3F);
	}
	if (code < least[size] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
		return 0xFFFD;
	*at = (const char *)bytes + size;
	return code;
}

size_t utf8_put(char out[4], uint32_t code)
{
	if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
		code = 0xFFFD;
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = size - 1; i > 0; i--, code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3F));
	out[0] = (char)((0xF00 >> size & 0xFF) | code);
	return size;
}
