/* The report of wallClockProfiler (github.com/jasonrohrer/wallClockProfiler). */
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/lines.h"

static bool with_lines;

static const struct opt options[] = {
	{'l', "lines", OPT_FLAG, &with_lines, NULL, "Keep the places in the names: main (at busy.c:14).", NULL, 0,
		false},
	{0},
};

struct wcp {
	struct stacks *stacks;
	struct skipped *skipped;
	bool inside;              /* of the list of full stacks */
	uint64_t samples;         /* of the stack that is read */
	struct frame_list frames; /* leaf first */
};

/*
 * Full stacks:
 *
 * 99.791% ===================================== (17194 samples)
 *        1: poll__YNjd8fE6xG8C   (at /src/asyncloop.nim:343)
 *        2: main   (at /src/app.nim:11)
 */

static void end_stack(struct wcp *wcp)
{
	if (!wcp->frames.count)
		return;
	uint32_t node = frame_list_down(&wcp->frames, wcp->stacks, 0);
	stacks_add(wcp->stacks, node, (double)wcp->samples);
}

/* "99.791% ==== (17194 samples)" */
static bool begin_stack(struct wcp *wcp, struct text line)
{
	struct text percent;
	end_stack(wcp);
	wcp->samples = 0;
	return cut_until(&line, "(", &percent) && cut_integer(&line, &wcp->samples) && text_starts(line, " samples)");
}

/* "1: poll   (at /src/asyncloop.nim:343)" */
static bool add_frame(struct wcp *wcp, struct text line)
{
	uint64_t number;
	if (!cut_integer(&line, &number) || !cut_start(&line, ": "))
		return false;
	struct text name = line;
	for (struct text part, rest = line; !with_lines && cut_until(&rest, "(at ", &part);)
		name = (struct text){line.at, (size_t)(part.at + part.size - line.at)};
	frame_list_add(&wcp->frames, frame_name(wcp->stacks, name));
	return true;
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct wcp *wcp = state;
	struct text text = text_trim(line);
	if (text_starts(text, "Full stacks")) {
		wcp->inside = true;
	} else if (!wcp->inside) {
		return;
	} else if (!text.size) {
		end_stack(wcp);
	} else if (text_find(text, "% =") ? !begin_stack(wcp, text) : !add_frame(wcp, text)) {
		skip_record(
			wcp->skipped, chunk, line.at, "neither 'N%% === (N samples)' nor 'N: FUNCTION (at FILE:LINE)'");
	}
}

static void end_file(void *state, const struct chunk *chunk)
{
	struct wcp *wcp = state;
	(void)chunk;
	end_stack(wcp);
	wcp->inside = false;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct wcp wcp = {.stacks = stacks, .skipped = &run->skipped};
	lines_read(source, take_line, end_file, &wcp);
	frame_list_free(&wcp.frames);
	return true;
}

static bool is_stack(struct text line)
{
	return text_find(line, "% =") && text_find(line, " samples)");
}

static int detect(struct text head)
{
	return lines_any(head, is_stack) ? 60 : 0;
}

const struct converter wcp_converter = {
	.name = "wcp",
	.summary = "Converts reports of wallClockProfiler to folded stacks.",
	.examples =
		"  wallClockProfiler 20 ./program > report.txt; stackcollapse-wcp report.txt | flamerender > out.svg\n",
	.options = options,
	.detect = detect,
	.read = read,
};
