/* The first line of a record of `perf script`. */
#ifndef CONVERT_PERF_HEADER_H
#define CONVERT_PERF_HEADER_H

#include "common/text.h"

struct perf_header {
	struct text comm; /* may hold spaces */
	struct text pid;  /* empty if not given */
	struct text tid;
	bool has_time;
	double time;       /* seconds */
	double period;     /* 1 if missing or 0 */
	struct text event; /* with modifiers; empty if not given */
	struct text rest;  /* behind the event's colon: empty, one frame, or a tracepoint's text */
};

/* Cuts a line; all texts point into it. False if it is no header. */
bool perf_header_parse(struct text line, struct perf_header *header);

/* The event's name without its modifiers: "cycles:uppp" is "cycles", "sched:sched_switch" stays. */
struct text perf_event_base(struct text event);

#endif
