/* Chrome's trace event JSON, for Perfetto and chrome://tracing: a beginning and an end for each run of equal frames.
 * Stacks without time are laid side by side, so that the view is a flame graph. */
#include <stdlib.h>

#include "common/json_text.h"
#include "common/mem.h"
#include "render/lanes.h"
#include "render/writers.h"

struct writing {
	const struct stacks *stacks;
	struct sink *sink;
	size_t tid;
	uint32_t *open; /* names of the frames that are open */
	size_t depth, capacity;
};

/* phase: B opens a frame, E closes it. */
static void put_event(struct writing *writing, char phase, uint32_t name, double now)
{
	sink_format(writing->sink, ",\n{\"ph\":\"%c\",\"cat\":\"stack\",\"name\":", phase);
	sink_json(writing->sink, writing->stacks->names.names[name]);
	sink_format(writing->sink, ",\"pid\":1,\"tid\":%zu,\"ts\":", writing->tid);
	sink_number(writing->sink, now);
	sink_char(writing->sink, '}');
}

static void close_frames(struct writing *writing, size_t depth, double now)
{
	while (writing->depth > depth)
		put_event(writing, 'E', writing->open[--writing->depth], now);
}

static void put_lane(struct writing *writing, const struct lanes *lanes, const struct lane *lane, double factor)
{
	uint32_t *path = NULL;
	size_t path_capacity = 0;
	double sum = 0;
	writing->depth = 0;
	for (size_t i = lane->first; i < lane->first + lane->count; i++) {
		size_t depth = lanes_path(writing->stacks, lanes->steps[i].node, lane->base, &path, &path_capacity);
		size_t shared = 0;
		while (shared < depth && shared < writing->depth && writing->open[shared] == path[shared])
			shared++;
		close_frames(writing, shared, sum * factor);
		writing->open = mem_grow(writing->open, &writing->capacity, depth + 1, sizeof *writing->open);
		for (; writing->depth < depth; writing->depth++) {
			writing->open[writing->depth] = path[writing->depth];
			put_event(writing, 'B', path[writing->depth], sum * factor);
		}
		sum += lanes->steps[i].weight;
	}
	close_frames(writing, 0, sum * factor);
	free(path);
}

static void put_name(struct sink *sink, const char *kind, size_t tid, struct text name)
{
	sink_format(sink, "{\"ph\":\"M\",\"name\":\"%s\",\"pid\":1,\"tid\":%zu,\"args\":{\"name\":", kind, tid);
	sink_json(sink, name);
	sink_string(sink, "}}");
}

static bool write_stacks(const struct stacks *stacks, const struct view *view, struct sink *sink)
{
	struct lanes lanes = lanes_of(stacks, view);
	struct writing writing = {.stacks = stacks, .sink = sink};
	double factor = lanes_is_time(view) ? lanes_nanoseconds(view) / 1000 : 1; /* else a count is a microsecond */
	sink_string(sink, "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n");
	put_name(sink, "process_name", 1, text_of(view->title));
	for (size_t i = 0; i < lanes.count; i++) {
		writing.tid = i + 1;
		sink_string(sink, ",\n");
		put_name(sink, "thread_name", i + 1, lanes.lanes[i].name);
		put_lane(&writing, &lanes, &lanes.lanes[i], factor);
	}
	sink_string(sink, "\n]}\n");
	free(writing.open);
	lanes_free(&lanes);
	return true;
}

const struct writer trace_writer = {.name = "trace",
	.suffix = ".trace.json",
	.summary = "trace events for Perfetto and chrome://tracing",
	.whole = true,
	.write_stacks = write_stacks};
