/* The callgraph of FreeBSD's pmcstat -G: each tree starts with a leaf, and the callers stand below. */
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/lines.h"

struct pmc {
	struct stacks *stacks;
	struct skipped *skipped;
	struct frame_list frames; /* the path to the last row, leaf first */
	double count;             /* of the last row */
};

/*
 * 03.07%  [17]       witness_unlock @ /boot/kernel/kernel
 *  70.59%  [12]        __mtx_unlock_flags
 *   16.67%  [2]          selfdfree
 *   100.0%  [10]         sys_poll
 */

/* A row that has no callers is a stack. */
static void end_path(struct pmc *pmc)
{
	struct frame_list path = pmc->frames;
	uint32_t node = 0;
	while (path.count)
		node = stacks_child(pmc->stacks, node, path.names[--path.count]);
	if (node)
		stacks_add(pmc->stacks, node, pmc->count);
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct pmc *pmc = state;
	struct text rest = line, part, number;
	double percent;
	uint64_t count;
	size_t depth = cut_blanks(&rest);
	if (!rest.size || rest.at[0] < '0' || rest.at[0] > '9')
		return;
	if (!cut_until(&rest, "%  [", &part) || !text_number(part, false, &percent) ||
		!cut_until(&rest, "]", &number) || !text_integer(number, &count) || !text_trim(rest).size) {
		skip_record(pmc->skipped, chunk, line.at, "a row that is not 'NN.NN%%  [COUNT] FUNCTION'");
		return;
	}
	if (depth > pmc->frames.count) {
		skip_record(pmc->skipped, chunk, line.at, "a level is missing above");
		return;
	}
	if (depth < pmc->frames.count)
		end_path(pmc);
	pmc->frames.count = depth;
	pmc->count = (double)count;
	frame_list_add(&pmc->frames, frame_name(pmc->stacks, cut_word(&rest)));
}

static void end_file(void *state, const struct chunk *chunk)
{
	struct pmc *pmc = state;
	(void)chunk;
	end_path(pmc);
	pmc->frames.count = 0;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct pmc pmc = {.stacks = stacks, .skipped = &run->skipped};
	lines_read(source, take_line, end_file, &pmc);
	frame_list_free(&pmc.frames);
	return true;
}

/* "20.86%  [7447]     zfs_lz4_compress @ /boot/kernel/zfs.ko" */
static bool is_row(struct text line)
{
	struct text percent, count;
	double value;
	uint64_t number;
	return cut_until(&line, "%  [", &percent) && text_number(text_trim(percent), false, &value) &&
	       cut_until(&line, "]", &count) && text_integer(count, &number);
}

static int detect(struct text head)
{
	return lines_any(head, is_row) ? 60 : 0;
}

const struct converter pmc_converter = {
	.name = "pmc",
	.summary = "Converts callgraphs of FreeBSD's pmcstat -G to folded stacks.",
	.examples = "  pmcstat -S unhalted-cycles -O pmc.out; pmcstat -R pmc.out -z16 -G pmc.graph\n"
		    "  stackcollapse-pmc pmc.graph | flamerender > out.svg\n",
	.detect = detect,
	.read = read,
};
