#include "render/view/live.h"

#include <errno.h>
#include <unistd.h>

#include "common/folded.h"
#include "common/report.h"

enum { READ_BYTES = 1 << 20, MOST_PENDING = 64 << 20 };

void live_open(struct live *live, int fd)
{
	*live = (struct live){.fd = fd};
}

void live_close(struct live *live)
{
	buffer_free(&live->pending);
	live->fd = -1;
}

void live_read(struct live *live)
{
	static char block[READ_BYTES];
	ssize_t n = read(live->fd, block, sizeof block);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n < 0)
		report_error("stdin: %s", strerror(errno));
	if (n <= 0)
		live->ended = true;
	else
		buffer_add(&live->pending, block, (size_t)n);
	live->fresh = true;
}

/* "a;b;c" becomes a path in the table. */
static uint32_t add_path(struct stacks *stacks, struct text stack)
{
	const char *at = stack.at, *end = stack.at + stack.size;
	uint32_t node = 0;
	while (at < end) {
		const char *semicolon = memchr(at, ';', (size_t)(end - at));
		size_t size = (size_t)((semicolon ? semicolon : end) - at);
		node = stacks_child(stacks, node, stacks_name(stacks, at, size));
		at += size + 1;
	}
	return node;
}

static void take_line(struct live *live, struct text line, struct stacks *stacks)
{
	struct folded_line parts;
	if (folded_is_blank(line))
		return;
	if (!folded_parse(line, live->pairs || !live->decided, &parts)) {
		live->skipped++;
		return;
	}
	if (!live->decided)
		live->pairs = parts.pair;
	live->decided = true;
	live->lines++;
	while (parts.stack.size && parts.stack.at[parts.stack.size - 1] == ';')
		parts.stack.size--;
	uint32_t node = add_path(stacks, parts.stack);
	if (parts.pair)
		stacks_add_pair(stacks, node, parts.old, parts.count);
	else
		stacks_add(stacks, node, parts.count);
}

void live_take(struct live *live, struct stacks *stacks)
{
	struct text all = buffer_text(&live->pending), line;
	size_t whole = live->ended ? all.size : source_cut_lines(all.at, all.size);
	const char *at = all.at;
	while (next_line(&at, all.at + whole, &line))
		take_line(live, line, stacks);
	if (whole) {
		memmove(live->pending.at, live->pending.at + whole, all.size - whole);
		live->pending.size = all.size - whole;
	}
	live->fresh = false;
}
