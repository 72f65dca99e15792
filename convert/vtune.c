/* Intel VTune's top-down report as CSV:
 * vtune -R top-down -call-stack-mode all -column="CPU Time:Self","Module" -report-output out.csv -format csv
 * -csv-delimiter comma */
#include "convert/cache.h"
#include "convert/calltree.h"
#include "convert/converter.h"
#include "convert/csv.h"
#include "convert/frame.h"
#include "convert/lines.h"

#include <math.h>

#include "common/report.h"

static bool no_modules;

static const struct opt options[] = {
	{0, "no-modules", OPT_FLAG, &no_modules, NULL, "Leave the modules out of the frame names.", NULL, 0, false},
	{0},
};

struct reader {
	struct run *run;
	struct calltree tree;
	int function, time, module; /* columns; function -1: the heading was not there yet */
	struct buffer function_text, module_text, name;
	struct cache names; /* of a function and a module -> the frame's name */
};

/* Function Stack,CPU Time:Self,Module */
static void read_heading(struct reader *reader, struct text line)
{
	int function = csv_column(line, "Function Stack"), time = csv_column(line, "CPU Time:Self");
	if (function < 0 || time < 0)
		return;
	reader->function = function;
	reader->time = time;
	reader->module = csv_column(line, "Module");
}

struct row {
	size_t depth;
	struct text function, module;
	double seconds;
	bool has_time;
};

/*      "std::rt::lang_start<core::result::Result<(), Error>>",0.010,program.exe */
static struct row cut_row(struct reader *reader, struct text line)
{
	struct row row = {0};
	struct buffer other = {0};
	size_t blanks;
	for (int column = 0;; column++) {
		struct buffer *out = column == reader->function ? &reader->function_text
				     : column == reader->module ? &reader->module_text
								: &other;
		struct text field;
		if (!csv_field(&line, out, &field, &blanks))
			break;
		if (column == reader->function) {
			row.function = field;
			row.depth = blanks;
		} else if (column == reader->module) {
			row.module = text_trim(field);
		} else if (column == reader->time) {
			row.has_time = text_number(text_trim(field), false, &row.seconds);
		}
	}
	buffer_free(&other);
	return row;
}

/* Blanks before the name are its depth; they may stand inside the quotes. */
static void cut_depth(struct row *row)
{
	while (row->function.size && *row->function.at == ' ') {
		row->function.at++;
		row->function.size--;
		row->depth++;
	}
}

/* "module`function" */
static uint32_t make_name(struct reader *reader, const struct row *row)
{
	buffer_clear(&reader->name);
	if (row->module.size && !no_modules) {
		buffer_add(&reader->name, row->module.at, row->module.size);
		buffer_add_char(&reader->name, '`');
	}
	buffer_add(&reader->name, row->function.at, row->function.size);
	return frame_name(reader->tree.stacks, buffer_text(&reader->name));
}

static uint32_t name_of(struct reader *reader, const struct row *row)
{
	struct hash128 function = hash_bytes128(row->function.at, row->function.size);
	struct hash128 module = hash_bytes128(row->module.at, row->module.size);
	struct hash128 key = {hash_mix(function.low, module.low), hash_mix(function.high, module.high)};
	int64_t known = cache_find(&reader->names, key);
	if (known >= 0)
		return (uint32_t)known;
	if (cache_is_full(&reader->names))
		cache_free(&reader->names);
	uint32_t name = make_name(reader, row);
	cache_add(&reader->names, key, name);
	return name;
}

static void read_row(struct reader *reader, const struct chunk *chunk, struct text line)
{
	struct row row = cut_row(reader, line);
	cut_depth(&row);
	if (!row.has_time || !row.function.size) {
		skip_record(&reader->run->skipped, chunk, line.at, "a name or a time is missing");
		return;
	}
	uint32_t node, name = name_of(reader, &row);
	if (!calltree_row(&reader->tree, row.depth, name, 0, &node))
		skip_record(&reader->run->skipped, chunk, line.at, "a level of the call tree is missing above");
	else if (round(row.seconds * 1000) > 0)
		stacks_add(reader->tree.stacks, node, round(row.seconds * 1000));
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct reader *reader = state;
	if (reader->function < 0)
		read_heading(reader, line);
	else if (line.size && (line.at[line.size - 1] > ' ' || text_trim(line).size)) /* rows begin with many blanks */
		read_row(reader, chunk, line);
}

static void end_file(void *state, const struct chunk *chunk)
{
	struct reader *reader = state;
	if (reader->function < 0)
		report_warning("%s: there is no heading 'Function Stack,CPU Time:Self,Module'", chunk->file);
	calltree_end(&reader->tree);
	reader->function = -1;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct reader reader = {.run = run, .tree = {.stacks = stacks}, .function = -1};
	lines_read(source, take_line, end_file, &reader);
	calltree_free(&reader.tree);
	buffer_free(&reader.function_text);
	buffer_free(&reader.module_text);
	buffer_free(&reader.name);
	cache_free(&reader.names);
	return true;
}

static int detect(struct text head)
{
	const char *stack = text_find(head, "Function Stack");
	return stack && text_find(head, "CPU Time:Self") ? 80 : 0;
}

const struct converter vtune_converter = {
	.name = "vtune",
	.summary = "Converts Intel VTune's top-down hotspots (CSV) to folded stacks; weights are milliseconds.",
	.examples = "  stackcollapse-vtune out.csv | flamerender --countname ms > out.svg\n",
	.options = options,
	.detect = detect,
	.read = read,
};
