/* Xcode's xctrace export: tables of samples as XML, of Xcode up to 15, 26 and 27. */
#include "convert/cache.h"
#include "convert/converter.h"
#include "convert/frame.h"
#include "convert/idmap.h"
#include "convert/lanes.h"
#include "convert/rust_names.h"
#include "convert/timeline.h"
#include "convert/xml.h"

#include <math.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

static const char *weight = "time", *only_thread, *only_process, *only_state;
static const char *const weights[] = {"time", "rows", NULL};

static const struct opt options[] = {
	{0, "weight", OPT_CHOICE, &weight, "NAME", "What is counted: time (nanoseconds) or rows. Default: time.",
		weights, 0, false},
	{0, "thread", OPT_STRING, &only_thread, "TEXT", "Only threads whose description holds TEXT.", NULL, 0, false},
	{0, "process", OPT_STRING, &only_process, "TEXT", "Only processes whose description holds TEXT.", NULL, 0,
		false},
	{0, "state", OPT_STRING, &only_state, "TEXT", "Only rows in this thread state, such as Running.", NULL, 0,
		false},
	{0},
};

/* What a row may hold; each has ids of its own kind, by which later rows refer to it. */
enum item { NO_ITEM = -1, FRAME, STACK, WEIGHT, THREAD, PROCESS, STATE, TIME, ITEMS };

/* Tags, the items' first; attributes. */
enum { ROW = 8, ID, REF, NAME, FMT };
static const char *const names[] = {"frame", "backtrace", "tagged-backtrace", "weight", "thread", "process",
	"thread-state", "sample-time", "row", "id", "ref", "name", "fmt", NULL};
static const enum item items[ROW] = {FRAME, STACK, STACK, WEIGHT, THREAD, PROCESS, STATE, TIME};

/* An element that is open: what it is, and its value so far (an index into names, stacks, numbers or texts). */
struct open {
	enum item item;
	uint64_t id;
	bool has_id;
};

struct reader {
	struct xml *xml;
	struct run *run;
	struct stacks *stacks;
	struct timeline timeline;
	struct idmap ids[ITEMS];
	struct frame_list pool; /* the frames of all different stacks, leaf first, one after the other */
	struct span {
		size_t start, count; /* in the pool */
		uint32_t root, node; /* where it was put last: below `root` it ends at `node`; 0: nowhere yet */
	} * spans;
	size_t span_count, span_capacity;
	struct cache known; /* spans by the hash of their frames */
	double *numbers;
	size_t number_count, number_capacity;
	struct intern texts;
	struct open open[XML_DEEPEST];
	size_t depth;
	int64_t row[ITEMS]; /* the values of the row, or -1 */
	size_t stack_start; /* in the pool: the stack that is being read */
	struct buffer rust;
};

/*
 * <row><sample-time id="14" fmt="00:00.059.248">59248125</sample-time><thread ref="2"/><process ref="4"/><core
 * ref="7"/> <thread-state ref="8"/><weight ref="9"/><backtrace id="15"><frame id="16" name="main"
 * addr="0x18d374c1d"><binary ref="12"/></frame> <frame id="17" name="start" addr="0x18d373dc4"/></backtrace></row>
 */

static void complain(struct reader *reader, const char *why)
{
	skip_line(&reader->run->skipped, xml_file_name(reader->xml), xml_line(reader->xml), why);
}

static uint32_t frame_of(struct reader *reader)
{
	struct text name = {"", 0};
	if (!xml_attribute(reader->xml, NAME, &name))
		complain(reader, "a frame has no name");
	return frame_name(reader->stacks, rust_name(name, &reader->rust) ? buffer_text(&reader->rust) : name);
}

/* The value of an element that says it itself; stacks and numbers are known when it closes. */
static int64_t own_value(struct reader *reader, enum item item)
{
	struct text text;
	switch (item) {
	case FRAME:
		return frame_of(reader);
	case THREAD:
	case PROCESS:
	case STATE:
		return xml_attribute(reader->xml, FMT, &text) ? (int64_t)intern(&reader->texts, text.at, text.size)
							      : -1;
	default:
		return -1;
	}
}

static void take_value(struct reader *reader, enum item item, int64_t value)
{
	if (item == FRAME)
		frame_list_add(&reader->pool, (uint32_t)value);
	else if (reader->row[item] < 0)
		reader->row[item] = value;
}

static void keep(struct reader *reader, const struct open *open, int64_t value)
{
	if (open->has_id && !idmap_add(&reader->ids[open->item], open->id, (uint32_t)value))
		complain(reader, "an id is there twice: the first one holds");
}

static void open_item(struct reader *reader, struct open *open)
{
	uint64_t ref;
	int64_t value;
	if (xml_integer(reader->xml, REF, &ref)) {
		value = idmap_find(&reader->ids[open->item], ref);
		if (value < 0)
			complain(reader, "a ref names an id that was not there");
		else
			take_value(reader, open->item, value);
		return;
	}
	open->has_id = xml_integer(reader->xml, ID, &open->id);
	value = own_value(reader, open->item);
	if (value >= 0) {
		keep(reader, open, value);
		take_value(reader, open->item, value);
	}
}

static void open_element(void *state, struct xml *xml, int tag)
{
	struct reader *reader = state;
	struct open *open = &reader->open[reader->depth++];
	(void)xml;
	*open = (struct open){.item = tag >= 0 && tag < ROW ? items[tag] : NO_ITEM};
	if (tag == ROW) {
		for (int i = 0; i < ITEMS; i++)
			reader->row[i] = -1;
		reader->stack_start = reader->pool.count;
	} else if (open->item != NO_ITEM) {
		open_item(reader, open);
	}
}

/* <weight id="9" fmt="1.00 ms">1000000</weight> */
static void read_text(void *state, struct xml *xml, struct text text)
{
	struct reader *reader = state;
	double value;
	(void)xml;
	const struct open *open = reader->depth ? &reader->open[reader->depth - 1] : NULL;
	bool wanted = open && (open->item == WEIGHT || (open->item == TIME && reader->run->ordered));
	if (!wanted)
		return;
	if (!text_number(text_trim(text), false, &value)) {
		complain(reader, "a weight or time is no number");
		return;
	}
	reader->numbers =
		mem_grow(reader->numbers, &reader->number_capacity, reader->number_count + 1, sizeof *reader->numbers);
	reader->numbers[reader->number_count] = value;
	keep(reader, open, (int64_t)reader->number_count);
	take_value(reader, open->item, (int64_t)reader->number_count++);
}

/* The number of the span that holds the frames from stack_start to the end of the pool. */
static uint32_t find_span(struct reader *reader)
{
	size_t count = reader->pool.count - reader->stack_start;
	const uint32_t *frames = reader->pool.names + reader->stack_start;
	struct hash128 key = hash_bytes128(frames, count * sizeof *frames);
	int64_t known = cache_find(&reader->known, key);
	if (known >= 0) {
		reader->pool.count = reader->stack_start;
		return (uint32_t)known;
	}
	if (cache_is_full(&reader->known))
		cache_free(&reader->known);
	cache_add(&reader->known, key, (uint32_t)reader->span_count);
	reader->spans = mem_grow(reader->spans, &reader->span_capacity, reader->span_count + 1, sizeof *reader->spans);
	reader->spans[reader->span_count] = (struct span){reader->stack_start, count, 0, 0};
	return (uint32_t)reader->span_count++;
}

/* A stack ends: it is the row's, unless a ref was. A wrapped one ends twice. */
static void close_stack(struct reader *reader, const struct open *open)
{
	if (reader->row[STACK] < 0 && reader->pool.count > reader->stack_start)
		reader->row[STACK] = find_span(reader);
	if (reader->row[STACK] >= 0)
		keep(reader, open, reader->row[STACK]);
}

static struct text text_at(const struct reader *reader, enum item item)
{
	return reader->row[item] < 0 ? (struct text){"", 0} : reader->texts.names[reader->row[item]];
}

static bool is_wanted(const struct reader *reader)
{
	return (!only_thread || text_find(text_at(reader, THREAD), only_thread)) &&
	       (!only_process || text_find(text_at(reader, PROCESS), only_process)) &&
	       (!only_state || text_find(text_at(reader, STATE), only_state));
}

/* "rust_test2 (49374)" */
static void cut_process(struct text text, struct lane *lane)
{
	const char *paren = memrchr(text.at, '(', text.size);
	lane->process = text_trim(paren ? (struct text){text.at, (size_t)(paren - text.at)} : text);
	if (paren)
		lane->pid = (struct text){paren + 1, strcspn(paren + 1, ")")};
}

/* "main  0x8480c1 (rust_test2, pid: 49374)" */
static void cut_thread(struct text text, struct lane *lane)
{
	const char *id = text_find(text, "0x");
	lane->thread = text_trim(id ? (struct text){text.at, (size_t)(id - text.at)} : text);
	if (id)
		lane->tid = (struct text){id, strcspn(id, " (")};
}

static uint32_t put_stack(struct reader *reader, uint32_t root)
{
	struct span *span = &reader->spans[reader->row[STACK]];
	if (span->node && span->root == root)
		return span->node;
	span->root = span->node = root;
	for (size_t i = span->count; i > 0; i--)
		span->node = stacks_child(reader->stacks, span->node, reader->pool.names[span->start + i - 1]);
	return span->node;
}

static void close_row(struct reader *reader)
{
	if (reader->row[STACK] < 0 || !is_wanted(reader))
		return; /* no stack: <sentinel/> */
	struct lane lane = {0};
	uint32_t thread = 0;
	cut_process(text_at(reader, PROCESS), &lane);
	cut_thread(text_at(reader, THREAD), &lane);
	uint32_t node = put_stack(reader, lane_node(reader->run, reader->stacks, &lane, &thread));
	if (reader->run->ordered) {
		double time = reader->row[TIME] < 0 ? -1 : reader->numbers[reader->row[TIME]] / 1000;
		timeline_add(&reader->timeline, thread, node, time);
	} else if (strcmp(weight, "rows") == 0) {
		stacks_add(reader->stacks, node, 1);
	} else if (reader->row[WEIGHT] >= 0) {
		stacks_add(reader->stacks, node, reader->numbers[reader->row[WEIGHT]]);
	} else {
		complain(reader, "a row has no weight: --weight rows counts rows");
	}
}

static void close_element(void *state, struct xml *xml, int tag)
{
	struct reader *reader = state;
	(void)xml;
	const struct open *open = &reader->open[--reader->depth];
	if (open->item == STACK)
		close_stack(reader, open);
	else if (tag == ROW)
		close_row(reader);
}

static void begin_file(void *state, struct xml *xml)
{
	struct reader *reader = state;
	reader->xml = xml;
	for (int i = 0; i < ITEMS; i++) {
		idmap_free(&reader->ids[i]);
		reader->row[i] = -1;
	}
	cache_free(&reader->known);
	reader->depth = reader->pool.count = reader->span_count = reader->number_count = 0;
}

static const struct xml_handler handler = {names, begin_file, open_element, read_text, close_element, NULL};

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct reader reader = {.run = run, .stacks = stacks};
	timeline_begin(&reader.timeline, stacks, run->ordered);
	bool good = xml_read(source, &handler, &reader);
	good &= timeline_end(&reader.timeline);
	for (int i = 0; i < ITEMS; i++)
		idmap_free(&reader.ids[i]);
	cache_free(&reader.known);
	frame_list_free(&reader.pool);
	intern_free(&reader.texts);
	free(reader.spans);
	free(reader.numbers);
	buffer_free(&reader.rust);
	return good;
}

static int detect(struct text head)
{
	return text_find(head, "<trace-query-result") ? 100 : 0;
}

const struct converter xctrace_converter = {
	.name = "xctrace",
	.summary = "Converts the XML of xctrace export (time profiles) to folded stacks; weights are nanoseconds.",
	.examples = "  xctrace export --input t.trace --xpath '/trace-toc/run/data/table[@schema=\"time-profile\"]' |\n"
		    "    stackcollapse-xctrace --threads > out.folded\n",
	.options = options,
	.timed = true,
	.lanes = true,
	.detect = detect,
	.read = read,
};
