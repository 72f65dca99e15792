/* speedscope's own file format. */
#include "convert/converter.h"
#include "convert/frame.h"
#include "convert/json_frame.h"
#include "convert/lanes.h"

#include <math.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

static const char *only;
static bool no_places;

static const struct opt options[] = {
	{0, "profile", OPT_STRING, &only, "NAME|N",
		"Only the profile of this name or number (from 0). Default: all, summed.", NULL, 0, false},
	{0, "no-places", OPT_FLAG, &no_places, NULL, "Functions only, without files and lines.", NULL, 0, false},
	{0},
};

/*
 * {"$schema":"https://www.speedscope.app/file-format-schema.json","shared":{"frames":[{"name":"f","file":"a.py","line":3}]},
 *  "profiles":[{"type":"sampled","name":"t","unit":"seconds","startValue":0,"endValue":1,"samples":[[0,1]],"weights":[0.01]},
 *   {"type":"evented","name":"t","unit":"none","startValue":0,"endValue":9,"events":[{"type":"O","frame":0,"at":0},...]}]}
 * Frames may come behind the profiles: what profiles say is kept until then.
 */

struct sample {
	uint32_t stack; /* number in `sampled` */
	double weight;
};

struct profile {
	struct buffer name;
	double factor; /* of its unit, to nanoseconds; 1 for other units */
	bool is_time;
	double start;
	struct sample *samples;
	size_t count, capacity, weights;
	struct edge {
		double at;
		uint32_t frame;
		bool opens;
	} * edges;
	size_t edge_count, edge_capacity;
};

struct reader {
	struct json *json;
	struct run *run;
	struct stacks *stacks;
	struct json_frames shared;
	uint32_t *frames; /* names */
	size_t frame_count, frame_capacity;
	struct profile *profiles;
	size_t profile_count, profile_capacity;
	struct flat sampled; /* stacks of samples: indices of frames, root first */
	struct json_indices indices, other_indices;
	struct frame_list path;
	struct buffer text;
};

/* ---- frames ---- */

static const struct json_frame_keys frame_keys = {"name", "file", "line", 1, NULL};

static void read_frame(struct reader *reader)
{
	reader->frames =
		mem_grow(reader->frames, &reader->frame_capacity, reader->frame_count + 1, sizeof *reader->frames);
	reader->frames[reader->frame_count++] = json_frame(reader->json, &reader->shared, !no_places, reader->stacks);
}

static void read_shared(struct reader *reader)
{
	struct text key;
	if (!json_enter(reader->json, JSON_OBJECT))
		return;
	while (json_member(reader->json, &key)) {
		if (!text_is(key, "frames")) {
			json_skip(reader->json);
		} else if (json_enter(reader->json, JSON_ARRAY)) {
			while (json_element(reader->json))
				read_frame(reader);
		}
	}
}

/* ---- profiles ---- */

static uint32_t frame_index(struct reader *reader)
{
	int64_t index = json_integer(reader->json, -1);
	return index < 0 || index >= UINT32_MAX ? UINT32_MAX : (uint32_t)index;
}

static void add_sample(struct reader *reader, struct profile *profile, const struct json_indices *path)
{
	struct sample sample = {flat_stack(&reader->sampled, path->at, path->count), NAN};
	if (profile->count < profile->weights) /* weights came first */
		sample.weight = profile->samples[profile->count].weight;
	profile->samples = mem_grow(profile->samples, &profile->capacity, profile->count + 1, sizeof *profile->samples);
	profile->samples[profile->count++] = sample;
}

/* While the memory brings what a stack needs, the next one is read. */
static void read_samples(struct reader *reader, struct profile *profile)
{
	struct json_indices *path = &reader->indices, *last = NULL;
	if (!json_enter(reader->json, JSON_ARRAY))
		return;
	while (json_element(reader->json)) {
		path->count = 0;
		json_indices(reader->json, path);
		flat_prefetch(&reader->sampled, path->at, path->count);
		if (last)
			add_sample(reader, profile, last);
		last = path;
		path = path == &reader->indices ? &reader->other_indices : &reader->indices;
	}
	if (last)
		add_sample(reader, profile, last);
}

static void read_weights(struct reader *reader, struct profile *profile)
{
	if (!json_enter(reader->json, JSON_ARRAY))
		return;
	while (json_element(reader->json)) {
		profile->samples =
			mem_grow(profile->samples, &profile->capacity, profile->weights + 1, sizeof *profile->samples);
		if (profile->weights >= profile->count)
			profile->samples[profile->weights] = (struct sample){0};
		profile->samples[profile->weights++].weight = json_number(reader->json, 0);
	}
}

static void read_events(struct reader *reader, struct profile *profile)
{
	struct text key;
	if (!json_enter(reader->json, JSON_ARRAY))
		return;
	while (json_element(reader->json)) {
		struct edge edge = {.at = NAN, .frame = UINT32_MAX};
		if (!json_enter(reader->json, JSON_OBJECT))
			continue;
		while (json_member(reader->json, &key)) {
			if (text_is(key, "type")) {
				buffer_clear(&reader->text);
				json_string(reader->json, &reader->text);
				edge.opens = text_is(buffer_text(&reader->text), "O");
			} else if (text_is(key, "frame")) {
				edge.frame = frame_index(reader);
			} else if (text_is(key, "at")) {
				edge.at = json_number(reader->json, NAN);
			} else {
				json_skip(reader->json);
			}
		}
		profile->edges = mem_grow(
			profile->edges, &profile->edge_capacity, profile->edge_count + 1, sizeof *profile->edges);
		profile->edges[profile->edge_count++] = edge;
	}
}

static void read_unit(struct reader *reader, struct profile *profile)
{
	static const struct {
		const char *name;
		double factor;
	} units[] = {{"nanoseconds", 1}, {"microseconds", 1e3}, {"milliseconds", 1e6}, {"seconds", 1e9}};
	buffer_clear(&reader->text);
	json_string(reader->json, &reader->text);
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (text_is(buffer_text(&reader->text), units[i].name)) {
			profile->factor = units[i].factor;
			profile->is_time = true;
		}
}

static void read_profile(struct reader *reader)
{
	struct profile profile = {.factor = 1};
	struct text key;
	if (!json_enter(reader->json, JSON_OBJECT))
		return;
	while (json_member(reader->json, &key)) {
		if (text_is(key, "name"))
			json_string(reader->json, &profile.name);
		else if (text_is(key, "unit"))
			read_unit(reader, &profile);
		else if (text_is(key, "startValue"))
			profile.start = json_number(reader->json, 0);
		else if (text_is(key, "samples"))
			read_samples(reader, &profile);
		else if (text_is(key, "weights"))
			read_weights(reader, &profile);
		else if (text_is(key, "events"))
			read_events(reader, &profile);
		else
			json_skip(reader->json);
	}
	reader->profiles = mem_grow(
		reader->profiles, &reader->profile_capacity, reader->profile_count + 1, sizeof *reader->profiles);
	reader->profiles[reader->profile_count++] = profile;
}

/* ---- to stacks ---- */

/* In the unit of the output; 0 or less: nothing to add. */
static double weight_of(const struct reader *reader, const struct profile *profile, double weight)
{
	weight *= profile->factor;
	if (profile->is_time)
		weight = round(weight); /* of nanoseconds: 0.01 s have no exact form */
	return reader->run->ordered && profile->is_time ? weight / 1000 : weight;
}

static void add(struct reader *reader, const struct profile *profile, uint32_t node, double weight)
{
	weight = weight_of(reader, profile, weight);
	if (weight > 0)
		stacks_add(reader->stacks, node, weight);
}

static void complain(struct reader *reader, const struct profile *profile, const char *why)
{
	struct buffer text = {0};
	buffer_add_format(&text, "profile '%s': %s", profile->name.at ? profile->name.at : "", why);
	json_skipped(reader->json, &reader->run->skipped, text.at);
	buffer_free(&text);
}

enum { STACK_NEW, STACK_BAD, STACK_KNOWN };

/* Puts the frames of a sampled stack below the frames of `base`; false if one is not there. */
static bool sampled_path(struct reader *reader, const struct flat_stack *stack, uint32_t base)
{
	struct frame_list *path = &reader->path;
	path->count = 0;
	for (uint32_t node = base; node; node = reader->stacks->nodes[node].parent)
		frame_list_add(path, reader->stacks->nodes[node].name);
	for (size_t i = 0; i < path->count / 2; i++) {
		uint32_t name = path->names[i];
		path->names[i] = path->names[path->count - 1 - i];
		path->names[path->count - 1 - i] = name;
	}
	for (uint32_t i = 0; i < stack->count; i++) {
		if (stack->names[i] >= reader->frame_count)
			return false;
		frame_list_add(path, reader->frames[stack->names[i]]);
	}
	return true;
}

/* Where a sampled stack's weight goes, + STACK_KNOWN: the node with --ordered, else the number among whole stacks. */
static uint64_t place_of(struct reader *reader, const struct flat_stack *stack, uint32_t base)
{
	const struct frame_list *path = &reader->path;
	if (!sampled_path(reader, stack, base))
		return STACK_BAD;
	if (reader->run->ordered)
		return STACK_KNOWN + (uint64_t)frame_list_up(path, reader->stacks, 0);
	return STACK_KNOWN + (uint64_t)flat_stack(&reader->stacks->whole, path->names, path->count);
}

static void add_samples(struct reader *reader, const struct profile *profile, uint32_t base)
{
	uint64_t *places = mem_zero(reader->sampled.count + 1, sizeof *places); /* of the sampled stacks */
	if (profile->weights != profile->count)
		complain(reader, profile, "it does not have as many weights as samples");
	for (size_t i = 0; i < profile->count && i < profile->weights; i++) {
		const struct sample *sample = &profile->samples[i];
		const struct flat_stack *stack = &reader->sampled.stacks[sample->stack];
		uint64_t *place = &places[sample->stack];
		double weight = weight_of(reader, profile, sample->weight);
		if (*place == STACK_NEW)
			*place = place_of(reader, stack, base);
		if (*place == STACK_BAD || !(sample->weight >= 0))
			complain(reader, profile, "a sample names a frame that is not there, or has no weight");
		else if (!(weight > 0))
			continue;
		else if (reader->run->ordered)
			stacks_add(reader->stacks, (uint32_t)(*place - STACK_KNOWN), weight);
		else if (stack->count) /* else nothing ran: time, but no stack */
			reader->stacks->whole.stacks[*place - STACK_KNOWN].weight += weight;
	}
	free(places);
}

static void add_edges(struct reader *reader, const struct profile *profile, uint32_t base)
{
	struct frame_list path = {0}; /* nodes */
	double last = profile->start;
	for (size_t i = 0; i < profile->edge_count; i++) {
		const struct edge *edge = &profile->edges[i];
		uint32_t node = path.count ? path.names[path.count - 1] : base;
		if (edge->frame >= reader->frame_count || !(edge->at >= last)) {
			complain(reader, profile, "an event names a frame that is not there, or goes back in time");
			continue;
		}
		if (edge->at > last && (path.count || reader->run->ordered))
			add(reader, profile, node, edge->at - last);
		last = edge->at;
		uint32_t name = reader->frames[edge->frame];
		if (edge->opens)
			frame_list_add(&path, stacks_child(reader->stacks, node, name));
		else if (path.count && reader->stacks->nodes[node].name == name)
			path.count--;
		else
			complain(reader, profile, "an event closes a frame that is not on top");
	}
	frame_list_free(&path);
}

static bool is_wanted(const struct profile *profile, size_t number)
{
	uint64_t wanted;
	if (!only || (profile->name.at && strcmp(profile->name.at, only) == 0))
		return true;
	return text_integer(text_of(only), &wanted) && wanted == number;
}

/* True if any of its profiles was wanted. */
static bool end_file(struct reader *reader)
{
	bool any = false;
	for (size_t i = 0; i < reader->profile_count; i++) {
		struct profile *profile = &reader->profiles[i];
		struct lane lane = {.thread = buffer_text(&profile->name)};
		uint32_t thread;
		if (is_wanted(profile, i)) {
			uint32_t base = lane_node(reader->run, reader->stacks, &lane, &thread);
			add_samples(reader, profile, base);
			add_edges(reader, profile, base);
			any = true;
		}
		buffer_free(&profile->name);
		free(profile->samples);
		free(profile->edges);
	}
	reader->profile_count = reader->frame_count = 0;
	flat_free(&reader->sampled);
	if (!any)
		report_error(
			only ? "there is no profile '%s' in the file" : "this JSON holds no speedscope profile", only);
	return any;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct reader reader = {.json = json_open(source), .run = run, .stacks = stacks, .shared.keys = &frame_keys};
	struct text key;
	bool good = true;
	while (json_file(reader.json)) {
		if (json_enter(reader.json, JSON_OBJECT))
			while (json_member(reader.json, &key)) {
				if (text_is(key, "shared"))
					read_shared(&reader);
				else if (!text_is(key, "profiles"))
					json_skip(reader.json);
				else if (json_enter(reader.json, JSON_ARRAY))
					while (json_element(reader.json))
						read_profile(&reader);
			}
		good &= end_file(&reader);
	}
	good &= json_close(reader.json);
	json_frames_free(&reader.shared);
	free(reader.frames);
	free(reader.profiles);
	frame_list_free(&reader.path);
	free(reader.indices.at);
	free(reader.other_indices.at);
	buffer_free(&reader.text);
	return good;
}

static int detect(struct text head)
{
	if (text_find(head, "speedscope.app/file-format-schema.json"))
		return 100;
	return text_find(head, "\"shared\"") && text_find(head, "\"frames\"") && text_starts(text_trim(head), "{") ? 20
														   : 0;
}

const struct converter speedscope_converter = {
	.name = "speedscope",
	.summary =
		"Converts speedscope files (py-spy, rbspy, pyinstrument ...) to folded stacks; times are nanoseconds.",
	.examples = "  py-spy record -f speedscope -o p.json --pid PID; stackcollapse-speedscope --threads p.json > "
		    "out.folded\n",
	.options = options,
	.timed = true,
	.lanes = true,
	.detect = detect,
	.read = read,
};
