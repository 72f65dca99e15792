/* Folded stacks to folded stacks: a function that calls itself directly is shown once. */
#include "convert/converter.h"
#include "convert/lines.h"

#include "common/folded.h"

struct recursive {
	struct stacks *stacks;
	struct run *run;
	bool pairs; /* the file is differential */
};

/* main;fib;fib;fib 3 */
static void take_line(void *state, const struct chunk *chunk, struct text text)
{
	struct recursive *reader = state;
	struct folded_line line;
	if (chunk->first && text.at == chunk->data)
		reader->pairs = folded_dialect((struct text){chunk->data, chunk->size}) == FOLDED_PAIRS;
	if (folded_is_blank(text))
		return;
	if (!folded_parse(text, reader->pairs, &line)) {
		skip_record(&reader->run->skipped, chunk, text.at, "not a folded line: '%.*s'",
			text.size < 60 ? (int)text.size : 60, text.at);
		return;
	}
	uint32_t node = 0, last = UINT32_MAX;
	for (struct text frame; folded_frame(&line.stack, &frame);) {
		uint32_t name = stacks_name(reader->stacks, frame.at, frame.size);
		if (name != last)
			node = stacks_child(reader->stacks, node, name);
		last = name;
	}
	if (line.pair)
		stacks_add_pair(reader->stacks, node, line.old, line.count);
	else
		stacks_add(reader->stacks, node, line.count);
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct recursive reader = {stacks, run, false};
	lines_read(source, take_line, NULL, &reader);
	return true;
}

const struct converter recursive_converter = {
	.name = "recursive",
	.summary = "Collapses direct recursion in folded stacks: a frame equal to the one before it is dropped.",
	.examples = "  stackcollapse-recursive stacks.folded | flamerender > out.svg\n",
	.timed = true,
	.read = read,
};
