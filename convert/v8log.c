/* V8's tick log as JSON: node --prof, then node --prof-process --preprocess. */
#include "convert/converter.h"
#include "convert/frame.h"
#include "convert/json.h"

#include <math.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

static bool ticks;

static const struct opt options[] = {
	{0, "ticks", OPT_FLAG, &ticks, NULL, "Count ticks. Default: time in microseconds.", NULL, 0, false},
	{0},
};

/*
 * {"code":[{"name":"fib","type":"JS","kind":"Opt","func":2}, {"name":"/usr/bin/node","type":"SHARED_LIB"}],
 *  "functions":[{"name":"fib /tmp/a.js:1:13","codes":[0]}],"ticks":[{"tm":12034,"vm":0,"s":[5,0,7,0]}]}
 * s: number of code and offset in turn, the leaf first; -1: unknown. vm: the state (1: garbage collection).
 */

struct reader {
	struct json *json;
	struct run *run;
	struct stacks *stacks;
	struct code {
		uint32_t name;
		double function; /* NAN: none */
	} * codes;
	size_t code_count, code_capacity;
	struct frame_list functions; /* names */
	struct frame_list stack;     /* code numbers of all ticks, leaf first; UINT32_MAX: unknown */
	struct tick {
		double time;
		size_t start, count; /* in `stack` */
		bool collector;
	} * ticks;
	size_t tick_count, tick_capacity;
};

/* "fib", "[libc.so.6]", "RegExp: (a+)+b" */
static uint32_t code_name(struct reader *reader, struct text name, struct text type, struct text kind)
{
	struct buffer text = {0};
	if (text_is(type, "SHARED_LIB")) {
		const char *slash = memrchr(name.at, '/', name.size);
		size_t folder = slash ? (size_t)(slash + 1 - name.at) : 0;
		buffer_add_format(&text, "[%.*s]", (int)(name.size - folder), name.at + folder);
	} else {
		if (text_is(type, "CODE") && kind.size)
			buffer_add_format(&text, "%.*s: ", (int)kind.size, kind.at);
		buffer_add(&text, name.at, name.size);
	}
	uint32_t number = frame_name(reader->stacks, buffer_text(&text));
	buffer_free(&text);
	return number;
}

static void read_code(struct reader *reader)
{
	struct buffer name = {0}, type = {0}, kind = {0};
	struct code code = {.function = NAN};
	struct text key;
	if (json_enter(reader->json, JSON_OBJECT))
		while (json_member(reader->json, &key)) {
			if (text_is(key, "name"))
				json_string(reader->json, &name);
			else if (text_is(key, "type"))
				json_string(reader->json, &type);
			else if (text_is(key, "kind"))
				json_string(reader->json, &kind);
			else if (text_is(key, "func"))
				code.function = json_number(reader->json, NAN);
			else
				json_skip(reader->json);
		}
	code.name = code_name(reader, buffer_text(&name), buffer_text(&type), buffer_text(&kind));
	reader->codes = mem_grow(reader->codes, &reader->code_capacity, reader->code_count + 1, sizeof *reader->codes);
	reader->codes[reader->code_count++] = code;
	buffer_free(&name);
	buffer_free(&type);
	buffer_free(&kind);
}

static void read_function(struct reader *reader)
{
	struct buffer name = {0};
	struct text key;
	if (json_enter(reader->json, JSON_OBJECT))
		while (json_member(reader->json, &key)) {
			if (text_is(key, "name"))
				json_string(reader->json, &name);
			else
				json_skip(reader->json);
		}
	frame_list_add(&reader->functions, frame_name(reader->stacks, buffer_text(&name)));
	buffer_free(&name);
}

static void read_tick(struct reader *reader)
{
	struct tick tick = {.time = NAN, .start = reader->stack.count};
	struct text key;
	if (!json_enter(reader->json, JSON_OBJECT))
		return;
	while (json_member(reader->json, &key)) {
		if (text_is(key, "tm")) {
			tick.time = json_number(reader->json, NAN);
		} else if (text_is(key, "vm")) {
			tick.collector = json_number(reader->json, 0) == 1;
		} else if (!text_is(key, "s")) {
			json_skip(reader->json);
		} else if (json_enter(reader->json, JSON_ARRAY)) {
			for (size_t place = 0; json_element(reader->json); place++) {
				int64_t number = json_integer(reader->json, -1);
				if (place % 2 == 0)
					frame_list_add(&reader->stack,
						number >= 0 && number < UINT32_MAX ? (uint32_t)number : UINT32_MAX);
			}
		}
	}
	tick.count = reader->stack.count - tick.start;
	reader->ticks = mem_grow(reader->ticks, &reader->tick_capacity, reader->tick_count + 1, sizeof *reader->ticks);
	reader->ticks[reader->tick_count++] = tick;
}

static void read_array(struct reader *reader, void (*each)(struct reader *))
{
	if (!json_enter(reader->json, JSON_ARRAY))
		return;
	while (json_element(reader->json))
		each(reader);
}

/* ---- to stacks ---- */

static uint32_t tick_node(struct reader *reader, const struct tick *tick)
{
	uint32_t node = 0;
	for (size_t i = tick->count; i > 0; i--) {
		uint32_t number = reader->stack.names[tick->start + i - 1];
		if (number >= reader->code_count)
			continue;
		const struct code *code = &reader->codes[number];
		bool function = code->function >= 0 && code->function < (double)reader->functions.count;
		node = stacks_child(
			reader->stacks, node, function ? reader->functions.names[(size_t)code->function] : code->name);
	}
	if (!node && !tick->collector)
		node = stacks_child(reader->stacks, node, stacks_name(reader->stacks, "(program)", 9));
	if (tick->collector)
		node = stacks_child(reader->stacks, node, stacks_name(reader->stacks, "(garbage collector)", 19));
	return node;
}

static void add_ticks(struct reader *reader)
{
	double last = 0;
	for (size_t i = 0; i < reader->tick_count; i++) {
		const struct tick *tick = &reader->ticks[i];
		double weight = ticks ? 1 : tick->time - last;
		if (!isnan(tick->time))
			last = tick->time;
		if (isnan(weight))
			json_skipped(reader->json, &reader->run->skipped, "a tick has no time (tm)");
		else if (weight > 0)
			stacks_add(reader->stacks, tick_node(reader, tick), weight);
	}
}

static bool read_log(struct reader *reader)
{
	struct text key;
	if (!json_enter(reader->json, JSON_OBJECT))
		return false;
	while (json_member(reader->json, &key)) {
		if (text_is(key, "code"))
			read_array(reader, read_code);
		else if (text_is(key, "functions"))
			read_array(reader, read_function);
		else if (text_is(key, "ticks"))
			read_array(reader, read_tick);
		else
			json_skip(reader->json);
	}
	add_ticks(reader);
	if (!reader->tick_count)
		report_error("this JSON holds no ticks of V8");
	return reader->tick_count > 0;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct json *json = json_open(source);
	bool good = true;
	while (json_file(json)) {
		struct reader reader = {.json = json, .run = run, .stacks = stacks};
		good &= read_log(&reader);
		free(reader.codes);
		free(reader.ticks);
		frame_list_free(&reader.functions);
		frame_list_free(&reader.stack);
	}
	return json_close(json) && good;
}

static int detect(struct text head)
{
	bool code = text_starts(text_trim(head), "{") && text_find(head, "\"code\"") && text_find(head, "\"type\"");
	return code && (text_find(head, "\"SHARED_LIB\"") || text_find(head, "\"CODE\"")) ? 60 : 0;
}

const struct converter v8log_converter = {
	.name = "v8log",
	.summary = "Converts V8's tick logs (node --prof, preprocessed to JSON) to folded stacks.",
	.examples = "  node --prof app.js; node --prof-process --preprocess isolate*.log > p.json; "
		    "stackcollapse-v8log p.json > out.folded\n",
	.options = options,
	.timed = false,
	.detect = detect,
	.read = read,
};
