/* What rbspy record keeps (~/.cache/rbspy/records/...raw.gz): lines of JSON below a heading; each trace counts 1. */
#include <yajl/yajl_parse.h>

#include "common/report.h"
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/lanes.h"
#include "convert/lines.h"
#include "convert/timeline.h"

static bool no_lines;

static const struct opt options[] = {
	{0, "no-lines", OPT_FLAG, &no_lines, NULL, "Leave the line numbers out of the frame names.", NULL, 0, false},
	{0},
};

/* Which value comes next. */
enum value { OTHER, TRACE, PID, THREAD, SECONDS, NANOSECONDS, NAME, PATH, RELATIVE_PATH, LINE, VALUES };

struct rbspy {
	struct stacks *stacks;
	struct run *run;
	struct timeline timeline;
	size_t line; /* of the file, from 1 */
	/* of the line being parsed: */
	size_t depth; /* of open brackets */
	bool in_trace;
	enum value next;
	struct buffer values[VALUES]; /* of PID ... LINE */
	struct frame_list frames;     /* leaf first */
};

/*
 * rbspy02
 * {"sample_rate":100,"rbspy_version":"0.12.1","start_time":{"secs_since_epoch":1,"nanos_since_epoch":2}}
 * {"trace":[{"name":"sleep [c function]","relative_path":"(unknown)","absolute_path":null,"lineno":null},
 *   {"name":"<main>","relative_path":"app.rb","absolute_path":"/app/app.rb","lineno":3}],"pid":17,"thread_id":18,...}
 */

/* ---- what yajl calls ---- */

enum { IN_OBJECT = 1, IN_TRACE = 2, IN_TIME = 2, IN_FRAME = 3 }; /* depths */

static int on_key(void *state, const unsigned char *at, size_t size)
{
	static const struct {
		const char *key;
		size_t depth;
		enum value value;
	} keys[] = {{"trace", IN_OBJECT, TRACE}, {"pid", IN_OBJECT, PID}, {"thread_id", IN_OBJECT, THREAD},
		{"secs_since_epoch", IN_TIME, SECONDS}, {"nanos_since_epoch", IN_TIME, NANOSECONDS},
		{"name", IN_FRAME, NAME}, {"absolute_path", IN_FRAME, PATH}, {"relative_path", IN_FRAME, RELATIVE_PATH},
		{"lineno", IN_FRAME, LINE}};
	struct rbspy *rbspy = state;
	struct text key = {(const char *)at, size};
	rbspy->next = OTHER;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (rbspy->depth == keys[i].depth && text_is(key, keys[i].key))
			rbspy->next = keys[i].value;
	return 1;
}

static int on_text(struct rbspy *rbspy, const char *at, size_t size)
{
	struct buffer *to = &rbspy->values[rbspy->next];
	buffer_clear(to);
	buffer_add(to, at, size);
	return 1;
}

static int on_string(void *state, const unsigned char *at, size_t size)
{
	return on_text(state, (const char *)at, size);
}

static int on_number(void *state, const char *at, size_t size)
{
	return on_text(state, at, size);
}

static int on_open(void *state)
{
	struct rbspy *rbspy = state;
	rbspy->depth++;
	rbspy->next = OTHER;
	return 1;
}

static int on_array(void *state)
{
	struct rbspy *rbspy = state;
	rbspy->in_trace |= rbspy->depth == IN_OBJECT && rbspy->next == TRACE;
	return on_open(state);
}

/* "<main> - /app/app.rb:3" */
static void add_frame(struct rbspy *rbspy)
{
	struct buffer *name = &rbspy->values[NAME];
	struct text path = buffer_text(&rbspy->values[rbspy->values[PATH].size ? PATH : RELATIVE_PATH]);
	struct text line = buffer_text(&rbspy->values[LINE]);
	buffer_add_format(name, " - %.*s", (int)path.size, path.at);
	if (line.size && !no_lines)
		buffer_add_format(name, ":%.*s", (int)line.size, line.at);
	frame_list_add(&rbspy->frames, frame_name(rbspy->stacks, buffer_text(name)));
	for (enum value i = NAME; i <= LINE; i++)
		buffer_clear(&rbspy->values[i]);
}

static int on_object_end(void *state)
{
	struct rbspy *rbspy = state;
	if (rbspy->in_trace && rbspy->depth == IN_FRAME)
		add_frame(rbspy);
	rbspy->depth--;
	rbspy->next = OTHER;
	return 1;
}

static int on_array_end(void *state)
{
	struct rbspy *rbspy = state;
	rbspy->in_trace &= rbspy->depth != IN_TRACE;
	rbspy->depth--;
	rbspy->next = OTHER;
	return 1;
}

static const yajl_callbacks callbacks = {
	.yajl_string = on_string,
	.yajl_number = on_number,
	.yajl_map_key = on_key,
	.yajl_start_map = on_open,
	.yajl_end_map = on_object_end,
	.yajl_start_array = on_array,
	.yajl_end_array = on_array_end,
};

/* ---- lines ---- */

/* Microseconds; -1 if the trace has no time. */
static double time_of(const struct rbspy *rbspy)
{
	double seconds, nanoseconds;
	bool known = text_number(buffer_text(&rbspy->values[SECONDS]), false, &seconds) &&
		     text_number(buffer_text(&rbspy->values[NANOSECONDS]), false, &nanoseconds);
	return known ? seconds * 1e6 + nanoseconds / 1e3 : -1;
}

static void end_trace(struct rbspy *rbspy)
{
	if (!rbspy->frames.count)
		return;
	struct lane lane = {.pid = buffer_text(&rbspy->values[PID]), .tid = buffer_text(&rbspy->values[THREAD])};
	uint32_t thread = 0, node = lane_node(rbspy->run, rbspy->stacks, &lane, &thread);
	node = frame_list_down(&rbspy->frames, rbspy->stacks, node);
	if (rbspy->run->ordered)
		timeline_add(&rbspy->timeline, thread, node, time_of(rbspy));
	else
		stacks_add(rbspy->stacks, node, 1);
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct rbspy *rbspy = state;
	if (++rbspy->line == 1 && text_starts(line, "rbspy0"))
		return;
	rbspy->depth = rbspy->frames.count = 0;
	rbspy->in_trace = false;
	for (size_t i = 0; i < VALUES; i++)
		buffer_clear(&rbspy->values[i]);
	yajl_handle parser = yajl_alloc(&callbacks, NULL, rbspy);
	if (!parser)
		die(EXIT_FAILED, "out of memory");
	yajl_config(parser, yajl_dont_validate_strings, 1);
	bool good = yajl_parse(parser, (const unsigned char *)line.at, line.size) == yajl_status_ok &&
		    yajl_complete_parse(parser) == yajl_status_ok;
	yajl_free(parser);
	if (good)
		end_trace(rbspy);
	else if (text_trim(line).size)
		skip_record(&rbspy->run->skipped, chunk, line.at, "a line that is not JSON");
}

static void end_file(void *state, const struct chunk *chunk)
{
	(void)chunk;
	((struct rbspy *)state)->line = 0;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct rbspy rbspy = {.stacks = stacks, .run = run};
	timeline_begin(&rbspy.timeline, stacks, run->ordered);
	lines_read(source, take_line, end_file, &rbspy);
	bool good = timeline_end(&rbspy.timeline);
	for (size_t i = 0; i < VALUES; i++)
		buffer_free(&rbspy.values[i]);
	frame_list_free(&rbspy.frames);
	return good;
}

static int detect(struct text head)
{
	return text_starts(head, "rbspy0") ? 100 : 0;
}

const struct converter rbspy_converter = {
	.name = "rbspy",
	.summary = "Converts what rbspy record keeps (raw.gz) to folded stacks.",
	.examples = "  rbspy record --raw-file out.raw.gz -- ruby app.rb; stackcollapse-rbspy out.raw.gz | flamerender "
		    "> out.svg\n",
	.options = options,
	.timed = true,
	.lanes = true,
	.detect = detect,
	.read = read,
};
