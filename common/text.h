/* Pieces of text, text buffers, and numbers in text. Text is bytes with a length: it may hold any byte. */
#ifndef COMMON_TEXT_H
#define COMMON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A piece of somebody else's text; not NUL-terminated. */
struct text {
	const char *at;
	size_t size;
};
static inline struct text text_of(const char *string)
{
	return (struct text){string, strlen(string)};
}
static inline bool text_is(struct text text, const char *string)
{
	return strlen(string) == text.size && memcmp(text.at, string, text.size) == 0;
}
static inline bool text_starts(struct text text, const char *start)
{
	size_t n = strlen(start);
	return text.size >= n && memcmp(text.at, start, n) == 0;
}
static inline bool text_ends(struct text text, const char *end)
{
	size_t n = strlen(end);
	return text.size >= n && memcmp(text.at + text.size - n, end, n) == 0;
}
/* Asks the memory for the first cache lines of the text. */
static inline void text_prefetch(struct text text)
{
	__builtin_prefetch(text.at);
	__builtin_prefetch(text.at + 64);
}
/* Without blanks (space, tab, CR, LF) at both ends. */
struct text text_trim(struct text text);
/* Where `needle` first stands in the text, or NULL. */
const char *text_find(struct text text, const char *needle);
/* Makes text fit for a frame of folded text: ';' becomes ':', control characters blanks. */
void text_clean_frame(char *at, size_t size);
/* Less, equal, greater than 0 as memcmp; a prefix comes before what it starts. */
int text_compare(struct text a, struct text b);

/* A buffer that grows; all zero is an empty one. `at` is always NUL-terminated once anything was added. */
struct buffer {
	char *at;
	size_t size, capacity;
};
void buffer_add(struct buffer *buffer, const void *bytes, size_t size);
void buffer_add_string(struct buffer *buffer, const char *string);
void buffer_add_char(struct buffer *buffer, char c);
void buffer_add_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Empties it but keeps the memory. */
void buffer_clear(struct buffer *buffer);
void buffer_free(struct buffer *buffer);
static inline struct text buffer_text(const struct buffer *buffer)
{
	return (struct text){buffer->at ? buffer->at : "", buffer->size};
}

/* A decimal number that fills the whole text: digits, one optional '.', optional exponent; a leading '-' only
 * if `negative` is allowed. No blanks, no hex, no inf or nan. Independent of the locale. False if it is none. */
bool text_number(struct text text, bool negative, double *value);
/* An unsigned decimal integer that fills the whole text and fits; false if not. */
bool text_integer(struct text text, uint64_t *value);

/* Room for any integer, with its NUL. */
enum { TEXT_INTEGER_SIZE = 21 };
/* Writes it in decimal; returns the length; NUL-terminates. */
size_t text_from_integer(char out[TEXT_INTEGER_SIZE], uint64_t value);
/* Room for any number text_from_number writes, with its NUL. */
enum { TEXT_NUMBER_SIZE = 40 };
/* Writes the shortest decimal form that reads back as the same double: whole numbers without a fraction or
 * exponent (up to 2^53 exactly; larger ones and fractions as %.17g would, shortened). What is larger than all doubles
 * is written as the largest one, what is no number as 0. Returns the length;
 * NUL-terminates. */
size_t text_from_number(char out[TEXT_NUMBER_SIZE], double value);

/* "s", or "" for one: "%lu line%s". */
static inline const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}
/* How a count's unit is said: "sample" for one of "samples"; all other units as they are. */
const char *text_unit(const char *unit, double count);

/* UTF-8. Decodes the code point at *at (before end) and moves *at behind it; a byte that starts no well-formed
 * sequence gives U+FFFD and moves by one. Surrogates, overlong forms and beyond U+10FFFF are malformed. */
uint32_t utf8_next(const char **at, const char *end);
/* Writes a code point (surrogates and too large ones as U+FFFD); returns its length, 1 to 4. */
size_t utf8_put(char out[4], uint32_t code);

#endif
