/* The maps that bpftrace prints when it ends, as text or JSON (-f json): any map whose keys hold stacks. */
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/json.h"
#include "convert/parallel.h"

static bool include_offset;
static const char *map_name;

static const struct opt options[] = {
	{0, "map", OPT_STRING, &map_name, "NAME",
		"Count only the map @NAME (\"@\": the one without a name). Default: all.", NULL, 0, false},
	{0, "includeoffset", OPT_FLAG, &include_offset, NULL, "Keep the offsets into functions.", NULL, 0, false},
	{0},
};

struct bpftrace {
	struct worker worker;
	struct buffer key; /* of the record being read, its lines joined by LF */
	bool open;         /* its end has not come yet */
	bool wanted;       /* it is of a map that counts */
	/* of the key being taken apart: */
	struct frame_list section;      /* a stack, leaf first */
	struct frame_list user, kernel; /* those before it */
	struct frame_list scalars;      /* what is no stack: root frames */
};

/* ---- keys ---- */

/* "vfs_open+44", "main+0x1b": how long the offset with its '+' is, 0 if there is none. */
static size_t offset_length(struct text frame)
{
	const char *plus = frame.size ? memrchr(frame.at, '+', frame.size) : NULL;
	if (!plus || plus == frame.at)
		return 0;
	struct text offset = {plus + 1, frame.size - (size_t)(plus + 1 - frame.at)};
	bool hex = cut_start(&offset, "0x");
	if (!offset.size)
		return 0;
	for (size_t i = 0; i < offset.size; i++) {
		char c = offset.at[i];
		if (!(c >= '0' && c <= '9') && !(hex && c >= 'a' && c <= 'f'))
			return 0;
	}
	return frame.size - (size_t)(plus - frame.at);
}

/* "560d930c15d5 main+821 (/usr/bin/app)", as kstack(perf) and ustack(perf) print: main+821. */
static struct text cut_perf_frame(struct text frame)
{
	struct text rest = frame, address = cut_word(&rest);
	for (size_t i = 0; i < address.size; i++)
		if (!memchr("0123456789abcdef", address.at[i], 16))
			return frame;
	if (address.size < 8 || !rest.size)
		return frame;
	const char *module = NULL;
	for (struct text part, next = rest; text_ends(rest, ")") && cut_until(&next, " (", &part);)
		module = next.at - 2;
	return module ? (struct text){rest.at, (size_t)(module - rest.at)} : rest;
}

static uint32_t function_name(struct bpftrace *bpftrace, struct text frame)
{
	frame = cut_perf_frame(frame);
	if (!include_offset)
		frame.size -= offset_length(frame);
	return frame_name(bpftrace->worker.stacks, frame);
}

/* Where the kernel is entered: a stack with such a root is the kernel's. */
static bool is_kernel_entry(struct text name)
{
	static const char *const starts[] = {"entry_", "ret_from_fork", "asm_exc_", "asm_sysvec_",
		"asm_common_interrupt", "secondary_startup", "common_startup", "el0", "el1", NULL};
	for (size_t i = 0; starts[i]; i++)
		if (text_starts(name, starts[i]))
			return true;
	return false;
}

/* Kernel frames stand above user frames, whatever the order of the keys. */
static void end_section(struct bpftrace *bpftrace)
{
	struct frame_list *section = &bpftrace->section;
	if (!section->count)
		return;
	struct text root = bpftrace->worker.stacks->names.names[section->names[section->count - 1]];
	struct frame_list *to = is_kernel_entry(root) ? &bpftrace->kernel : &bpftrace->user;
	for (size_t i = 0; i < section->count; i++)
		frame_list_add(to, section->names[i]);
	section->count = 0;
}

/* "comm, 17274, ", ", comm": without the commas at both ends. */
static void add_scalars(struct bpftrace *bpftrace, struct text text)
{
	text = text_trim(text);
	while (text.size && (text.at[0] == ',' || text.at[0] == ' '))
		text.at++, text.size--;
	while (text.size && (text_ends(text, ",") || text_ends(text, " ")))
		text.size--;
	if (text.size)
		frame_list_add(&bpftrace->scalars, frame_name(bpftrace->worker.stacks, text));
}

/* A key without a line end: "read, find" is the function read of find; ", find" and "find, " have no stack. */
static void take_short_key(struct bpftrace *bpftrace, struct text key)
{
	struct text first = text_before(key, ','), rest = {key.at + first.size, key.size - first.size};
	if (text_ends(text_trim(key), ",")) {
		add_scalars(bpftrace, key);
		return;
	}
	add_scalars(bpftrace, rest);
	add_scalars(bpftrace, first);
}

/*
 * @[find, 17274,                  (text: "[" and the scalars before the first stack)
 *     ext4_file_open+56
 *     do_syscall_64+113
 * ,
 *     __open64+10
 *     main+20
 * , find]: 3
 */
static void take_key(struct bpftrace *bpftrace, struct text key, double value)
{
	const char *at = key.at, *end = key.at + key.size;
	struct text line;
	if (!memchr(at, '\n', key.size)) {
		take_short_key(bpftrace, key);
	} else if (next_line(&at, end, &line)) {
		add_scalars(bpftrace, line);
		while (next_line(&at, end, &line)) {
			if (text_starts(line, ",")) {
				end_section(bpftrace);
				add_scalars(bpftrace, line);
			} else if (text_trim(line).size) {
				frame_list_add(&bpftrace->section, function_name(bpftrace, text_trim(line)));
			}
		}
		end_section(bpftrace);
	}
	uint32_t node = frame_list_up(&bpftrace->scalars, bpftrace->worker.stacks, 0);
	bpftrace->scalars.count = 0;
	node = frame_list_down(&bpftrace->user, bpftrace->worker.stacks, node);
	node = frame_list_down(&bpftrace->kernel, bpftrace->worker.stacks, node);
	stacks_add(bpftrace->worker.stacks, node, value);
}

/* True for the maps that count; `name` starts with '@'. */
static bool is_wanted(struct text name)
{
	return !map_name || text_is(name, map_name) ||
	       (name.size && text_is((struct text){name.at + 1, name.size - 1}, map_name));
}

/* ---- text ---- */

/* "3", "count 1, average 10, total 10": what the record weighs. */
static bool read_value(struct text text, double *value)
{
	struct text before;
	text = text_trim(text);
	if (text_starts(text, "count ") && cut_until(&text, ", total ", &before))
		text = text_trim(text);
	return text_number(text, false, value);
}

/* Adds a line's part to the key; if the key ends here, takes the record. */
static void add_line(struct bpftrace *bpftrace, const struct chunk *chunk, struct text line)
{
	const char *stop = NULL;
	struct text rest = line, part;
	bool frame = text_starts(line, "    ") || text_starts(line, "\t");
	while (!frame && cut_until(&rest, "]: ", &part))
		stop = part.at + part.size;
	double value;
	buffer_add(&bpftrace->key, line.at, stop ? (size_t)(stop - line.at) : line.size);
	if (!stop) {
		buffer_add_char(&bpftrace->key, '\n');
		return;
	}
	bpftrace->open = false;
	if (!bpftrace->wanted)
		return;
	if (read_value(rest, &value))
		take_key(bpftrace, buffer_text(&bpftrace->key), value);
	else
		skip_record(&bpftrace->worker.run->skipped, chunk, line.at, "the value of a map is no number: %.*s",
			rest.size > 60 ? 60 : (int)rest.size, rest.at);
}

static void end_file(void *state, const struct chunk *chunk)
{
	struct bpftrace *bpftrace = state;
	if (bpftrace->open)
		skip_record(&bpftrace->worker.run->skipped, chunk, chunk->data, "the record before here has no end");
	bpftrace->open = false;
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct bpftrace *bpftrace = state;
	struct text name;
	if (text_starts(line, "@")) {
		if (bpftrace->open)
			skip_record(
				&bpftrace->worker.run->skipped, chunk, line.at, "the record before here has no end");
		bpftrace->open = cut_until(&line, "[", &name);
		bpftrace->wanted = bpftrace->open && is_wanted(name);
		buffer_clear(&bpftrace->key);
	}
	if (bpftrace->open)
		add_line(bpftrace, chunk, line);
}

/* ---- JSON ---- */

/* {"\n    ext4_file_open+56\n    do_syscall_64+113\n,find": 3} */
static void read_map(struct bpftrace *bpftrace, struct json *json)
{
	struct text key;
	while (json_member(json, &key)) {
		buffer_clear(&bpftrace->key);
		buffer_add(&bpftrace->key, key.at, key.size);
		double value = -1;
		if (json_peek(json).kind == JSON_OBJECT) { /* {"count": 1, "average": 10, "total": 10} */
			json_next(json);
			while (json_member(json, &key)) {
				bool total = text_is(key, "total");
				double number = json_number(json, -1);
				value = total ? number : value;
			}
		} else {
			value = json_number(json, -1);
		}
		if (value >= 0)
			take_key(bpftrace, buffer_text(&bpftrace->key), value);
		else
			json_skipped(json, &bpftrace->worker.run->skipped, "the value of a map is no number");
	}
}

/* {"type": "map", "data": {"@": {...}}} */
static void read_message(struct bpftrace *bpftrace, struct json *json)
{
	struct text key;
	while (json_member(json, &key)) {
		if (!text_is(key, "data")) {
			json_skip(json);
		} else if (json_enter(json, JSON_OBJECT)) {
			while (json_member(json, &key)) {
				bool wanted = text_starts(key, "@") && is_wanted(key);
				if (!wanted)
					json_skip(json);
				else if (json_enter(json, JSON_OBJECT))
					read_map(bpftrace, json);
			}
		}
	}
}

static bool read_json(struct bpftrace *bpftrace, struct source *source)
{
	struct json *json = json_open(source);
	while (json_file(json))
		while (json_peek(json).kind != JSON_END)
			if (json_enter(json, JSON_OBJECT))
				read_message(bpftrace, json);
	return json_close(json);
}

/* ---- the whole ---- */

static bool is_json(struct text head)
{
	return text_starts(text_trim(head), "{");
}

static bool starts_record(struct text line)
{
	return text_starts(line, "@");
}

static size_t cut_records(const char *data, size_t size)
{
	return lines_cut_before(data, size, starts_record);
}

static bool end(void *state)
{
	struct bpftrace *bpftrace = state;
	buffer_free(&bpftrace->key);
	frame_list_free(&bpftrace->section);
	frame_list_free(&bpftrace->user);
	frame_list_free(&bpftrace->kernel);
	frame_list_free(&bpftrace->scalars);
	return true;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	static const struct parallel_format format = {.cut = cut_records,
		.state_size = sizeof(struct bpftrace),
		.take = take_line,
		.end_of_lines = end_file,
		.end = end};
	enum { HEAD_BYTES = 4096 };
	if (!is_json(source_peek(source, HEAD_BYTES)))
		return parallel_read(&format, source, stacks, run);
	struct bpftrace bpftrace = {.worker = {.stacks = stacks, .run = run}};
	bool good = read_json(&bpftrace, source);
	return end(&bpftrace) && good;
}

/* "@[", "@us[", "@start[find, 17274, " */
static bool is_map(struct text line)
{
	struct text name;
	if (!text_starts(line, "@") || !cut_until(&line, "[", &name))
		return false;
	for (size_t i = 1; i < name.size; i++)
		if (name.at[i] == ' ' || name.at[i] == ':')
			return false;
	return true;
}

static int detect(struct text head)
{
	if (is_json(head))
		return text_find(head, "{\"type\": \"attached_probes\"") || text_find(head, "{\"type\": \"map\"") ? 100
														  : 0;
	return lines_any(head, is_map) ? 80 : 0;
}

const struct converter bpftrace_converter = {
	.name = "bpftrace",
	.summary = "Converts bpftrace's maps of stacks (text or JSON) to folded stacks.",
	.examples = "  bpftrace -e 'profile:hz:99 { @[kstack, ustack, comm] = count(); }' > out.txt\n"
		    "  stackcollapse-bpftrace out.txt | flamerender > out.svg\n",
	.options = options,
	.parallel = true,
	.detect = detect,
	.read = read,
};
