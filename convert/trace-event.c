/* Chrome's trace event JSON: what py-spy -f chrometrace, viztracer, Chrome and many others write. */
#include "convert/converter.h"
#include "convert/frame.h"
#include "convert/json.h"
#include "convert/lanes.h"
#include "convert/slices.h"

#include <math.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

static bool no_places;

static const struct opt options[] = {
	{0, "no-places", OPT_FLAG, &no_places, NULL,
		"Leave out the files and lines that events have in their arguments.", NULL, 0, false},
	{0},
};

/*
 * {"traceEvents": [
 *  {"ph":"M","name":"thread_name","pid":1,"tid":2,"args":{"name":"MainThread"}},
 *  {"ph":"X","name":"work (app.py:3)","cat":"fee","ts":51057.1,"dur":12.5,"pid":1,"tid":2},
 *  {"ph":"B","name":"main","ts":0,"pid":1,"tid":2,"args":{"filename":"app.py","line":3}},
 * {"ph":"E","name":"main","ts":5,...}], "samples": [{"ts":1,"tid":2,"pid":1,"weight":1,"sf":7}], "stackFrames": {"7":
 * {"name":"leaf","parent":"3"}}} or the array alone; it may be cut off anywhere.
 */

/* What an event says. */
struct event {
	struct buffer phase, name, pid, tid, file, line, said_name; /* said_name: args.name, of metadata */
	int64_t ts, dur;                                            /* nanoseconds */
	bool has_ts, has_dur;
};

/* A thread: process and thread ids, and what they are called. */
struct thread {
	uint32_t pid, tid; /* numbers in `texts` */
	uint32_t name;     /* + 1; 0: none */
	struct slices slices;
};

/* A frame of the table "stackFrames". */
struct stack_frame {
	uint32_t name;   /* + 1 of the stacks' names; 0: not there */
	uint32_t parent; /* + 1, number in `frame_ids` */
};

struct sample {
	uint32_t thread, frame;
	double weight;
};

struct reader {
	struct json *json;
	struct stacks *stacks;
	struct run *run;
	struct intern texts, keys, frame_ids; /* keys: "pid\0tid" */
	struct thread *threads;
	size_t thread_capacity;
	uint32_t *process_names; /* by number of the pid's text: + 1 */
	size_t process_capacity;
	struct stack_frame *frames;
	size_t frame_capacity;
	struct sample *samples;
	size_t sample_count, sample_capacity;
	struct event event;
	struct buffer key, text;
	unsigned long unmatched; /* ends without a beginning */
};

static uint32_t text_number_of(struct reader *reader, const struct buffer *text)
{
	return intern(&reader->texts, text->at ? text->at : "", text->size);
}

static struct thread *thread_of(struct reader *reader, const struct event *event)
{
	buffer_clear(&reader->key);
	buffer_add(&reader->key, event->pid.at, event->pid.size);
	buffer_add_char(&reader->key, '\0');
	buffer_add(&reader->key, event->tid.at, event->tid.size);
	uint32_t known = reader->keys.count, number = intern(&reader->keys, reader->key.at, reader->key.size);
	if (number == known) {
		reader->threads =
			mem_grow(reader->threads, &reader->thread_capacity, (size_t)known + 1, sizeof *reader->threads);
		reader->threads[number] = (struct thread){
			.pid = text_number_of(reader, &event->pid), .tid = text_number_of(reader, &event->tid)};
	}
	return &reader->threads[number];
}

/* ---- one event ---- */

static void read_time(struct reader *reader, int64_t *nanoseconds, bool *has)
{
	buffer_clear(&reader->text);
	*has = json_string(reader->json, &reader->text) && slices_microseconds(buffer_text(&reader->text), nanoseconds);
}

static void read_arguments(struct reader *reader, struct event *event)
{
	struct text key;
	if (!json_enter(reader->json, JSON_OBJECT))
		return;
	while (json_member(reader->json, &key)) {
		if (text_is(key, "filename"))
			json_string(reader->json, &event->file);
		else if (text_is(key, "line"))
			json_string(reader->json, &event->line);
		else if (text_is(key, "name"))
			json_string(reader->json, &event->said_name);
		else
			json_skip(reader->json);
	}
}

static void clear_event(struct event *event)
{
	struct buffer *buffers[] = {
		&event->phase, &event->name, &event->pid, &event->tid, &event->file, &event->line, &event->said_name};
	for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
		buffer_clear(buffers[i]);
	event->ts = event->dur = 0;
	event->has_ts = event->has_dur = false;
}

/* The members that all events have; others are passed over. */
static void read_member(struct reader *reader, struct event *event, struct text key)
{
	if (text_is(key, "ph"))
		json_string(reader->json, &event->phase);
	else if (text_is(key, "name"))
		json_string(reader->json, &event->name);
	else if (text_is(key, "pid"))
		json_string(reader->json, &event->pid);
	else if (text_is(key, "tid"))
		json_string(reader->json, &event->tid);
	else if (text_is(key, "ts"))
		read_time(reader, &event->ts, &event->has_ts);
	else if (text_is(key, "dur"))
		read_time(reader, &event->dur, &event->has_dur);
	else if (text_is(key, "args"))
		read_arguments(reader, event);
	else
		json_skip(reader->json);
}

/* "name (file:line)" if the arguments say where it is. */
static uint32_t event_name(struct reader *reader, const struct event *event)
{
	if (!event->file.size || no_places)
		return frame_name(reader->stacks, buffer_text(&event->name));
	buffer_clear(&reader->text);
	buffer_add(&reader->text, event->name.at, event->name.size);
	buffer_add_format(&reader->text, " (%s", event->file.at);
	if (event->line.size)
		buffer_add_format(&reader->text, ":%s", event->line.at);
	buffer_add_char(&reader->text, ')');
	return frame_name(reader->stacks, buffer_text(&reader->text));
}

/* By which an end knows its beginning. */
static uint32_t event_key(struct reader *reader, const struct event *event)
{
	return event->name.size ? text_number_of(reader, &event->name) : SLICES_ANY;
}

static void name_thread_or_process(struct reader *reader, const struct event *event)
{
	struct thread *thread = thread_of(reader, event);
	if (text_is(buffer_text(&event->name), "thread_name"))
		thread->name = text_number_of(reader, &event->said_name) + 1;
	if (!text_is(buffer_text(&event->name), "process_name"))
		return;
	size_t before = reader->process_capacity;
	reader->process_names = mem_grow(reader->process_names, &reader->process_capacity, (size_t)thread->pid + 1,
		sizeof *reader->process_names);
	memset(reader->process_names + before, 0, (reader->process_capacity - before) * sizeof *reader->process_names);
	reader->process_names[thread->pid] = text_number_of(reader, &event->said_name) + 1;
}

static void use_event(struct reader *reader)
{
	struct event *event = &reader->event;
	char phase = event->phase.size == 1 ? *event->phase.at : '\0';
	if (phase == 'M') {
		name_thread_or_process(reader, event);
		return;
	}
	if (phase != 'X' && phase != 'B' && phase != 'E')
		return;
	if (!event->has_ts) {
		json_skipped(reader->json, &reader->run->skipped, "an event has no time");
		return;
	}
	struct thread *thread = thread_of(reader, event);
	if (phase == 'E')
		slices_close(&thread->slices, event->ts, event_key(reader, event));
	else if (event->has_dur)
		slices_add(&thread->slices, event->ts, event->dur, event_name(reader, event));
	else if (phase == 'B')
		slices_open(&thread->slices, event->ts, event_name(reader, event), event_key(reader, event));
	else
		json_skipped(reader->json, &reader->run->skipped, "an event of kind X has no duration");
}

static void read_events(struct reader *reader)
{
	struct text key;
	if (!json_enter(reader->json, JSON_ARRAY))
		return;
	while (json_element(reader->json)) {
		if (!json_enter(reader->json, JSON_OBJECT))
			continue;
		clear_event(&reader->event);
		while (json_member(reader->json, &key))
			read_member(reader, &reader->event, key);
		use_event(reader);
	}
}

/* ---- samples with a table of frames ---- */

static uint32_t frame_id(struct reader *reader, struct text id)
{
	uint32_t number = intern(&reader->frame_ids, id.at, id.size);
	size_t before = reader->frame_capacity;
	reader->frames = mem_grow(reader->frames, &reader->frame_capacity, (size_t)number + 1, sizeof *reader->frames);
	memset(reader->frames + before, 0, (reader->frame_capacity - before) * sizeof *reader->frames);
	return number;
}

static void read_frames(struct reader *reader)
{
	struct text key;
	if (!json_enter(reader->json, JSON_OBJECT))
		return;
	while (json_member(reader->json, &key)) {
		uint32_t number = frame_id(reader, key);
		struct stack_frame frame = {0};
		if (!json_enter(reader->json, JSON_OBJECT))
			continue;
		while (json_member(reader->json, &key)) {
			bool name = text_is(key, "name"), parent = text_is(key, "parent");
			if (!name && !parent) {
				json_skip(reader->json);
				continue;
			}
			buffer_clear(&reader->text);
			if (json_string(reader->json, &reader->text) && name)
				frame.name = frame_name(reader->stacks, buffer_text(&reader->text)) + 1;
			else if (parent && reader->text.size)
				frame.parent = frame_id(reader, buffer_text(&reader->text)) + 1;
		}
		reader->frames[number] = frame;
	}
}

static void read_samples(struct reader *reader)
{
	struct text key;
	if (!json_enter(reader->json, JSON_ARRAY))
		return;
	while (json_element(reader->json)) {
		struct sample sample = {.weight = 1};
		bool has_frame = false;
		clear_event(&reader->event);
		if (!json_enter(reader->json, JSON_OBJECT))
			continue;
		while (json_member(reader->json, &key)) {
			if (text_is(key, "sf")) {
				buffer_clear(&reader->text);
				has_frame = json_string(reader->json, &reader->text);
				sample.frame = frame_id(reader, buffer_text(&reader->text));
			} else if (text_is(key, "weight")) {
				sample.weight = json_number(reader->json, 1);
			} else {
				read_member(reader, &reader->event, key);
			}
		}
		if (!has_frame || !(sample.weight > 0))
			continue;
		sample.thread = (uint32_t)(thread_of(reader, &reader->event) - reader->threads);
		reader->samples = mem_grow(
			reader->samples, &reader->sample_capacity, reader->sample_count + 1, sizeof *reader->samples);
		reader->samples[reader->sample_count++] = sample;
	}
}

/* ---- the whole ---- */

static struct text text_at(const struct reader *reader, uint32_t number)
{
	return reader->texts.names[number];
}

static uint32_t thread_node(struct reader *reader, const struct thread *thread, uint32_t *name)
{
	struct lane lane = {.pid = text_at(reader, thread->pid), .tid = text_at(reader, thread->tid)};
	if (thread->name)
		lane.thread = text_at(reader, thread->name - 1);
	if (thread->pid < reader->process_capacity && reader->process_names[thread->pid])
		lane.process = text_at(reader, reader->process_names[thread->pid] - 1);
	return lane_node(reader->run, reader->stacks, &lane, name);
}

static void add_sample(struct reader *reader, const struct sample *sample)
{
	struct frame_list list = {0};
	uint32_t frame = sample->frame + 1, name;
	while (frame && list.count <= reader->frame_ids.count) { /* longer ones are cyclic */
		const struct stack_frame *this = &reader->frames[frame - 1];
		if (this->name)
			frame_list_add(&list, this->name - 1);
		frame = this->name ? this->parent : 0;
	}
	uint32_t node = thread_node(reader, &reader->threads[sample->thread], &name);
	if (list.count > reader->frame_ids.count)
		report_warning("a stack of stackFrames is cyclic: its sample is left out");
	else
		stacks_add(reader->stacks, frame_list_down(&list, reader->stacks, node), sample->weight);
	frame_list_free(&list);
}

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
		else if (text_is(key, "samples"))
			read_samples(reader);
		else if (text_is(key, "stackFrames"))
			read_frames(reader);
		else
			json_skip(reader->json);
	}
}

/* Threads of the same ids in different files are different threads. */
static void end_file(struct reader *reader)
{
	struct slices_output output = {.stacks = reader->stacks, .ordered = reader->run->ordered};
	for (uint32_t i = 0; i < reader->keys.count; i++) {
		struct thread *thread = &reader->threads[i];
		uint32_t name;
		reader->unmatched += thread->slices.unmatched;
		slices_write(&thread->slices, thread_node(reader, thread, &name), &output);
		slices_free(&thread->slices);
	}
	slices_end(&output);
	for (size_t i = 0; i < reader->sample_count; i++)
		add_sample(reader, &reader->samples[i]);
	intern_free(&reader->keys);
	intern_free(&reader->texts);
	intern_free(&reader->frame_ids);
	free(reader->process_names);
	reader->process_names = NULL;
	reader->process_capacity = reader->sample_count = 0;
	if (reader->frames)
		memset(reader->frames, 0, reader->frame_capacity * sizeof *reader->frames);
	if (output.overlaps)
		report_warning("%lu event%s overlapping others of the thread without standing inside them: cut there",
			output.overlaps, plural(output.overlaps));
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct reader reader = {.json = json_open(source), .stacks = stacks, .run = run};
	json_may_be_cut(reader.json); /* the format allows an array without its end */
	while (json_file(reader.json)) {
		read_document(&reader);
		end_file(&reader);
	}
	if (reader.unmatched)
		report_warning("%lu end%s of events without a beginning: left out", reader.unmatched,
			plural(reader.unmatched));
	bool good = json_close(reader.json);
	struct buffer *buffers[] = {&reader.event.phase, &reader.event.name, &reader.event.pid, &reader.event.tid,
		&reader.event.file, &reader.event.line, &reader.event.said_name, &reader.key, &reader.text};
	for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
		buffer_free(buffers[i]);
	free(reader.threads);
	free(reader.frames);
	free(reader.samples);
	return good;
}

static int detect(struct text head)
{
	struct text text = text_trim(head);
	if (!text_starts(text, "{") && !text_starts(text, "["))
		return 0;
	if (text_find(head, "\"traceEvents\""))
		return 80;
	return text_find(head, "\"ph\"") && text_find(head, "\"ts\"") ? 70 : 0;
}

const struct converter trace_event_converter = {
	.name = "trace-event",
	.summary = "Converts Chrome trace event JSON (viztracer, py-spy chrometrace, Chrome) to folded stacks; weights "
		   "are nanoseconds.",
	.examples = "  viztracer -o result.json app.py; stackcollapse-trace-event result.json | flamerender "
		    "--countname ns > out.svg\n",
	.options = options,
	.timed = true,
	.lanes = true,
	.detect = detect,
	.read = read,
};
