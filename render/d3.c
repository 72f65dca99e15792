/* The nested JSON of d3-flame-graph: {"name", "value" (with all below), "children"}; "delta" for differential stacks.
 */
#include <stdlib.h>

#include "common/json_text.h"
#include "common/mem.h"
#include "render/writers.h"

struct writing {
	const struct stacks *stacks;
	struct stacks_children children;
	struct sink *sink;
	double *totals, *old_totals; /* by node, with all below; old NULL if not differential */
};

static void open_node(struct writing *writing, uint32_t node, struct text name)
{
	sink_string(writing->sink, "{\"name\":");
	sink_json(writing->sink, name);
	sink_string(writing->sink, ",\"value\":");
	sink_number(writing->sink, writing->totals[node]);
	if (writing->old_totals) {
		sink_string(writing->sink, ",\"delta\":");
		sink_number(writing->sink, writing->totals[node] - writing->old_totals[node]);
	}
	sink_string(writing->sink, ",\"children\":[");
}

static bool write_stacks(const struct stacks *stacks, const struct view *view, struct sink *sink)
{
	struct writing writing = {
		.stacks = stacks,
		.children = stacks_children(stacks),
		.sink = sink,
		.totals = stacks_totals(stacks, NULL),
		.old_totals = stacks->old ? stacks_totals(stacks, stacks->old) : NULL,
	};
	open_node(&writing, 0, text_of(view->title));
	uint32_t node = writing.children.first[0], parent = 0;
	while (node || parent) {
		if (node) {
			if (node != writing.children.first[parent])
				sink_char(sink, ',');
			open_node(&writing, node, stacks->names.names[stacks->nodes[node].name]);
			parent = node;
			node = writing.children.first[node];
		} else { /* all of the parent's children are written */
			sink_string(sink, "]}");
			node = writing.children.next[parent];
			parent = stacks->nodes[parent].parent;
		}
	}
	sink_string(sink, "]}\n");
	stacks_children_free(&writing.children);
	free(writing.totals);
	free(writing.old_totals);
	return true;
}

const struct writer d3_writer = {.name = "d3",
	.suffix = ".d3.json",
	.summary = "nested JSON for d3-flame-graph",
	.whole = true,
	.write_stacks = write_stacks};
