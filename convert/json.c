#include "convert/json.h"

#include <endian.h>
#include <math.h>
#include <stdlib.h>
#include <yajl/yajl_parse.h>

#include "common/mem.h"
#include "common/report.h"

/* The input is given to yajl in pieces; the tokens of a piece wait in a queue. Their texts mostly stand in the piece
 * itself; those that yajl had to put together wait in a buffer. */
enum { PIECE_BYTES = 8 * 1024, DEPTH_MAX = 10000 };
static const size_t NOT_QUIET = SIZE_MAX;

struct queued {
	size_t start;
	uint64_t size : 56;
	uint64_t kind : 7;   /* enum json_kind */
	uint64_t copied : 1; /* the text starts in `texts`, else in the chunk */
};

struct json {
	struct source *source;
	struct chunk chunk;
	size_t position; /* in the chunk: what yajl was given */
	yajl_handle parser;
	struct queued *queue;
	size_t head, count, capacity;
	struct buffer texts;
	char *open; /* the brackets that are open, '{' or '[' */
	size_t depth, depth_capacity;
	size_t quiet_above; /* what stands deeper is passed over: no tokens; NOT_QUIET: all wait */
	const char *file;   /* the one that is read, and the number of the line that comes next */
	unsigned long line;
	bool ended; /* nothing more comes from this file */
	bool failed, too_deep, may_be_cut;
	bool have_chunk, any_value;
};

static inline void put(struct json *json, struct queued token)
{
	json->queue = mem_grow(json->queue, &json->capacity, json->count + 1, sizeof *json->queue);
	json->queue[json->count++] = token;
}

static inline int put_kind(struct json *json, enum json_kind kind)
{
	if (json->depth <= json->quiet_above)
		put(json, (struct queued){.kind = kind});
	return 1;
}

static inline int put_text(struct json *json, enum json_kind kind, const char *at, size_t size)
{
	if (json->depth > json->quiet_above)
		return 1;
	uintptr_t start = (uintptr_t)at - (uintptr_t)json->chunk.data;
	if (start < json->chunk.size) {
		put(json, (struct queued){start, size, kind, false});
	} else {
		put(json, (struct queued){json->texts.size, size, kind, true});
		buffer_add(&json->texts, at, size);
	}
	return 1;
}

/* ---- what yajl calls ---- */

static int on_null(void *context)
{
	return put_kind(context, JSON_NULL);
}

static int on_boolean(void *context, int value)
{
	return put_kind(context, value ? JSON_TRUE : JSON_FALSE);
}

static int on_number(void *context, const char *at, size_t size)
{
	return put_text(context, JSON_NUMBER, at, size);
}

static int on_string(void *context, const unsigned char *at, size_t size)
{
	return put_text(context, JSON_STRING, (const char *)at, size);
}

static int on_key(void *context, const unsigned char *at, size_t size)
{
	return put_text(context, JSON_KEY, (const char *)at, size);
}

static int open_bracket(struct json *json, enum json_kind kind, char bracket)
{
	if (json->depth == DEPTH_MAX) {
		json->too_deep = true;
		return 0;
	}
	json->open = mem_grow(json->open, &json->depth_capacity, json->depth + 1, 1);
	json->open[json->depth++] = bracket;
	return put_kind(json, kind);
}

static int close_bracket(struct json *json, enum json_kind kind)
{
	if (--json->depth == json->quiet_above)
		json->quiet_above = NOT_QUIET;
	return put_kind(json, kind);
}

static int on_object(void *context)
{
	return open_bracket(context, JSON_OBJECT, '{');
}

static int on_object_end(void *context)
{
	return close_bracket(context, JSON_OBJECT_END);
}

static int on_array(void *context)
{
	return open_bracket(context, JSON_ARRAY, '[');
}

static int on_array_end(void *context)
{
	return close_bracket(context, JSON_ARRAY_END);
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_start_map = on_object,
	.yajl_map_key = on_key,
	.yajl_end_map = on_object_end,
	.yajl_start_array = on_array,
	.yajl_end_array = on_array_end,
};

/* ---- feeding it ---- */

static void new_parser(struct json *json)
{
	if (json->parser)
		yajl_free(json->parser);
	json->parser = yajl_alloc(&callbacks, NULL, json);
	if (!json->parser)
		die(EXIT_FAILED, "out of memory");
	yajl_config(json->parser, yajl_dont_validate_strings, 1);
	yajl_config(json->parser, yajl_allow_multiple_values, 1);
}

/* Closes what is open, then ends. */
static void end_file(struct json *json)
{
	while (json->depth)
		close_bracket(json, json->open[json->depth - 1] == '{' ? JSON_OBJECT_END : JSON_ARRAY_END);
	json->ended = true;
}

/* A comma before a closing bracket, which some writers leave there, is all that is wrong. */
static bool is_late_comma(const struct json *json, size_t at)
{
	const char *data = json->chunk.data;
	if (at >= json->chunk.size || (data[at] != ']' && data[at] != '}') || !json->depth)
		return false;
	while (at > 0 && strchr(" \t\r\n", data[at - 1]))
		at--;
	return at > 0 && data[at - 1] == ',';
}

static void fail(struct json *json, size_t used)
{
	size_t at = json->position + used;
	if (at > json->chunk.size)
		at = json->chunk.size;
	size_t before = at > 0 ? at - 1 : 0; /* yajl has taken the byte that it does not like */
	if (!json->too_deep && (is_late_comma(json, at) || is_late_comma(json, before))) {
		report_warning("%s:%lu: a comma stands before the closing bracket: what follows is left out",
			json->file, chunk_line(&json->chunk, json->chunk.data + before));
	} else {
		report_error("%s:%lu: %s: what was read before is used", json->file,
			chunk_line(&json->chunk, json->chunk.data + before),
			json->too_deep ? "nested more than 10000 deep" : "this is not JSON");
		json->failed = true;
	}
	end_file(json);
}

static void end_of_input(struct json *json)
{
	if (!json->any_value) {
		report_error("%s: the input is empty", json->file);
		json->failed = true;
	} else if (json->depth || yajl_complete_parse(json->parser) != yajl_status_ok) {
		static const char message[] = "%s:%lu: the input is cut off: what was read before is used";
		if (json->may_be_cut)
			report_warning(message, json->file, json->line);
		else
			report_error(message, json->file, json->line);
		json->failed |= !json->may_be_cut;
	}
	end_file(json);
}

/* Takes the next chunk of this file; false at its end (a new file's first chunk stays for json_file). */
static bool more_of_file(struct json *json)
{
	if (json->chunk.size)
		json->line = chunk_line(&json->chunk, json->chunk.data + json->chunk.size);
	json->have_chunk = source_chunk(json->source, source_cut_bytes, &json->chunk);
	json->position = 0;
	return json->have_chunk && !json->chunk.first;
}

static void fill(struct json *json)
{
	json->head = json->count = 0;
	buffer_clear(&json->texts);
	while (!json->count && !json->ended) {
		if (json->position == json->chunk.size && !more_of_file(json)) {
			end_of_input(json);
			return;
		}
		size_t size = json->chunk.size - json->position;
		if (size > PIECE_BYTES)
			size = PIECE_BYTES;
		const unsigned char *piece = (const unsigned char *)json->chunk.data + json->position;
		yajl_status status = yajl_parse(json->parser, piece, size);
		json->any_value |= json->count > 0 || json->depth > 0;
		if (status != yajl_status_ok)
			fail(json, yajl_get_bytes_consumed(json->parser));
		json->position += size;
	}
}

struct json *json_open(struct source *source)
{
	struct json *json = mem_zero(1, sizeof *json);
	json->source = source;
	json->quiet_above = NOT_QUIET;
	return json;
}

void json_may_be_cut(struct json *json)
{
	json->may_be_cut = true;
}

bool json_close(struct json *json)
{
	bool good = !json->failed;
	if (json->parser)
		yajl_free(json->parser);
	chunk_free(&json->chunk);
	buffer_free(&json->texts);
	free(json->queue);
	free(json->open);
	free(json);
	return good;
}

bool json_file(struct json *json)
{
	while (json->have_chunk && !json->chunk.first) /* what is left of the file before */
		more_of_file(json);
	if (!json->have_chunk && !(json->have_chunk = source_chunk(json->source, source_cut_bytes, &json->chunk)))
		return false;
	json->chunk.first = false;
	json->file = json->chunk.file;
	json->position = json->head = json->count = json->depth = 0;
	json->ended = json->any_value = json->too_deep = false;
	json->quiet_above = NOT_QUIET;
	new_parser(json);
	return true;
}

/* ---- reading ---- */

/* The token that comes next, or NULL. */
static inline const struct queued *front(struct json *json)
{
	if (json->head == json->count)
		fill(json);
	return json->head < json->count ? &json->queue[json->head] : NULL;
}

static inline enum json_kind kind_of(const struct queued *token)
{
	return token ? (enum json_kind)token->kind : JSON_END;
}

static inline struct text text_of_token(const struct json *json, const struct queued *token)
{
	if (!token->size)
		return (struct text){"", 0};
	return (struct text){(token->copied ? json->texts.at : json->chunk.data) + token->start, token->size};
}

struct json_token json_peek(struct json *json)
{
	const struct queued *token = front(json);
	if (!token)
		return (struct json_token){.kind = JSON_END};
	return (struct json_token){kind_of(token), text_of_token(json, token)};
}

struct json_token json_next(struct json *json)
{
	struct json_token token = json_peek(json);
	json->head += token.kind != JSON_END;
	return token;
}

void json_skip(struct json *json)
{
	size_t depth = 0;
	do {
		if (depth && json->head == json->count) { /* what comes of it need not wait, but for its end */
			json->quiet_above = json->depth - depth;
			depth = 1;
		}
		enum json_kind kind = kind_of(front(json));
		if (kind == JSON_END)
			return;
		json->head++;
		depth += kind == JSON_OBJECT || kind == JSON_ARRAY;
		depth -= kind == JSON_OBJECT_END || kind == JSON_ARRAY_END;
	} while (depth);
}

bool json_member(struct json *json, struct text *key)
{
	struct json_token token = json_next(json);
	*key = token.text;
	return token.kind == JSON_KEY;
}

static inline bool element(struct json *json)
{
	enum json_kind kind = kind_of(front(json));
	json->head += kind == JSON_ARRAY_END;
	return kind != JSON_ARRAY_END && kind != JSON_END;
}

bool json_element(struct json *json)
{
	return element(json);
}

/* A value that is not of the kind that was asked for. Where the input is cut off it may be missing. */
static void pass_over(struct json *json, enum json_kind kind)
{
	if (kind != JSON_OBJECT_END && kind != JSON_ARRAY_END)
		json_skip(json);
}

bool json_enter(struct json *json, enum json_kind kind)
{
	enum json_kind next = kind_of(front(json));
	if (next == kind)
		json->head++;
	else
		pass_over(json, next);
	return next == kind;
}

/* The next value as text if it is a string or number; otherwise it is passed over. */
static inline bool scalar(struct json *json, struct text *text)
{
	const struct queued *token = front(json);
	enum json_kind kind = kind_of(token);
	if (kind != JSON_STRING && kind != JSON_NUMBER) {
		pass_over(json, kind);
		return false;
	}
	*text = text_of_token(json, token);
	json->head++;
	return true;
}

/* Up to eight digits that have eight bytes behind their start, all at once: the digits are moved to the high end of a
 * word, then neighbours are put together to numbers below 100, 10^4 and 10^8. */
static inline bool is_word(const char *at, size_t size, int64_t *value)
{
	uint64_t word;
	memcpy(&word, at, sizeof word);
	unsigned unused = 64 - 8 * (unsigned)size;
	word = (le64toh(word) << unused) - (0x3030303030303030u << unused);
	if (((word + 0x7676767676767676u) | word) & 0x8080808080808080u)
		return false;
	word = (word * (1 + (10 << 8))) >> 8 & 0x00ff00ff00ff00ffu;
	word = (word * (1 + (100 << 16))) >> 16 & 0x0000ffff0000ffffu;
	word = (word * (1 + (10000ull << 32))) >> 32;
	*value = (int64_t)word;
	return true;
}

/* Most numbers are a few digits. */
static inline bool is_short_integer(const struct json *json, struct text text, int64_t *value)
{
	enum { MOST_DIGITS = 15 }; /* that a double can hold */
	int64_t whole = 0;
	if (text.size - 1 >= MOST_DIGITS)
		return false;
	if (text.size <= 8 && (uintptr_t)text.at - (uintptr_t)json->chunk.data + 8 <= json->chunk.size)
		return is_word(text.at, text.size, value);
	for (size_t i = 0; i < text.size; i++) {
		unsigned digit = (unsigned)text.at[i] - '0';
		if (digit > 9)
			return false;
		whole = whole * 10 + digit;
	}
	*value = whole;
	return true;
}

double json_number(struct json *json, double none)
{
	struct text text;
	int64_t whole;
	double value;
	if (!scalar(json, &text))
		return none;
	if (is_short_integer(json, text, &whole))
		return (double)whole;
	return text_number(text, true, &value) ? value : none;
}

static inline int64_t integer_of(const struct json *json, struct text text, int64_t none)
{
	int64_t whole;
	double value;
	if (is_short_integer(json, text, &whole))
		return whole;
	return text_number(text, true, &value) && fabs(value) < 0x1p53 ? (int64_t)value : none;
}

int64_t json_integer(struct json *json, int64_t none)
{
	struct text text;
	return scalar(json, &text) ? integer_of(json, text, none) : none;
}

static inline uint32_t index_of(const struct json *json, struct text text)
{
	int64_t whole;
	double value;
	if (is_short_integer(json, text, &whole))
		return whole < JSON_NO_INDEX ? (uint32_t)whole : JSON_NO_INDEX;
	return text_number(text, true, &value) && value >= 0 && value < JSON_NO_INDEX ? (uint32_t)value : JSON_NO_INDEX;
}

void json_add_index(struct json_indices *list, uint32_t index)
{
	list->at = mem_grow(list->at, &list->capacity, list->count + 1, sizeof *list->at);
	list->at[list->count++] = index;
}

void json_indices(struct json *json, struct json_indices *list)
{
	struct text text;
	if (!json_enter(json, JSON_ARRAY))
		return;
	while (element(json))
		json_add_index(list, scalar(json, &text) ? index_of(json, text) : JSON_NO_INDEX);
}

bool json_string(struct json *json, struct buffer *out)
{
	struct text text;
	if (!scalar(json, &text))
		return false;
	buffer_add(out, text.at, text.size);
	return true;
}

void json_skipped(struct json *json, struct skipped *skipped, const char *why)
{
	size_t at = json->position < json->chunk.size ? json->position : json->chunk.size;
	skip_record(skipped, &json->chunk, json->chunk.data + at, "%s", why);
}
