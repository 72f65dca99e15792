/* Folded stacks to folded stacks: a function that calls itself directly is shown once. */
#include "convert/converter.h"

#include "common/folded.h"

/* main;fib;fib;fib 3 */
static void read_line(struct stacks *stacks, struct run *run, const struct chunk *chunk, struct text text)
{
	struct folded_line line;
	if (folded_is_blank(text))
		return;
	if (!folded_parse(text, false, &line)) {
		skip_record(&run->skipped, chunk, text.at, "not a folded line: '%.*s'",
			text.size < 60 ? (int)text.size : 60, text.at);
		return;
	}
	const char *at = line.stack.at, *end = at + line.stack.size;
	uint32_t node = 0, last = UINT32_MAX;
	while (at < end) {
		const char *stop = memchr(at, ';', (size_t)(end - at));
		if (!stop)
			stop = end;
		uint32_t name = stacks_name(stacks, at, (size_t)(stop - at));
		if (name != last)
			node = stacks_child(stacks, node, name);
		last = name;
		at = stop + 1;
	}
	stacks_add(stacks, node, line.count);
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct chunk chunk = {0};
	while (source_chunk(source, source_cut_lines, &chunk)) {
		const char *at = chunk.data, *end = chunk.data + chunk.size;
		for (struct text line; next_line(&at, end, &line);)
			read_line(stacks, run, &chunk, line);
	}
	chunk_free(&chunk);
	return true;
}

const struct converter recursive_converter = {
	.name = "recursive",
	.summary = "Collapses direct recursion in folded stacks: a frame equal to the one before it is dropped.",
	.examples = "  stackcollapse-recursive stacks.folded | flamerender > out.svg\n",
	.timed = true,
	.read = read,
};
