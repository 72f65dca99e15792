/* JSON read as a stream of tokens (yajl does the lexing): memory does not grow with the input. */
#ifndef CONVERT_JSON_H
#define CONVERT_JSON_H

#include "common/source.h"

enum json_kind {
	JSON_END, /* of the file */
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_KEY,
	JSON_OBJECT, /* { */
	JSON_OBJECT_END,
	JSON_ARRAY, /* [ */
	JSON_ARRAY_END,
};

struct json_token {
	enum json_kind kind;
	struct text text; /* of strings, keys (unescaped) and numbers; lives until the next token is read */
};

struct json;

/* Reads the files of the source; keeps it. */
struct json *json_open(struct source *source);
/* For formats that say that the end may be missing: a file that is cut off gets a warning, but is good. */
void json_may_be_cut(struct json *json);
/* Frees it. False if any file was not JSON or was cut off (it was reported). */
bool json_close(struct json *json);

/* Goes to the start of the next file; false if there is none. */
bool json_file(struct json *json);
/* Takes the next token. Where a file is cut off, or wrong, or nested more than 10,000 deep, all that is open is closed
 * and JSON_END comes. */
struct json_token json_next(struct json *json);
/* Looks at the next token without taking it. */
struct json_token json_peek(struct json *json);
/* Passes over the next value, whatever it is. */
void json_skip(struct json *json);

/* In an object that was opened by json_next or json_enter: the next key, whose value comes next; false at its end
 * (which is taken). The key lives until the next token is read. */
bool json_member(struct json *json, struct text *key);
/* In an array: true if another element comes next; false at its end (which is taken). */
bool json_element(struct json *json);
/* Opens the next value if it is of that kind (JSON_OBJECT, JSON_ARRAY); otherwise passes over it: false. */
bool json_enter(struct json *json, enum json_kind kind);

/* The next value if it is a number (or a string that holds one); otherwise passes over it: `none`. */
double json_number(struct json *json, double none);
/* The same for whole numbers that fit 53 bits. */
int64_t json_integer(struct json *json, int64_t none);
/* Indices of things; all zero is an empty list, `at` is the caller's to free. */
struct json_indices {
	uint32_t *at;
	size_t count, capacity;
};
#define JSON_NO_INDEX UINT32_MAX
void json_add_index(struct json_indices *list, uint32_t index);
/* The next value if it is an array: appends its elements; what is no number from 0 to 2^32 - 2 becomes JSON_NO_INDEX,
 * fractions are cut off. Otherwise passes over it. */
void json_indices(struct json *json, struct json_indices *list);
/* The next value if it is a string or a number: appends its text to the buffer. Otherwise passes over it: false. */
bool json_string(struct json *json, struct buffer *out);

/* For messages: where the reader is (about: the piece that was read last). */
void json_skipped(struct json *json, struct skipped *skipped, const char *why);

#endif
