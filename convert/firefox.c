/* Firefox's profiler: the gecko form (also of old devtools and perf's gecko script), and the processed form of
 * profiler.firefox.com. */
#include "convert/converter.h"
#include "convert/frame.h"
#include "convert/json.h"
#include "convert/lanes.h"
#include "convert/timeline.h"

#include <math.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

static const char *only_thread;

static const struct opt options[] = {
	{0, "thread", OPT_STRING, &only_thread, "NAME", "Only threads of this name. Default: all.", NULL, 0, false},
	{0},
};

/*
 * gecko: {"threads":[{"name":"GeckoMain","pid":1,"tid":2,"stringTable":["f
 * (a.js:1)"],"frameTable":{"schema":{"location":0,...},
 *   "data":[[0,...]]},"stackTable":{"schema":{"prefix":0,"frame":1},"data":[[null,0]]},"samples":{"schema":{"stack":0,"time":1},
 *   "data":[[0,12.5]]}}]}, perhaps inside {"profile": ...}
 * processed:
 * {"threads":[{"stringArray":[...],"frameTable":{"func":[0],"line":[3]},"funcTable":{"name":[0],"fileName":[null]},
 *   "stackTable":{"frame":[0],"prefix":[null]},"samples":{"stack":[0],"time":[0],"timeDeltas":[1],"weight":[1]}}]};
 * the newest (version 56 and on) keeps the tables in "shared".
 */

/* A column of a table. */
struct column {
	double *values; /* NAN for null */
	size_t count, capacity;
};

enum table { FRAMES, FUNCTIONS, STACKS, SAMPLES, TABLES };
enum field {
	FRAME_LOCATION,
	FRAME_FUNCTION,
	FRAME_LINE,
	FUNCTION_NAME,
	FUNCTION_FILE,
	STACK_PREFIX,
	STACK_FRAME,
	SAMPLE_STACK,
	SAMPLE_TIME,
	SAMPLE_DELTA,
	SAMPLE_WEIGHT,
	FIELDS
};

static const struct {
	enum table table;
	const char *name;
} fields[FIELDS] = {
	[FRAME_LOCATION] = {FRAMES, "location"},
	[FRAME_FUNCTION] = {FRAMES, "func"},
	[FRAME_LINE] = {FRAMES, "line"},
	[FUNCTION_NAME] = {FUNCTIONS, "name"},
	[FUNCTION_FILE] = {FUNCTIONS, "fileName"},
	[STACK_PREFIX] = {STACKS, "prefix"},
	[STACK_FRAME] = {STACKS, "frame"},
	[SAMPLE_STACK] = {SAMPLES, "stack"},
	[SAMPLE_TIME] = {SAMPLES, "time"},
	[SAMPLE_DELTA] = {SAMPLES, "timeDeltas"},
	[SAMPLE_WEIGHT] = {SAMPLES, "weight"},
};
static const char *const table_names[TABLES] = {"frameTable", "funcTable", "stackTable", "samples"};

struct thread {
	struct buffer name, pid, tid;
	struct column columns[FIELDS];
	struct json_indices indices[FIELDS]; /* instead of them, of columns that refer to rows */
	struct text *strings;
	size_t string_count, string_capacity;
	struct arena bytes;
};

struct reader {
	struct json *json;
	struct run *run;
	struct stacks *stacks;
	struct timeline timeline;
	struct thread *threads;
	size_t count, capacity;
	struct thread shared;
	struct buffer text;
};

/* The columns that are as long as the profile. */
static bool is_index(enum field field)
{
	return field == STACK_PREFIX || field == STACK_FRAME || field == SAMPLE_STACK;
}

static void put(struct thread *thread, enum field field, double value)
{
	struct column *column = &thread->columns[field];
	if (is_index(field)) {
		bool fits = value >= 0 && value < JSON_NO_INDEX;
		json_add_index(&thread->indices[field], fits ? (uint32_t)value : JSON_NO_INDEX);
	} else {
		column->values = mem_grow(column->values, &column->capacity, column->count + 1, sizeof *column->values);
		column->values[column->count++] = value;
	}
}

/* Element `index` of a column of values, or NAN. */
static double at(const struct thread *thread, enum field field, double index)
{
	const struct column *column = &thread->columns[field];
	return index >= 0 && index < (double)column->count ? column->values[(size_t)index] : NAN;
}

/* Element `index` of a column that refers to rows, or JSON_NO_INDEX. */
static uint32_t row_at(const struct thread *thread, enum field field, size_t index)
{
	const struct json_indices *indices = &thread->indices[field];
	return index < indices->count ? indices->at[index] : JSON_NO_INDEX;
}

/* ---- reading ---- */

static void read_strings(struct reader *reader, struct thread *thread)
{
	if (!json_enter(reader->json, JSON_ARRAY))
		return;
	while (json_element(reader->json)) {
		buffer_clear(&reader->text);
		json_string(reader->json, &reader->text);
		char *copy = arena_bytes(&thread->bytes, reader->text.size);
		if (reader->text.size)
			memcpy(copy, reader->text.at, reader->text.size);
		thread->strings = mem_grow(
			thread->strings, &thread->string_capacity, thread->string_count + 1, sizeof *thread->strings);
		thread->strings[thread->string_count++] = (struct text){copy, reader->text.size};
	}
}

/* FIELDS if there is none of that name. */
static int find_field(enum table table, struct text name)
{
	int field = 0;
	while (field < FIELDS && !(fields[field].table == table && text_is(name, fields[field].name)))
		field++;
	return field;
}

/* {"location":0,"line":4}: which place of a row holds which field. */
static void read_schema(struct reader *reader, enum table table, int64_t places[FIELDS])
{
	struct text key;
	if (!json_enter(reader->json, JSON_OBJECT))
		return;
	while (json_member(reader->json, &key)) {
		int field = find_field(table, key);
		if (field < FIELDS)
			places[field] = json_integer(reader->json, -1);
		else
			json_skip(reader->json);
	}
}

/* [[null,0],...] */
static void read_rows(struct reader *reader, struct thread *thread, enum table table, const int64_t places[FIELDS])
{
	if (!json_enter(reader->json, JSON_ARRAY))
		return;
	while (json_element(reader->json)) {
		double values[FIELDS];
		for (int field = 0; field < FIELDS; field++)
			values[field] = NAN;
		if (json_enter(reader->json, JSON_ARRAY))
			for (int64_t place = 0; json_element(reader->json); place++) {
				double value = json_number(reader->json, NAN);
				for (int field = 0; field < FIELDS; field++)
					if (fields[field].table == table && places[field] == place)
						values[field] = value;
			}
		for (int field = 0; field < FIELDS; field++)
			if (fields[field].table == table && places[field] >= 0)
				put(thread, (enum field)field, values[field]);
	}
}

static void read_column(struct reader *reader, struct thread *thread, enum field field)
{
	bool is_time = field == SAMPLE_TIME || field == SAMPLE_DELTA;
	if (is_index(field))
		json_indices(reader->json, &thread->indices[field]);
	else if (is_time && !reader->run->ordered)
		json_skip(reader->json);
	else if (json_enter(reader->json, JSON_ARRAY))
		while (json_element(reader->json))
			put(thread, field, json_number(reader->json, NAN));
}

static void read_table(struct reader *reader, struct thread *thread, enum table table)
{
	/* The old devtools wrote no schema: the places were always these. */
	int64_t places[FIELDS] = {0, -1, -1, -1, -1, 0, 1, 0, 1, -1, -1};
	struct text key;
	if (!json_enter(reader->json, JSON_OBJECT))
		return;
	while (json_member(reader->json, &key)) {
		int field = find_field(table, key);
		if (text_is(key, "schema"))
			read_schema(reader, table, places);
		else if (text_is(key, "data"))
			read_rows(reader, thread, table, places);
		else if (field < FIELDS)
			read_column(reader, thread, (enum field)field);
		else
			json_skip(reader->json);
	}
}

static void read_thread_member(struct reader *reader, struct thread *thread, struct text key)
{
	for (int table = 0; table < TABLES; table++)
		if (text_is(key, table_names[table])) {
			read_table(reader, thread, (enum table)table);
			return;
		}
	if (text_is(key, "stringTable") || text_is(key, "stringArray"))
		read_strings(reader, thread);
	else if (text_is(key, "name"))
		json_string(reader->json, &thread->name);
	else if (text_is(key, "pid"))
		json_string(reader->json, &thread->pid);
	else if (text_is(key, "tid"))
		json_string(reader->json, &thread->tid);
	else
		json_skip(reader->json);
}

static void read_threads(struct reader *reader)
{
	struct text key;
	if (!json_enter(reader->json, JSON_ARRAY))
		return;
	while (json_element(reader->json)) {
		struct thread thread = {0};
		if (json_enter(reader->json, JSON_OBJECT))
			while (json_member(reader->json, &key))
				read_thread_member(reader, &thread, key);
		reader->threads =
			mem_grow(reader->threads, &reader->capacity, reader->count + 1, sizeof *reader->threads);
		reader->threads[reader->count++] = thread;
	}
}

/* The threads stand at the top, or in "profile", or in each of "processes". */
static void read_document(struct reader *reader)
{
	struct text key;
	size_t depth = 0;
	do {
		struct json_token token = json_next(reader->json);
		if (token.kind == JSON_END)
			return;
		depth += token.kind == JSON_OBJECT || token.kind == JSON_ARRAY;
		depth -= token.kind == JSON_OBJECT_END || token.kind == JSON_ARRAY_END;
		if (token.kind != JSON_KEY)
			continue;
		if (text_is(token.text, "threads")) {
			read_threads(reader);
		} else if (text_is(token.text, "shared")) {
			if (json_enter(reader->json, JSON_OBJECT))
				while (json_member(reader->json, &key))
					read_thread_member(reader, &reader->shared, key);
		} else if (!text_is(token.text, "profile") && !text_is(token.text, "processes")) {
			json_skip(reader->json);
		}
	} while (depth);
}

/* ---- to stacks ---- */

static struct text string_at(const struct thread *tables, double index)
{
	return index >= 0 && index < (double)tables->string_count ? tables->strings[(size_t)index]
								  : (struct text){"", 0};
}

/* "name (file:line)" */
static uint32_t frame_of(struct reader *reader, const struct thread *tables, double frame)
{
	double function = at(tables, FRAME_FUNCTION, frame);
	if (isnan(function))
		return frame_name(reader->stacks, string_at(tables, at(tables, FRAME_LOCATION, frame)));
	struct text name = string_at(tables, at(tables, FUNCTION_NAME, function));
	struct text file = string_at(tables, at(tables, FUNCTION_FILE, function));
	double line = at(tables, FRAME_LINE, frame);
	buffer_clear(&reader->text);
	buffer_add(&reader->text, name.at, name.size);
	frame_place(&reader->text, file, line);
	return frame_name(reader->stacks, buffer_text(&reader->text));
}

/* The names of frames that were worked out, + 1; by frame, and the last one of frames that are not there. */
struct names {
	uint32_t *names;
	size_t count;
};

static uint32_t known_frame(struct reader *reader, const struct thread *tables, uint32_t frame, struct names *names)
{
	uint32_t *name = &names->names[frame < names->count ? frame : names->count];
	if (!*name)
		*name = frame_of(reader, tables, frame) + 1;
	return *name - 1;
}

/* The node of each stack below `base`. A prefix must stand before its stacks; others are roots. */
static uint32_t *stack_nodes(struct reader *reader, const struct thread *tables, uint32_t base)
{
	size_t functions = tables->columns[FRAME_FUNCTION].count, locations = tables->columns[FRAME_LOCATION].count;
	struct names names = {.count = functions > locations ? functions : locations};
	names.names = mem_zero(names.count + 1, sizeof *names.names);
	size_t count = tables->indices[STACK_FRAME].count;
	uint32_t *nodes = mem_zero(count + 1, sizeof *nodes);
	for (size_t i = 0; i < count; i++) {
		uint32_t prefix = row_at(tables, STACK_PREFIX, i);
		uint32_t parent = prefix < i ? nodes[prefix] : base;
		uint32_t name = known_frame(reader, tables, row_at(tables, STACK_FRAME, i), &names);
		if (parent == base && text_is(reader->stacks->names.names[name], "(root)"))
			nodes[i] = base;
		else
			nodes[i] = stacks_child(reader->stacks, parent, name);
	}
	free(names.names);
	return nodes;
}

static void add_thread(struct reader *reader, const struct thread *thread)
{
	const struct thread *tables = thread->indices[STACK_FRAME].count ? thread : &reader->shared;
	struct lane lane = {.thread = buffer_text(&thread->name),
		.pid = buffer_text(&thread->pid),
		.tid = buffer_text(&thread->tid)};
	uint32_t name = 0, base = lane_node(reader->run, reader->stacks, &lane, &name);
	uint32_t *nodes = stack_nodes(reader, tables, base);
	double time = 0;
	for (size_t i = 0; i < thread->indices[SAMPLE_STACK].count; i++) {
		uint32_t stack = row_at(thread, SAMPLE_STACK, i);
		double weight = at(thread, SAMPLE_WEIGHT, (double)i), delta = at(thread, SAMPLE_DELTA, (double)i);
		time = isnan(delta) ? at(thread, SAMPLE_TIME, (double)i) : time + delta;
		bool known = stack < tables->indices[STACK_FRAME].count;
		uint32_t node = known ? nodes[stack] : base;
		if (reader->run->ordered)
			timeline_add(&reader->timeline, name, node, time >= 0 ? time * 1000 : -1);
		else if (known)
			stacks_add(reader->stacks, node, weight > 0 ? weight : isnan(weight) ? 1 : 0);
	}
	free(nodes);
}

static void free_thread(struct thread *thread)
{
	buffer_free(&thread->name);
	buffer_free(&thread->pid);
	buffer_free(&thread->tid);
	for (int field = 0; field < FIELDS; field++) {
		free(thread->columns[field].values);
		free(thread->indices[field].at);
	}
	free(thread->strings);
	arena_free(&thread->bytes);
	*thread = (struct thread){0};
}

static bool end_file(struct reader *reader)
{
	bool any = false;
	for (size_t i = 0; i < reader->count; i++) {
		struct thread *thread = &reader->threads[i];
		if (!only_thread || text_is(buffer_text(&thread->name), only_thread)) {
			add_thread(reader, thread);
			any = true;
		}
		free_thread(thread);
	}
	free_thread(&reader->shared);
	reader->count = 0;
	if (!any)
		report_error(
			only_thread ? "there is no thread '%s' in the profile" : "this JSON holds no Firefox profile",
			only_thread);
	return any;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct reader reader = {.json = json_open(source), .run = run, .stacks = stacks};
	bool good = true;
	timeline_begin(&reader.timeline, stacks, run->ordered);
	while (json_file(reader.json)) {
		read_document(&reader);
		good &= end_file(&reader);
	}
	good &= timeline_end(&reader.timeline);
	good &= json_close(reader.json);
	free(reader.threads);
	buffer_free(&reader.text);
	return good;
}

static int detect(struct text head)
{
	if (!text_starts(text_trim(head), "{"))
		return 0;
	if (text_find(head, "\"preprocessedProfileVersion\"") || text_find(head, "\"stackTable\""))
		return 90;
	return text_find(head, "\"processType\"") && text_find(head, "\"stackwalk\"") ? 60 : 0;
}

const struct converter firefox_converter = {
	.name = "firefox",
	.summary = "Converts Firefox profiles (gecko and processed form; samply) to folded stacks.",
	.examples = "  samply record --save-only -o p.json ./program; stackcollapse-firefox --threads p.json > "
		    "out.folded\n",
	.options = options,
	.timed = true,
	.lanes = true,
	.detect = detect,
	.read = read,
};
