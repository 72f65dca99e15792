/* cProfile's (and profile's) dumps: a call graph without stacks. The stacks are estimates: a function's time is shared
 * out among its callers as their edges say, which is right only as far as it does the same whoever calls it. */
#include "convert/callgraph.h"
#include "convert/converter.h"
#include "convert/frame.h"
#include "convert/marshal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/report.h"

static bool no_places;

static const struct opt options[] = {
	{0, "no-places", OPT_FLAG, &no_places, NULL, "Functions only, without files and lines.", NULL, 0, false},
	{0},
};

/*
 * marshal.dump({(file, line, name): (cc, nc, tt, ct, {(file, line, name) of a caller: (nc, cc, tt, ct)})}): numbers of
 * calls, own and total time in seconds. Built-in functions have the file "~" and line 0.
 */

static uint32_t name_of(const struct marshal *values, uint32_t key, struct stacks *stacks)
{
	struct buffer name = {0};
	struct text file = marshal_text(values, marshal_item(values, key, 0));
	struct text function = marshal_text(values, marshal_item(values, key, 2));
	double line = marshal_number(values, marshal_item(values, key, 1));
	buffer_add(&name, function.at, function.size);
	if (!no_places && !text_is(file, "~"))
		frame_place(&name, file, line);
	uint32_t number = frame_name(stacks, buffer_text(&name));
	buffer_free(&name);
	return number;
}

static bool is_key(const struct marshal *values, uint32_t value)
{
	return marshal_count(values, value) == 3 && marshal_text(values, marshal_item(values, value, 2)).at;
}

/* Microseconds. */
static double microseconds(const struct marshal *values, uint32_t seconds)
{
	double value = marshal_number(values, seconds) * 1e6;
	return value > 0 ? value : 0;
}

static bool read_function(
	const struct marshal *values, uint32_t key, uint32_t entry, struct callgraph *graph, struct stacks *stacks)
{
	if (!is_key(values, key) || marshal_count(values, entry) != 5)
		return false;
	uint32_t function = callgraph_function(graph, name_of(values, key, stacks));
	callgraph_add_self(graph, function, microseconds(values, marshal_item(values, entry, 2)));
	callgraph_add_total(graph, function, microseconds(values, marshal_item(values, entry, 3)));
	uint32_t callers = marshal_item(values, entry, 4);
	for (size_t i = 0; i + 1 < marshal_count(values, callers); i += 2) {
		uint32_t caller = marshal_item(values, callers, i), edge = marshal_item(values, callers, i + 1);
		if (!is_key(values, caller))
			continue;
		/* The module "profile" and old versions give a number of calls alone. */
		double weight = marshal_count(values, edge) == 4 ? microseconds(values, marshal_item(values, edge, 3))
								 : marshal_number(values, edge);
		callgraph_add_edge(graph, callgraph_function(graph, name_of(values, caller, stacks)), function, weight);
	}
	return true;
}

static bool read_file(const struct chunk *chunk, struct stacks *stacks, struct run *run)
{
	struct marshal *values = marshal_read((struct text){chunk->data, chunk->size}, chunk->file);
	if (!values)
		return false;
	struct callgraph *graph = callgraph_new();
	size_t count = marshal_count(values, MARSHAL_ROOT);
	for (size_t i = 0; i + 1 < count; i += 2)
		if (!read_function(values, marshal_item(values, MARSHAL_ROOT, i),
			    marshal_item(values, MARSHAL_ROOT, i + 1), graph, stacks))
			skip_record(&run->skipped, chunk, chunk->data, "an entry has not the form of cProfile's");
	bool good = count > 0;
	if (!good)
		report_error("%s: this marshal data holds no profile", chunk->file);
	callgraph_write(graph, stacks);
	for (uint32_t node = 0; node < stacks->count; node++) /* cProfile's clock has nanoseconds at best */
		stacks->nodes[node].self = round(stacks->nodes[node].self * 1000) / 1000;
	callgraph_free(graph);
	marshal_free(values);
	return good;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct chunk chunk = {0};
	bool good = true;
	while (source_chunk(source, source_cut_files, &chunk))
		good &= read_file(&chunk, stacks, run);
	chunk_free(&chunk);
	return good;
}

/* A dictionary ('{') whose first key is a tuple of three ('(' or ')'), perhaps with the mark for later references. */
static int detect(struct text head)
{
	if (head.size < 3 || (head.at[0] & 0x7f) != '{')
		return 0;
	char second = (char)(head.at[1] & 0x7f);
	return (second == ')' && head.at[2] == 3) || (second == '(' && head.at[2] == 3) ? 80 : 0;
}

const struct converter pstats_converter = {
	.name = "pstats",
	.summary = "Estimates folded stacks from cProfile's dumps, which hold only who called whom; weights are "
		   "microseconds.",
	.examples = "  python -m cProfile -o out.pstats app.py; stackcollapse-pstats out.pstats | flamerender "
		    "--countname us > out.svg\n",
	.options = options,
	.detect = detect,
	.read = read,
};
