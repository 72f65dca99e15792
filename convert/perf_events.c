#include "convert/perf_events.h"

#include "common/report.h"
#include "convert/perf_header.h"

static bool same(struct text event, struct text wanted)
{
	return event.size == wanted.size && memcmp(event.at, wanted.at, event.size) == 0;
}

static bool is_asked_for(const struct perf_events *events, struct text event)
{
	for (size_t i = 0; i < events->filters.count; i++) {
		struct text filter = text_of(events->filters.items[i]);
		if (same(event, filter) || same(perf_event_base(event), filter))
			return true;
	}
	return false;
}

bool perf_event_counts(struct perf_events *events, struct text event)
{
	if (events->all || !event.size)
		return true;
	if (events->filters.count)
		return is_asked_for(events, event);
	struct text base = events->whole_names ? event : perf_event_base(event);
	if (!events->has_first) {
		buffer_add(&events->first, base.at, base.size);
		events->has_first = true;
	}
	if (same(base, buffer_text(&events->first)))
		return true;
	if (!atomic_exchange(&events->said, true))
		report_warning("only samples of event %s are counted, others (%.*s) are left out: see --event-filter, "
			       "--all-events",
			events->first.at, (int)event.size, event.at);
	return false;
}

bool perf_events_settled(const struct perf_events *events)
{
	return events->all || events->filters.count || events->has_first;
}
