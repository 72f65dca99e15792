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
	struct frame_list path;      /* of the tick that is read: code numbers, leaf first */
	struct flat paths;           /* of all ticks, each once, COLLECTOR behind them */
	double last;                 /* time of the tick before */
	bool any;
};

/* In the place of a code number: the garbage collector ran. */
#define COLLECTOR UINT32_MAX

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

/* [5,0,7,0]: 5, 7; unknown ones are left out. */
static void read_path(struct reader *reader)
{
	if (!json_enter(reader->json, JSON_ARRAY))
		return;
	for (size_t place = 0; json_element(reader->json); place++) {
		int64_t number = json_integer(reader->json, -1);
		if (place % 2 == 0 && number >= 0 && number < COLLECTOR)
			frame_list_add(&reader->path, (uint32_t)number);
	}
}

static void read_tick(struct reader *reader)
{
	double time = NAN;
	bool collector = false;
	struct text key;
	if (!json_enter(reader->json, JSON_OBJECT))
		return;
	reader->path.count = 0;
	while (json_member(reader->json, &key)) {
		if (text_is(key, "tm"))
			time = json_number(reader->json, NAN);
		else if (text_is(key, "vm"))
			collector = json_number(reader->json, 0) == 1;
		else if (text_is(key, "s"))
			read_path(reader);
		else
			json_skip(reader->json);
	}
	if (collector)
		frame_list_add(&reader->path, COLLECTOR);
	reader->any = true;
	double weight = ticks ? 1 : time - reader->last;
	if (!isnan(time))
		reader->last = time;
	if (isnan(weight)) {
		json_skipped(reader->json, &reader->run->skipped, "a tick has no time (tm)");
	} else if (weight > 0) {
		uint32_t stack = flat_stack(&reader->paths, reader->path.names, reader->path.count);
		reader->paths.stacks[stack].weight += weight;
	}
}

static void read_array(struct reader *reader, void (*each)(struct reader *))
{
	if (!json_enter(reader->json, JSON_ARRAY))
		return;
	while (json_element(reader->json))
		each(reader);
}

/* ---- to stacks ---- */

static uint32_t node_of(struct reader *reader, const struct flat_stack *stack)
{
	uint32_t node = 0, left = stack->count;
	bool collector = left && stack->names[left - 1] == COLLECTOR;
	for (left -= collector; left > 0; left--) {
		uint32_t number = stack->names[left - 1];
		if (number >= reader->code_count)
			continue;
		const struct code *code = &reader->codes[number];
		bool function = code->function >= 0 && code->function < (double)reader->functions.count;
		node = stacks_child(
			reader->stacks, node, function ? reader->functions.names[(size_t)code->function] : code->name);
	}
	if (!node && !collector)
		node = stacks_child(reader->stacks, node, stacks_name(reader->stacks, "(program)", 9));
	if (collector)
		node = stacks_child(reader->stacks, node, stacks_name(reader->stacks, "(garbage collector)", 19));
	return node;
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
	for (size_t i = 0; i < reader->paths.count; i++) {
		const struct flat_stack *stack = &reader->paths.stacks[i];
		stacks_add(reader->stacks, node_of(reader, stack), stack->weight);
	}
	if (!reader->any)
		report_error("this JSON holds no ticks of V8");
	return reader->any;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct json *json = json_open(source);
	bool good = true;
	while (json_file(json)) {
		struct reader reader = {.json = json, .run = run, .stacks = stacks};
		good &= read_log(&reader);
		free(reader.codes);
		frame_list_free(&reader.functions);
		frame_list_free(&reader.path);
		flat_free(&reader.paths);
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
