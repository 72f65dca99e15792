/* GHC's cost centre profiles: the text of +RTS -p and -P, and the JSON of -pj. */
#include "convert/calltree.h"
#include "convert/converter.h"
#include "convert/frame.h"
#include "convert/ghcprof_json.h"
#include "convert/lines.h"

#include <math.h>

#include "common/report.h"

static bool by_time, by_ticks, by_bytes;

static const struct opt options[] = {
	{0, "time", OPT_FLAG, &by_time, NULL,
		"Weights are the share of the time, per mille (the default; JSON: ticks).", NULL, 0, false},
	{0, "ticks", OPT_FLAG, &by_ticks, NULL, "Weights are ticks (-P).", NULL, 0, false},
	{0, "bytes", OPT_FLAG, &by_bytes, NULL, "Weights are bytes allocated (-P).", NULL, 0, false},
	{0},
};

struct reader {
	struct run *run;
	struct calltree tree;
	enum { BEFORE, HEADED, ROWS, AFTER } state;
	size_t module, value; /* columns: characters from the line's start */
	struct buffer name;
	bool good;
};

/* The byte at which the character of that number starts; the text's size if it has fewer. */
static size_t byte_of(struct text line, size_t character)
{
	size_t at = 0;
	for (; at < line.size && (character || (line.at[at] & 0xC0) == 0x80); at++)
		if ((line.at[at] & 0xC0) != 0x80) {
			if (!character)
				break;
			character--;
		}
	while (at < line.size && (line.at[at] & 0xC0) == 0x80)
		at++;
	return at;
}

static struct text from(struct text line, size_t character)
{
	size_t at = byte_of(line, character);
	return (struct text){line.at + at, line.size - at};
}

static struct text first_word(struct text text)
{
	text = text_trim(text);
	size_t size = 0;
	while (size < text.size && text.at[size] != ' ' && text.at[size] != '\t')
		size++;
	return (struct text){text.at, size};
}

/* The column where the word ends that stands before `word`, which is right-aligned. */
static bool column_before(struct text line, const char *word, size_t *column)
{
	const char *found = text_find(line, word);
	if (!found)
		return false;
	while (found > line.at && found[-1] == ' ')
		found--;
	*column = (size_t)(found - line.at);
	return true;
}

static bool is_heading(struct text line)
{
	static const char *const words[] = {
		"COST", "CENTRE", "MODULE", "SRC", "no.", "entries", "%time", "%alloc", "%time", "%alloc"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct text word = first_word(line);
		if (!text_is(word, words[i]))
			return false;
		line = (struct text){word.at + word.size, line.size - (size_t)(word.at + word.size - line.at)};
	}
	return true;
}

/* COST CENTRE   MODULE   SRC   no.   entries  %time %alloc   %time %alloc   [ticks  bytes] */
static void read_heading(struct reader *reader, const struct chunk *chunk, struct text line)
{
	reader->module = (size_t)(text_find(line, "MODULE") - line.at);
	reader->value = (size_t)(text_find(line, "%time") - line.at);
	const char *wanted = by_bytes ? "bytes" : by_ticks ? "ticks" : NULL;
	if (wanted && !column_before(line, wanted, &reader->value)) {
		report_error("%s:%lu: Expected '%s' column but it was not present: run the program with +RTS -P",
			chunk->file, chunk_line(chunk, line.at), wanted);
		reader->good = false;
		reader->state = AFTER;
		return;
	}
	reader->state = HEADED;
}

/*  main     Main     ghc-prof-flamegraph.hs:(108,1)-(120,56)   339   1   30.0    9.4   100.0   98.8 */
static void read_row(struct reader *reader, const struct chunk *chunk, struct text line)
{
	size_t depth = 0;
	while (depth < line.size && line.at[depth] == ' ')
		depth++;
	size_t module_at = byte_of(line, reader->module);
	struct text module = first_word(from(line, reader->module)), value_text = first_word(from(line, reader->value));
	double value;
	if (module_at <= depth || !module.size || !text_number(value_text, false, &value)) {
		skip_record(&reader->run->skipped, chunk, line.at, "a name, a module or a number is missing");
		return;
	}
	struct text centre = text_trim((struct text){line.at + depth, module_at - depth});
	buffer_clear(&reader->name);
	buffer_add(&reader->name, module.at, module.size);
	buffer_add_char(&reader->name, '.');
	buffer_add(&reader->name, centre.at, centre.size);
	uint32_t node, name = frame_name(reader->tree.stacks, buffer_text(&reader->name));
	if (!calltree_row(&reader->tree, depth, name, 0, &node))
		skip_record(&reader->run->skipped, chunk, line.at, "a level of the call tree is missing above");
	else if (value > 0)
		stacks_add(reader->tree.stacks, node, by_bytes || by_ticks ? value : floor(value * 10 + 1e-6));
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct reader *reader = state;
	switch (reader->state) {
	case BEFORE:
		if (is_heading(line))
			read_heading(reader, chunk, line);
		break;
	case HEADED: /* an empty line */
		reader->state = ROWS;
		break;
	case ROWS:
		if (text_trim(line).size)
			read_row(reader, chunk, line);
		else
			reader->state = AFTER;
		break;
	case AFTER:
		break;
	}
}

static void end_file(void *state, const struct chunk *chunk)
{
	struct reader *reader = state;
	calltree_end(&reader->tree);
	if (reader->state == BEFORE) {
		report_error("%s: there is no heading 'COST CENTRE  MODULE  SRC  no.  entries ...'", chunk->file);
		reader->good = false;
	}
	reader->state = BEFORE;
}

static bool read_text(struct source *source, struct stacks *stacks, struct run *run)
{
	struct reader reader = {.run = run, .tree = {.stacks = stacks}, .good = true};
	lines_read(source, take_line, end_file, &reader);
	calltree_free(&reader.tree);
	buffer_free(&reader.name);
	return reader.good;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	if (by_time + by_ticks + by_bytes > 1)
		die(EXIT_USAGE, "--time, --ticks and --bytes exclude each other");
	if (text_starts(text_trim(source_peek(source, 64)), "{"))
		return ghcprof_json_read(source, stacks, by_bytes);
	return read_text(source, stacks, run);
}

static int detect(struct text head)
{
	if (text_find(head, "\"cost_centres\"") && text_find(head, "\"rts_arguments\""))
		return 100;
	return text_find(head, "Time and Allocation Profiling Report") || text_find(head, "COST CENTRE") ? 80 : 0;
}

const struct converter ghcprof_converter = {
	.name = "ghcprof",
	.summary = "Converts GHC's .prof cost centre profiles (text and JSON) to folded stacks.",
	.examples = "  ./program +RTS -P; stackcollapse-ghcprof --ticks program.prof | flamerender > out.svg\n",
	.options = options,
	.detect = detect,
	.read = read,
};
