/* Visual Studio's profiler: the call tree summary as CSV, of instrumentation (calls) and of sampling (inclusive
 * samples). */
#include "convert/calltree.h"
#include "convert/converter.h"
#include "convert/csv.h"
#include "convert/frame.h"

#include <math.h>

#include "common/report.h"

struct reader {
	struct run *run;
	struct calltree tree;
	int level, function, weight; /* columns; weight -1: the heading was not there yet */
	bool calls;                  /* the weight is a number of calls */
	struct buffer buffers[3];    /* of the three fields */
};

/* Level,Function Name,Number of Calls,Elapsed Inclusive Time %,...    or    Level,Function Name,Inclusive Samples,...
 */
static bool read_heading(struct reader *reader, struct text line)
{
	int calls = csv_column(line, "Number of Calls"), samples = csv_column(line, "Inclusive Samples");
	reader->level = csv_column(line, "Level");
	reader->function = csv_column(line, "Function Name");
	reader->calls = calls >= 0;
	reader->weight = calls >= 0 ? calls : samples;
	return reader->level >= 0 && reader->function >= 0 && reader->weight >= 0;
}

/* "2,893,824", "2.893.824", "2 893 824": groups of three behind the first. */
static bool grouped_integer(struct text text, double *value)
{
	size_t group = 0;
	bool separated = false;
	*value = 0;
	for (size_t i = 0; i < text.size; i++) {
		char c = text.at[i];
		if (c >= '0' && c <= '9') {
			*value = *value * 10 + (c - '0');
			group++;
		} else if ((c == ',' || c == '.' || c == ' ') && group > 0 && group <= 3 &&
			   (!separated || group == 3)) {
			group = 0;
			separated = true;
		} else {
			return false;
		}
	}
	return text.size > 0 && group > 0 && (!separated || group == 3) && isfinite(*value);
}

/* Calls are not inclusive: where a branch ends, the calls of its functions are taken off their callers'
 * if those have more (a leaf's also if they have as many). */
static void leave_calls(struct reader *reader, size_t depth)
{
	struct calltree *tree = &reader->tree;
	size_t leaf = tree->depth;
	for (; tree->depth > depth; tree->depth--) {
		struct calltree_level *child = &tree->levels[tree->depth - 1];
		bool branch = leaf > depth + 1 && tree->depth > 1;
		if (branch && (child->rest < child[-1].rest || (tree->depth == leaf && child->rest == child[-1].rest)))
			child[-1].rest -= child->rest;
		if (child->rest > 0)
			stacks_add(tree->stacks, child->node, child->rest);
	}
}

static void end_tree(struct reader *reader)
{
	if (reader->calls)
		leave_calls(reader, 0);
	calltree_end(&reader->tree);
}

static void add_calls(struct reader *reader, size_t depth, uint32_t name, double calls)
{
	uint32_t node;
	leave_calls(reader, depth);
	calltree_row(&reader->tree, depth, name, 0, &node);
	reader->tree.levels[depth].rest = calls;
}

/* 2,"Raytracer.Primitives.IPrimitive.Intersect(class Raytracer.Ray&,bool&)","2,893,824",54.37,... */
static void read_row(struct reader *reader, const struct chunk *chunk, struct text line)
{
	const int columns[3] = {reader->level, reader->function, reader->weight};
	struct text fields[3] = {0}, rest = line, field;
	struct buffer other = {0};
	size_t blanks;
	for (int column = 0;; column++) {
		int i = 0;
		while (i < 3 && columns[i] != column)
			i++;
		if (!csv_field(&rest, i < 3 ? &reader->buffers[i] : &other, &field, &blanks))
			break;
		if (i < 3)
			fields[i] = text_trim(field);
	}
	buffer_free(&other);
	uint64_t level;
	double weight;
	uint32_t node;
	if (!fields[0].at || !text_integer(fields[0], &level))
		skip_record(&reader->run->skipped, chunk, line.at, "a level is missing");
	else if (!fields[1].size)
		skip_record(&reader->run->skipped, chunk, line.at, "a function name is missing");
	else if (!grouped_integer(fields[2], &weight))
		skip_record(&reader->run->skipped, chunk, line.at, "'%.*s' is no number of %s",
			fields[2].size < 60 ? (int)fields[2].size : 60, fields[2].at,
			reader->calls ? "calls" : "samples");
	else if (level > reader->tree.depth + 1)
		skip_record(&reader->run->skipped, chunk, line.at, "a level of the call tree is missing above");
	else if (level == 0) /* the program itself */
		end_tree(reader);
	else if (reader->calls)
		add_calls(reader, level - 1, frame_name(reader->tree.stacks, fields[1]), weight);
	else
		calltree_row(&reader->tree, level - 1, frame_name(reader->tree.stacks, fields[1]), weight, &node);
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct reader reader = {.run = run, .tree = {.stacks = stacks}};
	struct chunk chunk = {0};
	bool good = true, headed = false;
	while (source_chunk(source, source_cut_lines, &chunk)) {
		const char *at = chunk.data, *end = chunk.data + chunk.size;
		if (chunk.first) {
			struct text line;
			end_tree(&reader);
			headed = next_line(&at, end, &line) && read_heading(&reader, line);
			if (!headed)
				report_error("%s:1: the heading needs the columns Level, Function Name, and Number of "
					     "Calls or "
					     "Inclusive Samples",
					chunk.file);
			good &= headed;
		}
		for (struct text line; headed && next_line(&at, end, &line);)
			if (text_trim(line).size)
				read_row(&reader, &chunk, line);
	}
	end_tree(&reader);
	chunk_free(&chunk);
	calltree_free(&reader.tree);
	for (int i = 0; i < 3; i++)
		buffer_free(&reader.buffers[i]);
	return good;
}

static int detect(struct text head)
{
	return text_starts(head, "Level,Function Name,") || text_starts(head, "\"Level\",\"Function Name\",") ? 100 : 0;
}

const struct converter vsprof_converter = {
	.name = "vsprof",
	.summary = "Converts Visual Studio's CallTreeSummary.csv to folded stacks.",
	.examples = "  stackcollapse-vsprof CallTreeSummary.csv | flamerender --countname calls > out.svg\n",
	.detect = detect,
	.read = read,
};
