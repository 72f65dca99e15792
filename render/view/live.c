#include "render/view/live.h"

#include <errno.h>
#include <unistd.h>

#include "common/folded.h"
#include "common/report.h"

enum { READ_BYTES = 1 << 20, TAKEN_BYTES = 1 << 18, MOST_PENDING = 64 << 20 };

void live_open(struct live *live, int fd)
{
	*live = (struct live){.fd = fd};
}

void live_close(struct live *live)
{
	buffer_free(&live->pending);
	live->fd = -1;
}

bool live_wants(const struct live *live)
{
	return live->fd >= 0 && !live->ended && live->pending.size < MOST_PENDING;
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
}

/* "a;b;c" becomes a path in the table. */
static uint32_t add_path(struct stacks *stacks, struct text stack)
{
	uint32_t node = 0;
	for (struct text frame; folded_frame(&stack, &frame);)
		node = stacks_child(stacks, node, stacks_name(stacks, frame.at, frame.size));
	return node;
}

static void take_line(struct live *live, struct text line, struct stacks *stacks)
{
	struct folded_line parts;
	if (folded_is_blank(line))
		return;
	if (!folded_parse(line, live->pairs, &parts)) {
		live->skipped++;
		return;
	}
	uint32_t node = add_path(stacks, parts.stack);
	if (parts.pair)
		stacks_add_pair(stacks, node, parts.old, parts.count);
	else
		stacks_add(stacks, node, parts.count);
}

/* Forgets what was taken, when that is much or all. */
static void drop_taken(struct live *live)
{
	size_t rest = live->pending.size - live->taken;
	if (rest > live->taken)
		return;
	memmove(live->pending.at, live->pending.at + live->taken, rest);
	live->pending.size = rest;
	live->taken = 0;
}

bool live_take(struct live *live, struct stacks *stacks)
{
	struct text rest = buffer_text(&live->pending), line;
	rest.at += live->taken;
	rest.size -= live->taken;
	size_t whole = live->ended ? rest.size : source_cut_lines(rest.at, rest.size);
	if (!live->decided) {
		enum folded_dialect dialect = folded_dialect((struct text){rest.at, whole});
		live->decided = dialect != FOLDED_EMPTY;
		live->pairs = dialect == FOLDED_PAIRS;
	}
	const char *at = rest.at, *stop = rest.at + (whole < TAKEN_BYTES ? whole : TAKEN_BYTES);
	if (!whole)
		return false;
	while (at < stop && next_line(&at, rest.at + whole, &line))
		take_line(live, line, stacks);
	live->taken += (size_t)(at - rest.at);
	live->unshown = true;
	drop_taken(live);
	return true;
}
