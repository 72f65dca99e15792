#include "convert/lanes.h"

#include "convert/frame.h"

static void add(struct buffer *out, struct text text)
{
	buffer_add(out, text.at, text.size);
}

/* "NAME (ID)", "NAME", "KIND ID" or "KIND". */
static void describe(struct buffer *out, const char *kind, struct text name, struct text id, bool with_id)
{
	if (name.size)
		add(out, name);
	else
		buffer_add_string(out, kind);
	if (!id.size || (name.size && !with_id))
		return;
	buffer_add_string(out, name.size ? " (" : " ");
	add(out, id);
	if (name.size)
		buffer_add_char(out, ')');
}

uint32_t lane_node(const struct run *run, struct stacks *stacks, const struct lane *lane, uint32_t *thread)
{
	struct buffer text = {0};
	uint32_t node = 0;
	if (run->pid && !run->ordered) {
		describe(&text, "process", lane->process, lane->pid, true);
		node = frame_child(stacks, node, buffer_text(&text));
		buffer_clear(&text);
	}
	if (run->ordered && (lane->process.size || lane->pid.size)) {
		describe(&text, "process", lane->process, lane->pid, true);
		buffer_add_string(&text, ", ");
	}
	if (run->ordered || run->threads || run->tid) {
		describe(&text, "thread", lane->thread, lane->tid, run->tid || run->ordered);
		*thread = frame_name(stacks, buffer_text(&text));
		node = stacks_child(stacks, node, *thread);
	}
	buffer_free(&text);
	return node;
}
