/* The text that `perf script` prints. A record is a header line, frame lines from the leaf to the root, and a blank
 * line:
 *
 *   java 24636/25607 [000] 94564.109216:     100 cycles:
 *           7f722d142778 Ljava/io/PrintStream;::print (/tmp/perf-19982.map)
 *           7f7241fbe6d8 JavaMain+0x1a (/opt/jdk/libjli.so)
 *
 * Most records of a profile were seen before, byte by byte but for the header: they are recognised by a hash of their
 * frame lines, and all work on frames is skipped. Frames of new records are recognised by a hash of their line. */
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"
#include "convert/addr2line.h"
#include "convert/converter.h"
#include "convert/parallel.h"
#include "convert/perf_blocks.h"
#include "convert/perf_events.h"
#include "convert/perf_frame.h"
#include "convert/perf_header.h"
#include "convert/record_stack.h"
#include "convert/timeline.h"

static bool with_pid, with_tid, all_marks, inline_functions, context, source_lines;
static struct perf_naming naming;
static struct perf_events events;
static struct opt_list skip_after;
static const char *names = "tidy", *count = "period";

static const char *const names_choices[] = {"tidy", "perl", NULL};
static const char *const count_choices[] = {"period", "samples", NULL};
static const struct opt options[] = {
	{0, "pid", OPT_FLAG, &with_pid, NULL, "Root frames are comm-PID.", NULL, 0, false},
	{0, "tid", OPT_FLAG, &with_tid, NULL, "Root frames are comm-PID/TID.", NULL, 0, false},
	{0, "kernel", OPT_FLAG, &naming.kernel, NULL, "Mark kernel functions with _[k].", NULL, 0, false},
	{0, "jit", OPT_FLAG, &naming.jit, NULL, "Mark jitted functions with _[j].", NULL, 0, false},
	{0, "all", OPT_FLAG, &all_marks, NULL, "As --kernel --jit.", NULL, 0, false},
	{0, "addrs", OPT_FLAG, &naming.addresses, NULL, "Show the address of functions without a name.", NULL, 0,
		false},
	{0, "inline", OPT_FLAG, &inline_functions, NULL, "Show inlined functions, by addr2line (slow).", NULL, 0,
		false},
	{0, "context", OPT_FLAG, &context, NULL, "With --inline: names are function:file:line.", NULL, 0, false},
	{0, "srcline", OPT_FLAG, &source_lines, NULL, "Append the source lines that perf script -F +srcline printed.",
		NULL, 0, false},
	{0, "event-filter", OPT_LIST, &events.filters, "EVENT",
		"Count samples of this event (may be repeated). Default: the event of the first record.", NULL, 0,
		false},
	{0, "all-events", OPT_FLAG, &events.all, NULL, "Count samples of all events together.", NULL, 0, false},
	{0, "skip-after", OPT_LIST, &skip_after, "NAME",
		"Drop what called the function NAME: stacks start with it (may be repeated).", NULL, 0, false},
	{0, "count", OPT_CHOICE, &count, "WHAT", "What a sample weighs: its period, or samples (1). Default: period.",
		count_choices, 0, false},
	{0, "names", OPT_CHOICE, &names, "HOW",
		"tidy: argument lists cut, templates kept whole, Rust names cleaned; perl: as stackcollapse-perf.pl. "
		"Default: tidy.",
		names_choices, 0, false},
	{0},
};

/* ---- the state of one thread ---- */

struct perf {
	struct worker worker;
	struct timeline timeline;
	/* the record that is being read: */
	struct perf_header header;
	struct record_stack stack;
	bool open, wanted, java;
	struct buffer root;     /* its root frame: comm, comm-PID ... */
	struct hash128 salt;    /* hash of that: records of other processes are others */
	struct frame_list path; /* names, root first */
	struct buffer names, scratch;
};

static void set_root(struct perf *perf)
{
	const struct perf_header *header = &perf->header;
	struct buffer *root = &perf->root;
	buffer_clear(root);
	buffer_add(root, header->comm.at, header->comm.size);
	for (size_t i = 0; i < root->size; i++) {
		char c = root->at[i];
		root->at[i] = c == ' ' || c == '\t' ? '_' : c == ';' ? ':' : c;
	}
	if (with_tid || with_pid || perf->timeline.active) {
		struct text pid = header->pid.size ? header->pid : (struct text){"?", 1};
		buffer_add_char(root, '-');
		buffer_add(root, pid.at, pid.size);
		if (with_tid || perf->timeline.active) {
			buffer_add_char(root, '/');
			buffer_add(root, header->tid.at, header->tid.size);
		}
	}
	perf->java = text_starts(buffer_text(root), "java");
	perf->salt = hash_bytes128(root->at, root->size);
}

/* ---- frames ---- */

static bool stops_here(struct perf *perf, const struct perf_frame *frame)
{
	if (!skip_after.count)
		return false;
	struct text symbol = perf_symbol(frame, naming.perl, &perf->scratch);
	for (size_t i = 0; i < skip_after.count; i++)
		if (text_is(symbol, skip_after.items[i]))
			return true;
	return false;
}

/* Kernel and jitted code have no file that addr2line could read. */
static bool has_inlined(const struct perf_frame *frame)
{
	return inline_functions && !text_starts(frame->module, "[") && !text_find(frame->module, "kernel.") &&
	       !text_find(frame->module, "/perf-");
}

/* "main.cpp:137", "libc.so[27b25]": the line that --srcline appends, without [..] parts. */
static void put_source_line(struct text line, struct buffer *out)
{
	struct buffer kept = {0};
	bool inside = false;
	for (size_t i = 0; i < line.size; i++) {
		inside |= line.at[i] == '[';
		if (!inside)
			buffer_add_char(&kept, line.at[i] == ';' ? ':' : line.at[i]);
		inside &= line.at[i] != ']';
	}
	struct text trimmed = text_trim(buffer_text(&kept));
	if (trimmed.size && out->size) {
		out->size--; /* the '\n' of the name */
		buffer_add_char(out, ':');
		buffer_add(out, trimmed.at, trimmed.size);
		buffer_add_char(out, '\n');
	}
	buffer_free(&kept);
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* What of a frame line decides its names: with --addrs or --inline all of it, else neither the address before the
 * symbol nor the offset behind it, "414297 runtime.mapassign_faststr+0x277 (/usr/lib/go/bin/go)". */
static struct hash128 frame_key(const struct perf *perf, struct text line)
{
	const char *start = line.at, *end = line.at + line.size, *module = end;
	if (!naming.addresses && !inline_functions) {
		const char *blank = memchr(start, ' ', line.size);
		const char *open = memrchr(start, '(', line.size);
		start = blank ? blank : start;
		module = open && open > start ? open - 1 : end;
	}
	const char *symbol_end = module;
	if (module < end) {
		while (symbol_end > start && is_hex(symbol_end[-1]))
			symbol_end--;
		bool offset = symbol_end - start > 3 && memcmp(symbol_end - 3, "+0x", 3) == 0;
		symbol_end = offset ? symbol_end - 3 : module;
	}
	return (struct hash128){hash_bytes(start, (size_t)(symbol_end - start)),
		hash_mix(hash_bytes(module, (size_t)(end - module)), perf->java)};
}

/* A frame line that was not seen before. */
static bool add_new_frame(struct perf *perf, struct text line, struct hash128 key)
{
	struct perf_frame frame;
	if (!perf_frame_parse(line, naming.perl, &frame))
		return false;
	if (!has_inlined(&frame) ||
		!addr2line(frame.pc, frame.module, frame.symbol, frame.offset, context, &perf->names))
		perf_frame_names(&frame, &naming, perf->java, &perf->names, &perf->scratch);
	record_stack_new(&perf->stack, key, &perf->worker.blocks, &perf->names, stops_here(perf, &frame));
	return true;
}

/* With --srcline a frame's names depend on the next line too, which is taken from *at. */
static bool add_source_frame(struct perf *perf, struct text line, const char **at, const char *end)
{
	struct perf_frame frame;
	struct text place = {"", 0};
	if (!perf_frame_parse(line, naming.perl, &frame))
		return false;
	perf_frame_names(&frame, &naming, perf->java, &perf->names, &perf->scratch);
	bool unknown = text_is(frame.symbol, "[unknown]") && text_is(frame.module, "[unknown]");
	if (!unknown && perf->names.size && next_line(at, end, &place))
		put_source_line(place, &perf->names);
	record_stack_push(&perf->stack, &perf->worker.blocks, &perf->names, stops_here(perf, &frame));
	return true;
}

/* ---- records ---- */

static double weight_of(const struct perf *perf)
{
	return *count == 's' ? 1 : perf->header.period;
}

/* `node`: of the record's stack. */
static void add_to_timeline(struct perf *perf, uint32_t node)
{
	timeline_add(&perf->timeline, stacks_name(perf->worker.stacks, perf->root.at, perf->root.size), node,
		perf->header.has_time ? perf->header.time * 1e6 : -1);
}

/* The root frame is kept as the frame lines are. */
static void add_root(struct perf *perf)
{
	if (record_stack_known(&perf->stack, perf->salt))
		return;
	buffer_clear(&perf->names);
	buffer_add(&perf->names, perf->root.at, perf->root.size);
	buffer_add_char(&perf->names, '\n');
	record_stack_new(&perf->stack, perf->salt, &perf->worker.blocks, &perf->names, false);
}

/* Adds the record's stack. Others with this key, if it is not NULL, will have the same one. */
static void add_stack(struct perf *perf, const struct hash128 *key)
{
	struct frame_list *path = &perf->path;
	path->count = 0;
	add_root(perf);
	record_stack_path(&perf->stack, path);
	if (perf->timeline.active) {
		uint32_t node = frame_list_up(path, perf->worker.stacks, 0);
		add_to_timeline(perf, node);
		if (key)
			blocks_know(&perf->worker.blocks, *key, node);
		return;
	}
	uint32_t stack = blocks_stack(&perf->worker.blocks, path->names, path->count, key);
	blocks_weigh(&perf->worker.blocks, stack, weight_of(perf));
}

/* Ends the record that is open, if any. */
static void end_record(struct perf *perf, const struct hash128 *key)
{
	if (perf->open && perf->wanted)
		add_stack(perf, key);
	perf->open = false;
	record_stack_clear(&perf->stack);
}

static bool begin_record(struct perf *perf, struct text line)
{
	struct perf_header header;
	if (!perf_header_parse(line, &header))
		return false;
	end_record(perf, NULL);
	perf->header = header;
	perf->open = true;
	perf->wanted = perf_event_counts(&events, header.event);
	if (!perf->wanted)
		return true;
	set_root(perf);
	if (header.rest.size) {
		struct hash128 key = frame_key(perf, header.rest);
		if (!record_stack_known(&perf->stack, key))
			add_new_frame(perf, header.rest, key); /* or it is a tracepoint's text */
	}
	return true;
}

/* Takes the frame lines up to `end`; headers among them begin further records. True if there were none and nothing odd.
 */
static bool add_lines(struct perf *perf, const struct chunk *chunk, const char *at, const char *end)
{
	bool plain = true;
	struct text line;
	while (next_line(&at, end, &line)) {
		struct text trimmed = text_trim(line);
		if (!trimmed.size) {
			end_record(perf, NULL);
			plain = false;
			continue;
		}
		if (trimmed.at[0] == '#')
			continue;
		struct hash128 key = {0, 0};
		if (perf->open && perf->wanted && !source_lines) {
			key = frame_key(perf, trimmed);
			if (record_stack_known(&perf->stack, key))
				continue;
		}
		if (begin_record(perf, line)) {
			plain = false;
		} else if (!perf->open ||
			   (perf->wanted && source_lines && !add_source_frame(perf, trimmed, &at, end)) ||
			   (perf->wanted && !source_lines && !add_new_frame(perf, trimmed, key))) {
			skip_record(&perf->worker.run->skipped, chunk, line.at, "unrecognised line: %.*s",
				trimmed.size > 60 ? 60 : (int)trimmed.size, trimmed.at);
			plain = false;
		}
	}
	return plain;
}

/* The lines up to a blank one: nearly always one record. */
struct block {
	struct text first; /* line that is no comment */
	const char *body;  /* behind it */
	const char *end;
	struct hash128 hash; /* of the body */
};

/* Takes the next block; false if there is none. */
static bool next_block(const char **at, const char *end, struct block *block)
{
	bool any = false;
	while (!any && *at < end) {
		if (**at == '\n' || **at == '\r') {
			++*at;
			continue;
		}
		block->body = *at;
		block->end = *at = perf_block_end(*at, end);
		do
			any = next_line(&block->body, block->end, &block->first);
		while (any && text_starts(block->first, "#"));
	}
	if (any)
		block->hash = hash_bytes128(block->body, (size_t)(block->end - block->body));
	return any;
}

static void add_block(struct perf *perf, const struct chunk *chunk, const struct block *block)
{
	if (!begin_record(perf, block->first)) {
		add_lines(perf, chunk, block->first.at, block->end);
		end_record(perf, NULL);
		return;
	}
	bool cacheable = perf->wanted && !perf->stack.depth && block->body < block->end;
	struct hash128 key = {block->hash.low, block->hash.high + perf->salt.high};
	int64_t known = cacheable ? blocks_find(&perf->worker.blocks, key) : -1;
	if (known >= 0) {
		if (perf->timeline.active)
			add_to_timeline(perf, (uint32_t)known);
		else
			blocks_weigh(&perf->worker.blocks, (uint32_t)known, weight_of(perf));
		perf->open = false;
		return;
	}
	bool plain = add_lines(perf, chunk, block->body, block->end);
	end_record(perf, plain && cacheable ? &key : NULL);
}

/* While the memory brings what is known of some blocks, the next ones are cut. */
static void work(void *state, const struct chunk *chunk)
{
	enum { AHEAD = 16 };
	struct perf *perf = state;
	struct block blocks[AHEAD];
	const char *at = chunk->data, *end = chunk->data + chunk->size;
	while (at < end) {
		size_t ready = 0;
		while (ready < AHEAD && next_block(&at, end, &blocks[ready]))
			blocks_prefetch(&perf->worker.blocks, blocks[ready++].hash);
		for (size_t i = 0; i < ready; i++)
			add_block(perf, chunk, &blocks[i]);
	}
}

/* ---- the input ---- */

static void begin(void *state)
{
	struct perf *perf = state;
	timeline_begin(&perf->timeline, perf->worker.stacks, perf->worker.run->ordered);
}

static bool settled(const void *state)
{
	(void)state;
	return perf_events_settled(&events);
}

static bool end(void *state)
{
	struct perf *perf = state;
	record_stack_free(&perf->stack);
	frame_list_free(&perf->path);
	buffer_free(&perf->root);
	buffer_free(&perf->names);
	buffer_free(&perf->scratch);
	return timeline_end(&perf->timeline);
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	static const struct parallel_format format = {
		.cut = perf_cut_records,
		.whole = true,
		.state_size = sizeof(struct perf),
		.begin = begin,
		.settled = settled,
		.work = work,
		.end = end,
	};
	naming.perl = events.whole_names = strcmp(names, "perl") == 0;
	naming.kernel |= all_marks;
	naming.jit |= all_marks;
	if (context && !inline_functions)
		die(EXIT_USAGE, "--context needs --inline");
	bool good = parallel_read(&format, source, stacks, run);
	buffer_free(&events.first);
	return good;
}

/* The first record: a header, then a frame (or a frame on the same line). */
static int detect(struct text head)
{
	const char *at = head.at, *end = head.at + head.size;
	struct perf_header header = {0};
	struct perf_frame frame;
	bool headed = false;
	for (struct text line; next_line(&at, end, &line);) {
		if (!text_trim(line).size || text_starts(line, "#"))
			continue;
		if (headed)
			return perf_frame_parse(line, false, &frame) ? 60 : 0;
		if (!perf_header_parse(line, &header) || (!header.has_time && !header.event.size))
			return 0;
		if (perf_frame_parse(header.rest, false, &frame))
			return 60;
		headed = true;
	}
	return 0;
}

const struct converter perf_converter = {
	.name = "perf",
	.summary = "Converts the output of perf script (Linux perf) to folded stacks.",
	.examples = "  perf record -F 99 -g -- ./program; perf script | stackcollapse-perf | flamerender > out.svg\n",
	.options = options,
	.parallel = true,
	.timed = true,
	.detect = detect,
	.read = read,
};
