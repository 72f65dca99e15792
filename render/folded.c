/* Folded text again: summed and sorted, or in its time order. */
#include "common/folded.h"
#include "render/writers.h"

static bool write_stacks(const struct stacks *stacks, const struct view *view, struct sink *sink)
{
	if (view->flame_chart)
		folded_write_ordered(stacks, sink);
	else
		folded_write(stacks, sink);
	return true;
}

const struct writer folded_writer = {.name = "folded",
	.suffix = ".folded",
	.summary = "folded stacks, summed and sorted",
	.whole = true,
	.write_stacks = write_stacks};
