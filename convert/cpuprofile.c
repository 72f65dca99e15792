/* V8's CPU profiles: .cpuprofile, new and old, and the timelines of Chrome's DevTools that hold them. */
#include "convert/converter.h"
#include "convert/cpuprofile_model.h"
#include "convert/json.h"

#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

static const char *weight = "time";
static const char *const weights[] = {"time", "samples", "hits", NULL};
static bool no_places, idle;

static const struct opt options[] = {
	{0, "weight", OPT_CHOICE, &weight, "NAME",
		"What is counted: time (microseconds), samples, or the hits that the nodes say. Default: time.",
		weights, 0, false},
	{0, "no-places", OPT_FLAG, &no_places, NULL, "Functions only, without files and lines.", NULL, 0, false},
	{0, "idle", OPT_FLAG, &idle, NULL, "Keep the time in which nothing ran, as (idle).", NULL, 0, false},
	{0},
};

/*
 * {"nodes":[{"id":1,"callFrame":{"functionName":"(root)","scriptId":"0","url":"","lineNumber":-1,"columnNumber":-1},"hitCount":0,
 *   "children":[2]},...],"startTime":1,"endTime":9,"samples":[2,2,3],"timeDeltas":[0,125,130]}
 * old:
 * {"head":{"functionName":"(root)","url":"","lineNumber":0,"id":1,"hitCount":0,"children":[...]},"samples":[...],"timestamps":[...]}
 * timelines: {"traceEvents":[{"ph":"P","name":"Profile","id":"0x1","pid":1,"tid":2,"args":{"data":{"startTime":7}}},
 *   {"ph":"P","name":"ProfileChunk","id":"0x1","args":{"data":{"cpuProfile":{"nodes":[{"id":2,"parent":1,"callFrame":{...}}],
 *   "samples":[2]},"timeDeltas":[10]}}}, {"name":"CpuProfile","args":{"data":{"cpuProfile":{whole profile}}}}]}
 */

struct reader {
	struct json *json;
	struct run *run;
	struct stacks *stacks;
	struct cpuprofile_rules rules;
	struct cpuprofile *profiles; /* one, or those of a timeline by their ids */
	struct intern ids;
	size_t capacity;
	struct intern thread_names; /* "pid/tid" to `names` */
	struct buffer *names;
	size_t name_capacity;
};

static void read_numbers(struct reader *reader, struct cpuprofile *profile, enum cpuprofile_series series)
{
	if (!json_enter(reader->json, JSON_ARRAY))
		return;
	while (json_element(reader->json))
		cpuprofile_number(profile, series, json_number(reader->json, 0));
}

/* ---- nodes ---- */

static void read_call_frame_member(struct reader *reader, struct cpuprofile_node *node, struct text key)
{
	struct json *json = reader->json;
	if (text_is(key, "functionName"))
		json_string(json, &node->function);
	else if (text_is(key, "url"))
		json_string(json, &node->url);
	else if (text_is(key, "lineNumber"))
		node->line = json_integer(json, -1);
	else
		json_skip(json);
}

static void read_call_frame(struct reader *reader, struct cpuprofile_node *node)
{
	struct text key;
	if (!json_enter(reader->json, JSON_OBJECT))
		return;
	while (json_member(reader->json, &key))
		read_call_frame_member(reader, node, key);
}

static void read_children(struct reader *reader, struct cpuprofile_node *node)
{
	if (!json_enter(reader->json, JSON_ARRAY))
		return;
	while (json_element(reader->json))
		cpuprofile_child(node, json_integer(reader->json, -1));
}

static void read_node(struct reader *reader, struct cpuprofile *profile, struct cpuprofile_node *node)
{
	struct text key;
	cpuprofile_clear_node(node);
	if (!json_enter(reader->json, JSON_OBJECT))
		return;
	while (json_member(reader->json, &key)) {
		if (text_is(key, "id"))
			node->id = json_integer(reader->json, -1);
		else if (text_is(key, "parent"))
			node->parent = json_integer(reader->json, -1);
		else if (text_is(key, "hitCount"))
			node->hits = json_number(reader->json, 0);
		else if (text_is(key, "callFrame"))
			read_call_frame(reader, node);
		else if (text_is(key, "children"))
			read_children(reader, node);
		else
			read_call_frame_member(reader, node, key);
	}
	if (!cpuprofile_add(profile, node, reader->stacks, &reader->rules))
		json_skipped(reader->json, &reader->run->skipped, "a node has no id, or one that was there before");
}

static void read_nodes(struct reader *reader, struct cpuprofile *profile)
{
	struct cpuprofile_node node = {0};
	if (!json_enter(reader->json, JSON_ARRAY))
		return;
	while (json_element(reader->json))
		read_node(reader, profile, &node);
	cpuprofile_free_node(&node);
}

/* The old form: a tree of nodes. A node is added where its children begin (V8 writes them last) or where it ends. */
static void read_head(struct reader *reader, struct cpuprofile *profile)
{
	struct json *json = reader->json;
	struct level {
		struct cpuprofile_node node;
		bool added;
	} *levels = NULL;
	size_t depth = 0, capacity = 0, made = 0;
	do {
		struct json_token token = json_next(json);
		struct level *level = depth ? &levels[depth - 1] : NULL;
		if (token.kind == JSON_END) {
			break;
		} else if (token.kind == JSON_OBJECT) {
			int64_t parent = level ? level->node.id : -1;
			levels = mem_grow(levels, &capacity, depth + 1, sizeof *levels);
			if (depth == made)
				levels[made++] = (struct level){0};
			level = &levels[depth++];
			cpuprofile_clear_node(&level->node);
			level->node.parent = parent;
			level->added = false;
		} else if (!level) {
			break; /* no tree */
		} else if (token.kind == JSON_OBJECT_END) {
			if (!level->added)
				cpuprofile_add(profile, &level->node, reader->stacks, &reader->rules);
			depth--;
		} else if (token.kind == JSON_KEY && text_is(token.text, "children")) {
			level->added = cpuprofile_add(profile, &level->node, reader->stacks, &reader->rules);
		} else if (token.kind == JSON_KEY && text_is(token.text, "id")) {
			level->node.id = json_integer(json, -1);
		} else if (token.kind == JSON_KEY && text_is(token.text, "hitCount")) {
			level->node.hits = json_number(json, 0);
		} else if (token.kind == JSON_KEY) {
			read_call_frame_member(reader, &level->node, token.text);
		}
	} while (depth);
	for (size_t i = 0; i < made; i++)
		cpuprofile_free_node(&levels[i].node);
	free(levels);
}

/* ---- profiles ---- */

static void read_profile_member(struct reader *reader, struct cpuprofile *profile, struct text key)
{
	if (text_is(key, "nodes"))
		read_nodes(reader, profile);
	else if (text_is(key, "head"))
		read_head(reader, profile);
	else if (text_is(key, "samples"))
		read_numbers(reader, profile, CPUPROFILE_SAMPLES);
	else if (text_is(key, "timeDeltas"))
		read_numbers(reader, profile, CPUPROFILE_DELTAS);
	else if (text_is(key, "timestamps"))
		read_numbers(reader, profile, CPUPROFILE_TIMES);
	else if (text_is(key, "startTime"))
		profile->start = json_number(reader->json, 0);
	else if (text_is(key, "endTime"))
		profile->end = json_number(reader->json, 0);
	else
		json_skip(reader->json);
}

static struct cpuprofile *profile_of(struct reader *reader, struct text id)
{
	uint32_t known = reader->ids.count, number = intern(&reader->ids, id.at, id.size);
	if (number == known) {
		reader->profiles =
			mem_grow(reader->profiles, &reader->capacity, (size_t)known + 1, sizeof *reader->profiles);
		reader->profiles[number] = (struct cpuprofile){0};
	}
	return &reader->profiles[number];
}

/* {"cpuProfile":{...},"timeDeltas":[...],"startTime":7} */
static void read_data(struct reader *reader, struct cpuprofile *profile)
{
	struct text key;
	if (!json_enter(reader->json, JSON_OBJECT))
		return;
	while (json_member(reader->json, &key)) {
		if (!text_is(key, "cpuProfile")) {
			read_profile_member(reader, profile, key);
			continue;
		}
		if (!json_enter(reader->json, JSON_OBJECT))
			continue;
		while (json_member(reader->json, &key))
			read_profile_member(reader, profile, key);
	}
}

static void set_thread_name(struct reader *reader, const struct buffer *thread, const struct buffer *name)
{
	uint32_t known = reader->thread_names.count;
	uint32_t number = intern(&reader->thread_names, thread->at, thread->size);
	reader->names = mem_grow(reader->names, &reader->name_capacity, (size_t)number + 1, sizeof *reader->names);
	if (number == known)
		reader->names[number] = (struct buffer){0};
	buffer_clear(&reader->names[number]);
	buffer_add(&reader->names[number], name->at, name->size);
}

/* An event's texts; profiles are told apart by their process and id (or thread). */
struct event {
	struct buffer name, pid, tid, id, said_name;
	struct cpuprofile data; /* what its arguments hold */
};

static void read_event_arguments(struct reader *reader, struct event *event)
{
	struct text key;
	if (!json_enter(reader->json, JSON_OBJECT))
		return;
	while (json_member(reader->json, &key)) {
		if (text_is(key, "data"))
			read_data(reader, &event->data);
		else if (text_is(key, "name"))
			json_string(reader->json, &event->said_name);
		else
			json_skip(reader->json);
	}
}

static void use_event(struct reader *reader, struct event *event)
{
	struct text name = buffer_text(&event->name);
	struct buffer thread = {0};
	buffer_add_format(&thread, "%s/%s", event->pid.at ? event->pid.at : "", event->tid.at ? event->tid.at : "");
	if (text_is(name, "thread_name")) {
		set_thread_name(reader, &thread, &event->said_name);
	} else if (text_is(name, "Profile") || text_is(name, "ProfileChunk") || text_is(name, "CpuProfile")) {
		struct buffer id = {0};
		buffer_add_format(&id, "%s/%s", event->pid.at ? event->pid.at : "",
			event->id.size  ? event->id.at
			: event->tid.at ? event->tid.at
					: "");
		struct cpuprofile *profile = profile_of(reader, buffer_text(&id));
		cpuprofile_append(profile, &event->data);
		if (!profile->thread.size)
			buffer_add(&profile->thread, thread.at, thread.size);
		buffer_free(&id);
	}
	buffer_free(&thread);
	cpuprofile_free(&event->data);
}

static void read_events(struct reader *reader)
{
	struct event event = {0};
	struct buffer *buffers[] = {&event.name, &event.pid, &event.tid, &event.id, &event.said_name};
	struct text key;
	if (!json_enter(reader->json, JSON_ARRAY))
		return;
	while (json_element(reader->json)) {
		for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
			buffer_clear(buffers[i]);
		if (!json_enter(reader->json, JSON_OBJECT))
			continue;
		while (json_member(reader->json, &key)) {
			if (text_is(key, "name"))
				json_string(reader->json, &event.name);
			else if (text_is(key, "pid"))
				json_string(reader->json, &event.pid);
			else if (text_is(key, "tid"))
				json_string(reader->json, &event.tid);
			else if (text_is(key, "id"))
				json_string(reader->json, &event.id);
			else if (text_is(key, "args"))
				read_event_arguments(reader, &event);
			else
				json_skip(reader->json);
		}
		use_event(reader, &event);
	}
	for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
		buffer_free(buffers[i]);
}

/* ---- the whole ---- */

static void read_document(struct reader *reader)
{
	struct text key;
	if (json_peek(reader->json).kind == JSON_ARRAY) {
		read_events(reader);
		return;
	}
	if (!json_enter(reader->json, JSON_OBJECT))
		return;
	while (json_member(reader->json, &key)) {
		if (text_is(key, "traceEvents"))
			read_events(reader);
		else
			read_profile_member(reader, profile_of(reader, text_of("")), key);
	}
}

static bool end_file(struct reader *reader)
{
	bool any = false;
	for (uint32_t i = 0; i < reader->ids.count; i++) {
		struct cpuprofile *profile = &reader->profiles[i];
		struct buffer *name = NULL;
		for (uint32_t k = 0; k < reader->thread_names.count; k++)
			if (text_compare(reader->thread_names.names[k], buffer_text(&profile->thread)) == 0)
				name = &reader->names[k];
		any |= cpuprofile_write(profile, name, reader->stacks, reader->run, &reader->rules);
		cpuprofile_free(profile);
	}
	for (uint32_t k = 0; k < reader->thread_names.count; k++)
		buffer_free(&reader->names[k]);
	intern_free(&reader->ids);
	intern_free(&reader->thread_names);
	if (!any)
		report_error("this JSON holds no CPU profile with samples");
	return any;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct reader reader = {
		.json = json_open(source),
		.run = run,
		.stacks = stacks,
		.rules = {.idle = idle,
			.no_places = no_places,
			.weight = *weight == 't'   ? CPUPROFILE_TIME
				  : *weight == 's' ? CPUPROFILE_COUNT
						   : CPUPROFILE_HITS},
	};
	bool good = true;
	while (json_file(reader.json)) {
		read_document(&reader);
		good &= end_file(&reader);
	}
	good &= json_close(reader.json);
	free(reader.profiles);
	free(reader.names);
	return good;
}

static int detect(struct text head)
{
	if (text_find(head, "\"ProfileChunk\"") || text_find(head, "\"CpuProfile\""))
		return 90;
	if (!text_starts(text_trim(head), "{"))
		return 0;
	if (text_find(head, "\"nodes\"") && text_find(head, "\"callFrame\""))
		return 80;
	return text_find(head, "\"head\"") && text_find(head, "\"functionName\"") ? 80 : 0;
}

const struct converter cpuprofile_converter = {
	.name = "cpuprofile",
	.summary = "Converts V8 CPU profiles (.cpuprofile of Node and Chrome, DevTools timelines) to folded stacks; "
		   "weights are microseconds.",
	.examples = "  node --cpu-prof app.js; stackcollapse-cpuprofile *.cpuprofile | flamerender --countname us > "
		    "out.svg\n",
	.options = options,
	.timed = true,
	.lanes = true,
	.detect = detect,
	.read = read,
};
