/* Input that still grows: folded lines that come in while the graph is shown. */
#ifndef RENDER_VIEW_LIVE_H
#define RENDER_VIEW_LIVE_H

#include "common/stacks.h"

/* All zero, with fd -1: not live. */
struct live {
	int fd;
	bool ended, frozen;
	struct buffer pending; /* bytes read; taken up to `taken` */
	size_t taken;
	bool unshown;        /* lines were taken that no graph shows yet */
	bool decided, pairs; /* see folded_dialect: what comes first says it */
	unsigned long skipped;
};

void live_open(struct live *live, int fd);
/* False if so much was read but not taken yet that the writer has to wait, or if there is no more. */
bool live_wants(const struct live *live);
/* Reads what is there, without waiting for more; call it when fd is readable. */
void live_read(struct live *live);
/* Adds some of the lines that are complete to the table, as many as take a few milliseconds; false if there were none.
 */
bool live_take(struct live *live, struct stacks *stacks);
void live_close(struct live *live);

#endif
