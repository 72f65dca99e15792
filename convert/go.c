/* The text of `go tool pprof -raw`: samples as lists of location numbers, then what the locations are. */
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/lines.h"

static const char *sample_index;
static struct opt_list tag_roots;

static const struct opt options[] = {
	{0, "sample-index", OPT_STRING, &sample_index, "NAME|N",
		"The value that counts, by name or number (from 0). Default: the profile's, or the first.", NULL, 0,
		false},
	{0, "tag-root", OPT_LIST, &tag_roots, "KEY",
		"Put the label KEY (thread, pid ...) as a root frame (may be repeated).", NULL, 0, false},
	{0, "sample_index", OPT_STRING, &sample_index, "N", "As --sample-index.", NULL, 0, true},
	{0},
};

/* What stands at an address: functions, several if they were inlined. */
struct location {
	size_t first, count; /* in go.frames, the innermost first */
	bool known;
	uint64_t mapping;
	uint32_t address; /* its name as a frame */
};

enum section { BEFORE, TYPES, SAMPLES, LOCATIONS, MAPPINGS };

struct go {
	struct stacks *stacks;
	struct skipped *skipped;
	bool failed;
	enum section section;
	size_t column, columns;     /* the value that counts; how many there are */
	struct stacks *numbered;    /* the samples; frames are location numbers */
	struct location *locations; /* by the number of their name in `numbered` */
	size_t location_count, location_capacity;
	uint32_t open;            /* the location whose further lines come */
	struct frame_list sample; /* the locations of the last sample, whose labels may come, leaf first */
	double value;             /* of it; 0: there is none */
	struct buffer labels;     /* its lines of labels, each behind a blank */
	uint32_t *frames;
	size_t frame_count, frame_capacity;
	uint32_t *modules; /* frames "[program]" by mapping */
	size_t module_count, module_capacity;
};

/* ---- samples ---- */

/* alloc_objects/count inuse_space/bytes[dflt]: which column counts. */
static void read_types(struct go *go, const struct chunk *chunk, struct text line)
{
	uint64_t wanted;
	bool by_number = sample_index && text_integer(text_of(sample_index), &wanted), found = !sample_index;
	struct text rest = line;
	go->column = go->columns = 0;
	for (struct text type; (type = cut_word(&rest)).size; go->columns++) {
		bool here = sample_index ? text_is(text_before(type, '/'), sample_index) : text_ends(type, "[dflt]");
		if (by_number)
			here = wanted == go->columns;
		if (here)
			go->column = go->columns;
		found |= here;
	}
	go->section = found ? SAMPLES : BEFORE;
	if (found)
		return;
	report_error("%s: there is no value %s: known are %.*s", chunk->file, sample_index, (int)line.size, line.at);
	go->failed = true;
}

/* The column's value. False if it is none. */
static bool read_value(const struct go *go, struct text values, double *value)
{
	size_t count = 0;
	bool good = false;
	for (struct text word; (word = cut_word(&values)).size; count++) {
		uint64_t number = 0;
		if (count != go->column)
			continue;
		good = text_starts(word, "-") || text_integer(word, &number);
		*value = (double)number;
	}
	return good && count == go->columns;
}

/* The value of "KEY:[VALUE]" among the labels; empty if there is none. */
static struct text label_value(struct text labels, const char *key)
{
	struct text before, value;
	while (cut_until(&labels, " ", &before))
		if (cut_start(&labels, key) && cut_start(&labels, ":[") && cut_until(&labels, "]", &value))
			return value;
	return (struct text){"", 0};
}

/* In `numbered`, frames that are no location begin with this. */
static const char label_mark = '\x01';

/* The root frames that --tag-root asks for. */
static uint32_t tag_node(struct go *go)
{
	uint32_t node = 0;
	for (size_t i = 0; i < tag_roots.count; i++) {
		const char *key = tag_roots.items[i];
		struct text value = label_value(buffer_text(&go->labels), key);
		uint64_t number;
		struct buffer name = {0};
		buffer_add_char(&name, label_mark);
		if (!value.size)
			buffer_add_format(&name, "(no %s)", key);
		else if (text_integer(value, &number))
			buffer_add_format(&name, "%s ", key);
		buffer_add(&name, value.at, value.size);
		node = stacks_child(go->numbered, node, stacks_name(go->numbered, name.at, name.size));
		buffer_free(&name);
	}
	return node;
}

/* Adds the last sample: its labels are through. */
static void end_sample(struct go *go)
{
	if (go->value > 0 && go->sample.count)
		stacks_add(go->numbered, frame_list_down(&go->sample, go->numbered, tag_node(go)), go->value);
	go->sample.count = 0;
	go->value = 0;
	buffer_clear(&go->labels);
}

/*         11  110000000: 1 2 3 4
 *                 n:[1] phase:[compute] */
static void read_sample(struct go *go, const struct chunk *chunk, struct text line)
{
	enum { LABEL_INDENT = 16 };
	struct text values, rest = line;
	double value;
	if (cut_blanks(&rest) >= LABEL_INDENT || !rest.size) {
		buffer_add_char(&go->labels, ' ');
		buffer_add(&go->labels, rest.at, rest.size);
		return;
	}
	end_sample(go);
	if (!cut_until(&rest, ": ", &values) || !read_value(go, values, &value)) {
		skip_record(go->skipped, chunk, line.at, "a sample that is not 'VALUES: LOCATIONS'");
		return;
	}
	go->value = value;
	for (struct text id; value > 0 && (id = cut_word(&rest)).size;)
		frame_list_add(&go->sample, stacks_name(go->numbered, id.at, id.size));
}

/* ---- locations ---- */

/* main.sum busy/main.go:17:0 s=17(_main_sum): "main.sum". At most so many at one address that a small input cannot make
 * stacks of any size. */
static void add_function(struct go *go, struct text line)
{
	enum { INLINED_KEPT = 256 };
	struct text rest = line, part, all = {line.at, 0};
	while (cut_until(&rest, " s=", &part))
		all.size = (size_t)(part.at + part.size - line.at);
	const char *blank = all.size ? memrchr(all.at, ' ', all.size) : NULL;
	if (!blank || go->locations[go->open].count >= INLINED_KEPT)
		return;
	struct text name = {all.at, (size_t)(blank - all.at)};
	go->frames = mem_grow(go->frames, &go->frame_capacity, go->frame_count + 1, sizeof *go->frames);
	go->frames[go->frame_count++] = frame_name(go->stacks, name);
	go->locations[go->open].count++;
}

/* Makes room for a location; a number that was given twice keeps what was said last. */
static void open_location(struct go *go, struct text id)
{
	uint32_t number = stacks_name(go->numbered, id.at, id.size);
	go->locations = mem_grow(go->locations, &go->location_capacity, number + 1, sizeof *go->locations);
	while (go->location_count <= number)
		go->locations[go->location_count++] = (struct location){0};
	go->locations[number] = (struct location){.first = go->frame_count, .known = true};
	go->open = number;
}

/*      1: 0x4d6358 M=1 main.sum busy/main.go:17:0 s=17
 *              main.main.func1 busy/main.go:26:0 s=25 */
static void read_location(struct go *go, const struct chunk *chunk, struct text line)
{
	enum { INLINE_INDENT = 13 };
	struct text id, address, rest = line;
	if (cut_blanks(&rest) >= INLINE_INDENT && go->location_count) {
		add_function(go, rest);
		return;
	}
	if (!rest.size)
		return;
	if (!cut_until(&rest, ": ", &id) || !id.size || !text_starts(address = cut_word(&rest), "0x")) {
		skip_record(go->skipped, chunk, line.at, "a location that is not 'NUMBER: ADDRESS FUNCTION'");
		return;
	}
	open_location(go, id);
	struct location *location = &go->locations[go->open];
	location->address = frame_name(go->stacks, address);
	if (cut_start(&rest, "M=") && cut_integer(&rest, &location->mapping))
		cut_blanks(&rest);
	cut_start(&rest, "[F] ");
	add_function(go, rest);
}

/* 1: 0x400000/0x4d7000/0x0 /usr/bin/busy b83cf2cf0cb42826 [FN] */
static void read_mapping(struct go *go, struct text line)
{
	enum { MAPPINGS_KEPT = 1 << 16 };
	uint64_t number;
	cut_blanks(&line);
	if (!cut_integer(&line, &number) || number >= MAPPINGS_KEPT || !cut_start(&line, ": "))
		return;
	cut_word(&line);
	struct text file = cut_word(&line);
	const char *slash = file.size ? memrchr(file.at, '/', file.size) : NULL;
	struct buffer name = {0};
	buffer_add_format(&name, text_starts(file, "[") ? "%.*s" : "[%.*s]",
		(int)(slash ? file.at + file.size - slash - 1 : (long)file.size), slash ? slash + 1 : file.at);
	go->modules = mem_grow(go->modules, &go->module_capacity, number + 1, sizeof *go->modules);
	while (go->module_count <= number)
		go->modules[go->module_count++] = UINT32_MAX;
	go->modules[number] = frame_name(go->stacks, buffer_text(&name));
	buffer_free(&name);
}

/* ---- the whole ---- */

/* The node below `parent` for a location: the functions, or the module, or the address; its number if it is unknown. */
static uint32_t down(struct go *go, uint32_t parent, uint32_t number)
{
	struct text name = go->numbered->names.names[number];
	if (name.size && *name.at == label_mark)
		return frame_child(go->stacks, parent, (struct text){name.at + 1, name.size - 1});
	if (number >= go->location_count || !go->locations[number].known)
		return frame_child(go->stacks, parent, name);
	const struct location *location = &go->locations[number];
	for (size_t i = location->count; i > 0; i--)
		parent = stacks_child(go->stacks, parent, go->frames[location->first + i - 1]);
	if (location->count)
		return parent;
	uint32_t module = location->mapping < go->module_count ? go->modules[location->mapping] : UINT32_MAX;
	return stacks_child(go->stacks, parent, module != UINT32_MAX ? module : location->address);
}

/* Samples name locations that come behind them: at the end of a file they are put together. */
static void end_file(void *state, const struct chunk *chunk)
{
	struct go *go = state;
	end_sample(go);
	const struct stacks *numbered = go->numbered;
	uint32_t *nodes = mem_zero(numbered->count, sizeof *nodes);
	for (uint32_t i = 1; i < numbered->count; i++) {
		nodes[i] = down(go, nodes[numbered->nodes[i].parent], numbered->nodes[i].name);
		if (numbered->nodes[i].self > 0)
			stacks_add(go->stacks, nodes[i], numbered->nodes[i].self);
	}
	free(nodes);
	if (go->section < MAPPINGS)
		skip_record(go->skipped, chunk, chunk->data, "the input ends before the list of mappings");
	stacks_clear(go->numbered);
	go->location_count = go->frame_count = go->module_count = 0;
	go->section = BEFORE;
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct go *go = state;
	if (text_is(line, "Samples:"))
		go->section = TYPES;
	else if (text_starts(line, "Locations"))
		go->section = LOCATIONS;
	else if (text_starts(line, "Mappings"))
		go->section = MAPPINGS;
	else if (go->section == TYPES)
		read_types(go, chunk, line);
	else if (go->section == SAMPLES)
		read_sample(go, chunk, line);
	else if (go->section == LOCATIONS)
		read_location(go, chunk, line);
	else if (go->section == MAPPINGS)
		read_mapping(go, line);
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct go go = {.stacks = stacks, .skipped = &run->skipped, .numbered = stacks_new(false)};
	lines_read(source, take_line, end_file, &go);
	stacks_free(go.numbered);
	free(go.locations);
	free(go.frames);
	free(go.modules);
	frame_list_free(&go.sample);
	buffer_free(&go.labels);
	return !go.failed;
}

static int detect(struct text head)
{
	return text_starts(head, "PeriodType: ") || text_starts(head, "Samples:\n") || text_find(head, "\nSamples:\n")
		       ? 80
		       : 0;
}

const struct converter go_converter = {
	.name = "go",
	.summary = "Converts the text of go tool pprof -raw to folded stacks.",
	.examples = "  go tool pprof -raw cpu.pb.gz | stackcollapse-go | flamerender > out.svg\n"
		    "  go tool pprof -raw heap.pb.gz | stackcollapse-go --sample-index alloc_space > out.folded\n",
	.options = options,
	.detect = detect,
	.read = read,
};
