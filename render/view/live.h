/* Input that still grows: folded lines that come in while the graph is shown. */
#ifndef RENDER_VIEW_LIVE_H
#define RENDER_VIEW_LIVE_H

#include "common/stacks.h"

/* All zero, with fd -1: not live. */
struct live {
	int fd;
	bool ended, frozen;
	bool fresh;            /* stacks came that are not shown yet */
	struct buffer pending; /* bytes read, not taken yet */
	bool decided, pairs;   /* as folded_rules.pairs: the first line says */
	unsigned long lines, skipped;
};

void live_open(struct live *live, int fd);
/* Reads what is there, without waiting for more; call it when fd is readable. */
void live_read(struct live *live);
/* Adds the lines that are complete (at the end, all) to the table. */
void live_take(struct live *live, struct stacks *stacks);
void live_close(struct live *live);

#endif
