/* The call tree that Xcode's Instruments puts on the clipboard (Edit > Deep Copy): columns between tabs. */
#include <math.h>

#include "common/report.h"
#include "convert/calltree.h"
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/lines.h"

struct instruments {
	struct skipped *skipped;
	struct calltree tree;
	char separator;           /* tab; a comma in old exports */
	int weight, self, symbol; /* columns; symbol -1: the heading did not come yet, self -1: there is none */
	bool any;                 /* a row was taken: */
	size_t base;              /* by how much the first one was indented */
};

/*
 * Weight	Self Weight		Symbol Name
 * 4.93 s  100.0%	0 s	 	start
 * 2.45 s   49.7%	846.00 ms	 	 main
 */

/* Cuts the next column off. False at the end of the line. */
static bool next_column(struct text *line, char separator, struct text *column)
{
	if (!line->at)
		return false;
	*column = text_before(*line, separator);
	bool last = column->size == line->size;
	*line = last ? (struct text){NULL, 0}
		     : (struct text){line->at + column->size + 1, line->size - column->size - 1};
	return true;
}

static bool read_heading(struct instruments *reader, struct text line)
{
	if (!text_find(line, "Symbol Name"))
		return false;
	calltree_end(&reader->tree);
	reader->separator = memchr(line.at, '\t', line.size) ? '\t' : ',';
	reader->weight = reader->self = reader->symbol = -1;
	reader->any = false;
	struct text name;
	for (int i = 0; next_column(&line, reader->separator, &name); i++) {
		name = text_trim(name);
		if (text_is(name, "Weight") || text_is(name, "Running Time") || text_is(name, "Bytes Used"))
			reader->weight = i;
		else if (text_starts(name, "Self"))
			reader->self = i;
		else if (text_starts(name, "Symbol Name"))
			reader->symbol = i;
	}
	return true;
}

/* What a unit is in milliseconds, cycles or bytes; 0 if it is none. */
static double unit_size(struct text unit)
{
	static const struct {
		const char *name;
		double size;
	} units[] = {{"", 1}, {"ms", 1}, {"s", 1000}, {"min", 60e3}, {"h", 3600e3}, {"us", 1e-3}, {"\xc2\xb5s", 1e-3},
		{"ns", 1e-6}, {"cycles", 1}, {"Kc", 1e3}, {"Mc", 1e6}, {"Gc", 1e9}, {"Tc", 1e12}, {"Bytes", 1},
		{"KB", 1024}, {"MB", 1048576}, {"GB", 1073741824}, {NULL, 0}};
	for (size_t i = 0; units[i].name; i++)
		if (text_is(unit, units[i].name))
			return units[i].size;
	return 0;
}

/* "2.45 s   49.7%", "846.0ms  17.1%", "532 cycles", "1.0": whole milliseconds, cycles or bytes; "-" is 0. */
static bool read_value(struct text text, double *value)
{
	text = text_trim(text);
	if (text_is(text, "-") || text_is(text, "\xe2\x80\x93") || text_is(text, "\xe2\x80\x94")) {
		*value = 0;
		return true;
	}
	struct text number = {text.at, 0};
	while (number.size < text.size &&
		(text.at[number.size] == '.' || (text.at[number.size] >= '0' && text.at[number.size] <= '9')))
		number.size++;
	struct text rest = {text.at + number.size, text.size - number.size}, unit = cut_word(&rest);
	double size = text_ends(unit, "%") ? 1 : unit_size(unit);
	if (!text_number(number, false, value) || size == 0)
		return false;
	*value = round(*value * size);
	return true;
}

static bool read_row(struct instruments *reader, struct text line, const char **why)
{
	struct text rest = line, column, symbol = {"", 0};
	double weight = 0, self = 0;
	bool has_weight = reader->weight < 0, has_self = reader->self < 0;
	for (int i = 0; next_column(&rest, reader->separator, &column); i++) {
		if (i == reader->weight)
			has_weight = read_value(column, &weight);
		else if (i == reader->self)
			has_self = read_value(column, &self);
		else if (i == reader->symbol)
			symbol = reader->separator == '\t'
					 ? column
					 : (struct text){column.at, (size_t)(line.at + line.size - column.at)};
	}
	*why = "a symbol, a weight or its unit is missing";
	if (!text_trim(symbol).size || !has_self || (reader->self < 0 && !has_weight))
		return false;
	size_t indent = 0;
	while (symbol.at[indent] == ' ')
		indent++;
	if (!reader->any || indent < reader->base)
		reader->base = indent;
	reader->any = true;
	uint32_t node, name = frame_name(reader->tree.stacks, symbol);
	*why = "a level of the call tree is missing above";
	if (!calltree_row(&reader->tree, indent - reader->base, name, reader->self < 0 ? weight : 0, &node))
		return false;
	stacks_add(reader->tree.stacks, node, self);
	return true;
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct instruments *reader = state;
	const char *why;
	if (read_heading(reader, line) || reader->symbol < 0 || !text_trim(line).size)
		return;
	if (!read_row(reader, line, &why))
		skip_record(reader->skipped, chunk, line.at, "%s", why);
}

static void end_file(void *state, const struct chunk *chunk)
{
	struct instruments *reader = state;
	calltree_end(&reader->tree);
	if (reader->symbol < 0)
		report_warning("%s: there is no heading with a column 'Symbol Name'", chunk->file);
	reader->symbol = -1;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct instruments reader = {.skipped = &run->skipped, .tree = {.stacks = stacks}, .symbol = -1};
	lines_read(source, take_line, end_file, &reader);
	calltree_free(&reader.tree);
	return true;
}

static bool is_heading(struct text line)
{
	return text_find(line, "\tSymbol Name") || text_find(line, ",Symbol Name");
}

static int detect(struct text head)
{
	return lines_any(head, is_heading) ? 80 : 0;
}

const struct converter instruments_converter = {
	.name = "instruments",
	.summary = "Converts a call tree copied from Xcode's Instruments (Deep Copy) to folded stacks.",
	.examples = "  pbpaste | stackcollapse-instruments | flamerender --countname ms > out.svg\n",
	.detect = detect,
	.read = read,
};
