/* --top: a table of the busiest functions or lines that is drawn again every second, and its keys. */
#ifndef SAMPLER_TOP_H
#define SAMPLER_TOP_H

#include "sampler/top_table.h"

/* What the head of the screen says beside the table's own numbers. */
struct top_state {
	const char *title;  /* the program */
	double rate;        /* samples per second, as asked */
	unsigned long late; /* samples, and those that could not be read */
	unsigned long failed;
	bool unstopped; /* it is read while it runs */
	bool ended;     /* the program has */
};

struct top;

/* Takes the terminal over until top_close; messages (stderr) are kept and printed then. Ends the program with a message
 * if there is no terminal. The table stays the caller's. */
struct top *top_open(struct top_table *table);
void top_close(struct top *top);
/* Reads keys and draws what has changed; `now` is of clock_now. False: the user is done. */
bool top_tick(struct top *top, const struct top_state *state, double now);

#endif
