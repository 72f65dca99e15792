/* Callgrind's files (valgrind, xdebug, and what writes for KCachegrind): a call graph without stacks. The stacks are
 * estimates: what a function costs is shared out among its callers as their calls say. */
#include "convert/callgraph.h"
#include "convert/converter.h"
#include "convert/frame.h"
#include "convert/idmap.h"
#include "convert/lines.h"

#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

static const char *event;
static bool no_files;

static const struct opt options[] = {
	{0, "event", OPT_STRING, &event, "NAME", "Which cost is counted (Ir, Time ...). Default: the first.", NULL, 0,
		false},
	{0, "no-files", OPT_FLAG, &no_files, NULL, "Functions only, without their files.", NULL, 0, false},
	{0},
};

/*
 * events: Ir Dr          fl=(1) a.c        fn=(1) main        16 400        positions and costs of the function itself
 * cfi=(2) b.c            cfn=(2) work      calls=3 20         16 1200       position of the call, inclusive costs
 * (n) names what "(n) name" named before. Positions may be * (the same), +n and -n; they are not needed here.
 */

/* The names of one kind of things by their numbers in the file. */
struct names {
	struct idmap ids;
	struct frame_list names;
};

struct reader {
	struct stacks *stacks;
	struct run *run;
	struct callgraph *graph;
	struct names files, functions;
	uint32_t file, callee_file; /* names */
	uint32_t function, callee;  /* of the graph */
	bool has_function, in_call;
	size_t positions, column; /* numbers in front of the costs; the cost that is counted */
	bool has_events;
	bool unusable; /* the rest of the file is passed over */
	bool good;
	struct buffer text;
};

static struct text after(struct text line, size_t size)
{
	return text_trim((struct text){line.at + size, line.size - size});
}

/* "(3) name" defines, "(3)" refers, "name" is plain. */
static uint32_t take_name(struct reader *reader, struct names *names, struct text value)
{
	uint64_t id;
	const char *close = text_starts(value, "(") ? memchr(value.at, ')', value.size) : NULL;
	if (!close || !text_integer((struct text){value.at + 1, (size_t)(close - value.at - 1)}, &id))
		return stacks_name(reader->stacks, value.at, value.size);
	struct text rest = after(value, (size_t)(close + 1 - value.at));
	int64_t known = idmap_find(&names->ids, id);
	if (known >= 0 && !rest.size)
		return names->names.names[known];
	uint32_t name = stacks_name(reader->stacks, rest.at, rest.size);
	if (known >= 0) {
		names->names.names[known] = name;
	} else {
		idmap_add(&names->ids, id, (uint32_t)names->names.count);
		frame_list_add(&names->names, name);
	}
	return name;
}

/* "name (file)" */
static uint32_t take_function(struct reader *reader, struct text value, uint32_t file)
{
	uint32_t name = take_name(reader, &reader->functions, value);
	struct text function = reader->stacks->names.names[name], file_text = reader->stacks->names.names[file];
	buffer_clear(&reader->text);
	buffer_add(&reader->text, function.at, function.size);
	if (!text_is(file_text, "???") && !no_files)
		frame_place(&reader->text, file_text, 0);
	return callgraph_function(reader->graph, frame_name(reader->stacks, buffer_text(&reader->text)));
}

static struct text next_word(struct text *text)
{
	*text = text_trim(*text);
	size_t size = 0;
	while (size < text->size && text->at[size] != ' ' && text->at[size] != '\t')
		size++;
	struct text word = {text->at, size};
	*text = (struct text){text->at + size, text->size - size};
	return word;
}

static bool read_events(struct reader *reader, const struct chunk *chunk, struct text list)
{
	reader->has_events = true;
	reader->column = 0;
	if (!event)
		return true;
	struct text rest = list;
	for (struct text word = next_word(&rest); word.size; word = next_word(&rest), reader->column++)
		if (text_is(word, event))
			return true;
	report_error("%s: there is no event '%s': there are %.*s", chunk->file, event, (int)list.size, list.at);
	return false;
}

/* Positions and costs; missing costs are 0. False if the line is none. */
static bool read_costs(struct reader *reader, struct text line, double *cost)
{
	struct text rest = line;
	for (size_t i = 0; i < reader->positions; i++)
		if (!next_word(&rest).size)
			return false;
	struct text word = {0};
	for (size_t i = 0; i <= reader->column; i++)
		word = next_word(&rest);
	*cost = 0;
	return !word.size || text_number(word, false, cost);
}

static bool is_cost_line(struct text line)
{
	return line.size && ((*line.at >= '0' && *line.at <= '9') || strchr("+-*", *line.at));
}

static void read_cost_line(struct reader *reader, const struct chunk *chunk, struct text line)
{
	double cost;
	if (!reader->has_function || !read_costs(reader, line, &cost)) {
		skip_record(&reader->run->skipped, chunk, line.at,
			"a line of costs that belongs to no function, or is broken");
		return;
	}
	if (reader->in_call)
		callgraph_add_edge(reader->graph, reader->function, reader->callee, cost);
	else
		callgraph_add_self(reader->graph, reader->function, cost);
	reader->in_call = false;
}

/* False if the file cannot be used. */
static bool read_line(struct reader *reader, const struct chunk *chunk, struct text line)
{
	line = text_trim(line);
	if (is_cost_line(line)) {
		read_cost_line(reader, chunk, line);
	} else if (text_starts(line, "fl=")) {
		reader->file = reader->callee_file = take_name(reader, &reader->files, after(line, 3));
	} else if (text_starts(line, "fn=")) {
		reader->function = take_function(reader, after(line, 3), reader->file);
		reader->callee_file = reader->file;
		reader->has_function = true;
		reader->in_call = false;
	} else if (text_starts(line, "fi=") || text_starts(line, "fe=")) {
		take_name(reader, &reader->files, after(line, 3)); /* inlined from there: the function stays */
	} else if (text_starts(line, "cfi=") || text_starts(line, "cfl=")) {
		reader->callee_file = take_name(reader, &reader->files, after(line, 4));
	} else if (text_starts(line, "cfn=")) {
		reader->callee = take_function(reader, after(line, 4), reader->callee_file);
		reader->callee_file = reader->file;
	} else if (text_starts(line, "calls=")) {
		reader->in_call = true;
	} else if (text_starts(line, "events:")) {
		return read_events(reader, chunk, after(line, 7));
	} else if (text_starts(line, "positions:")) {
		struct text rest = after(line, 10);
		for (reader->positions = 0; next_word(&rest).size;)
			reader->positions++;
	}
	return true;
}

static void start_file(struct reader *reader)
{
	uint32_t empty = stacks_name(reader->stacks, "", 0);
	idmap_free(&reader->files.ids);
	idmap_free(&reader->functions.ids);
	reader->files.names.count = reader->functions.names.count = 0;
	reader->file = reader->callee_file = empty;
	reader->has_function = reader->in_call = reader->has_events = reader->unusable = false;
	reader->positions = 1;
	reader->column = 0;
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct reader *reader = state;
	if (!reader->unusable && !read_line(reader, chunk, line)) {
		reader->unusable = true;
		reader->good = false;
	}
}

static void end_file(void *state, const struct chunk *chunk)
{
	(void)chunk;
	start_file(state);
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct reader reader = {.stacks = stacks, .run = run, .graph = callgraph_new(), .good = true};
	start_file(&reader);
	lines_read(source, take_line, end_file, &reader);
	callgraph_write(reader.graph, stacks);
	callgraph_free(reader.graph);
	idmap_free(&reader.files.ids);
	idmap_free(&reader.functions.ids);
	frame_list_free(&reader.files.names);
	frame_list_free(&reader.functions.names);
	buffer_free(&reader.text);
	return reader.good;
}

static int detect(struct text head)
{
	if (text_starts(head, "# callgrind format"))
		return 100;
	return text_find(head, "\nevents: ") && text_find(head, "\nfn=") ? 80 : 0;
}

const struct converter callgrind_converter = {
	.name = "callgrind",
	.summary = "Estimates folded stacks from Callgrind's files, which hold only who called whom.",
	.examples = "  valgrind --tool=callgrind ./program; stackcollapse-callgrind callgrind.out.* | flamerender "
		    "--countname Ir > out.svg\n",
	.options = options,
	.detect = detect,
	.read = read,
};
