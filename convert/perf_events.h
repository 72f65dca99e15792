/* Which samples of `perf script` count: those of the events asked for, or of the first one. */
#ifndef CONVERT_PERF_EVENTS_H
#define CONVERT_PERF_EVENTS_H

#include <stdatomic.h>

#include "common/opt.h"
#include "common/text.h"

/* All zero: the event of the first record counts. */
struct perf_events {
	bool all;                /* all count */
	bool whole_names;        /* modifiers are part of the first event's name */
	struct opt_list filters; /* these count */
	struct buffer first;     /* without filters: the first event */
	bool has_first;
	atomic_bool said; /* that others are left out */
};

/* Does a sample of this event (with modifiers; empty: not known) count? Says once that some do not. */
bool perf_event_counts(struct perf_events *events, struct text event);
/* True if no record can change the answer any more: threads may share it then. */
bool perf_events_settled(const struct perf_events *events);

#endif
