#include "convert/timeline.h"

#include <math.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

void timeline_begin(struct timeline *timeline, struct stacks *stacks, bool active)
{
	*timeline = (struct timeline){.active = active, .stacks = stacks};
}

/* The place of the thread's number. */
static uint32_t *find_thread(struct timeline *timeline, uint32_t name)
{
	size_t before = timeline->name_capacity;
	timeline->by_name =
		mem_grow(timeline->by_name, &timeline->name_capacity, (size_t)name + 1, sizeof *timeline->by_name);
	for (size_t i = before; i < timeline->name_capacity; i++)
		timeline->by_name[i] = 0;
	return &timeline->by_name[name];
}

/* Durations are kept to the nanosecond: the difference of two large times has noise behind that. */
static void add_step(struct timeline *timeline, uint32_t node, double gap)
{
	stacks_add(timeline->stacks, node, floor(gap * 1000 + 0.5) / 1000);
}

static void begin_thread(struct timeline *timeline, uint32_t name, uint32_t node, double time)
{
	timeline->threads =
		mem_grow(timeline->threads, &timeline->capacity, timeline->count + 1, sizeof *timeline->threads);
	timeline->threads[timeline->count++] = (struct timeline_thread){node, time, 0};
	if (time > timeline->start)
		add_step(timeline, stacks_child(timeline->stacks, 0, name), time - timeline->start);
}

void timeline_add(struct timeline *timeline, uint32_t name, uint32_t node, double time)
{
	if (time < 0) {
		timeline->without++;
		return;
	}
	if (!timeline->started)
		timeline->start = time;
	timeline->started = true;
	uint32_t *number = find_thread(timeline, name);
	if (!*number) {
		begin_thread(timeline, name, node, time);
		*number = (uint32_t)timeline->count;
		return;
	}
	struct timeline_thread *thread = &timeline->threads[*number - 1];
	double gap = time > thread->time ? time - thread->time : 0;
	add_step(timeline, thread->node, gap);
	thread->node = node;
	thread->time += gap;
	thread->last_gap = gap;
}

bool timeline_end(struct timeline *timeline)
{
	for (size_t i = 0; i < timeline->count; i++)
		add_step(timeline, timeline->threads[i].node, timeline->threads[i].last_gap);
	free(timeline->threads);
	free(timeline->by_name);
	if (timeline->without)
		report_error("%lu sample%s without a time: --ordered needs the time of each", timeline->without,
			plural(timeline->without));
	return timeline->without == 0;
}
