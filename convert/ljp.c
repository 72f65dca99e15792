/* Reports of the lightweight-java-profiler. */
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/lines.h"

struct ljp {
	struct stacks *stacks;
	struct skipped *skipped;
	bool ended; /* "Total" came */
	uint64_t samples;
	struct frame_list frames; /* of the stack that is read, leaf first */
};

/*
 * 42 3  my_func_b(prog.java:455)
 *       my_func_a(prog.java:123)
 *       java.lang.Thread.run(Thread.java:744)
 * Total trace count = 42
 */

static void end_stack(struct ljp *ljp)
{
	if (ljp->frames.count)
		stacks_add(ljp->stacks, frame_list_down(&ljp->frames, ljp->stacks, 0), (double)ljp->samples);
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct ljp *ljp = state;
	struct text rest = line;
	uint64_t samples, depth;
	cut_blanks(&rest);
	ljp->ended |= text_starts(rest, "Total");
	if (ljp->ended || !text_trim(rest).size)
		return;
	bool first = rest.at[0] >= '0' && rest.at[0] <= '9';
	if (first) {
		end_stack(ljp);
		if (!cut_integer(&rest, &samples) || !cut_blanks(&rest) || !cut_integer(&rest, &depth) ||
			!cut_blanks(&rest)) {
			skip_record(ljp->skipped, chunk, line.at, "a stack that is not 'COUNT DEPTH FUNCTION'");
			return;
		}
		ljp->samples = samples;
	} else if (!ljp->frames.count) {
		skip_record(ljp->skipped, chunk, line.at, "a frame outside of a stack");
		return;
	}
	frame_list_add(&ljp->frames, frame_name(ljp->stacks, text_before(rest, '(')));
}

static void end_file(void *state, const struct chunk *chunk)
{
	struct ljp *ljp = state;
	(void)chunk;
	end_stack(ljp);
	ljp->ended = false;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct ljp ljp = {.stacks = stacks, .skipped = &run->skipped};
	lines_read(source, take_line, end_file, &ljp);
	frame_list_free(&ljp.frames);
	return true;
}

/* "42 3  my_func_b(prog.java:455)" */
static bool is_first(struct text line)
{
	uint64_t samples, depth;
	cut_blanks(&line);
	return cut_integer(&line, &samples) && cut_blanks(&line) && cut_integer(&line, &depth) && cut_blanks(&line) &&
	       text_find(line, ".java:") && text_ends(line, ")");
}

static int detect(struct text head)
{
	return lines_any(head, is_first) ? 60 : 0;
}

const struct converter ljp_converter = {
	.name = "ljp",
	.summary = "Converts reports of the lightweight-java-profiler to folded stacks.",
	.examples = "  stackcollapse-ljp traces.txt | flamerender --colors java > out.svg\n",
	.detect = detect,
	.read = read,
};
