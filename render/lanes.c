#include "render/lanes.h"

#include <stdlib.h>

#include "common/folded.h"
#include "common/mem.h"

/* ---- sequences ---- */

static void add_step(struct lanes *lanes, size_t *capacity, size_t *count, uint32_t node, double weight)
{
	lanes->steps = mem_grow(lanes->steps, capacity, *count + 1, sizeof *lanes->steps);
	lanes->steps[(*count)++] = (struct stacks_step){node, weight};
}

struct gathering {
	struct lanes *lanes;
	size_t capacity, count;
};

static void gather(const struct stacks *stacks, const uint32_t *path, size_t depth, uint32_t node, void *context)
{
	struct gathering *gathering = context;
	double weight = stacks->nodes[node].self;
	(void)path, (void)depth;
	if (weight > 0)
		add_step(gathering->lanes, &gathering->capacity, &gathering->count, node, weight);
}

static void one_lane(struct lanes *lanes, const struct stacks *stacks, const struct view *view)
{
	struct gathering gathering = {.lanes = lanes};
	folded_each(stacks, gather, &gathering);
	lanes->lanes = mem_zero(1, sizeof *lanes->lanes);
	lanes->lanes[0] = (struct lane){.name = text_of(view->title), .count = gathering.count};
	lanes->count = 1;
}

/* A lane for each child of the root, in the order of the nodes. */
static void find_lanes(struct lanes *lanes, const struct stacks *stacks)
{
	size_t capacity = 0;
	for (uint32_t node = 1; node < stacks->count; node++) {
		uint32_t parent = stacks->nodes[node].parent;
		if (parent) {
			lanes->lane_of[node] = lanes->lane_of[parent];
			continue;
		}
		lanes->lanes = mem_grow(lanes->lanes, &capacity, lanes->count + 1, sizeof *lanes->lanes);
		lanes->lanes[lanes->count] =
			(struct lane){.name = stacks->names.names[stacks->nodes[node].name], .base = node};
		lanes->lane_of[node] = (uint32_t)lanes->count++;
	}
}

static void thread_lanes(struct lanes *lanes, const struct stacks *stacks)
{
	find_lanes(lanes, stacks);
	for (size_t i = 0; i < stacks->step_count; i++)
		if (stacks->steps[i].node)
			lanes->lanes[lanes->lane_of[stacks->steps[i].node]].count++;
	size_t next = 0;
	for (size_t i = 0; i < lanes->count; i++) {
		lanes->lanes[i].first = next;
		next += lanes->lanes[i].count;
		lanes->lanes[i].count = 0;
	}
	lanes->steps = mem_zero(next + 1, sizeof *lanes->steps);
	for (size_t i = 0; i < stacks->step_count; i++) {
		const struct stacks_step *step = &stacks->steps[i];
		if (!step->node || !(step->weight > 0))
			continue;
		struct lane *lane = &lanes->lanes[lanes->lane_of[step->node]];
		struct stacks_step *last = &lanes->steps[lane->first + lane->count];
		if (lane->count && last[-1].node == step->node)
			last[-1].weight += step->weight;
		else
			lanes->steps[lane->first + lane->count++] = *step;
	}
}

struct lanes lanes_of(const struct stacks *stacks, const struct view *view)
{
	struct lanes lanes = {.lane_of = mem_zero(stacks->count, sizeof *lanes.lane_of)};
	double most = -1;
	if (view->flame_chart)
		thread_lanes(&lanes, stacks);
	if (!lanes.count)
		one_lane(&lanes, stacks, view);
	for (size_t i = 0; i < lanes.count; i++) {
		struct lane *lane = &lanes.lanes[i];
		double busy = 0;
		for (size_t k = lane->first; k < lane->first + lane->count; k++) {
			lane->total += lanes.steps[k].weight;
			busy += lanes.steps[k].node == lane->base ? 0 : lanes.steps[k].weight;
		}
		if (lane->total > lanes.longest)
			lanes.longest = lane->total;
		if (busy > most) {
			most = busy;
			lanes.busiest = i;
		}
	}
	return lanes;
}

void lanes_free(struct lanes *lanes)
{
	free(lanes->lanes);
	free(lanes->steps);
	free(lanes->lane_of);
}

size_t lanes_path(const struct stacks *stacks, uint32_t node, uint32_t base, uint32_t **path, size_t *capacity)
{
	size_t depth = 0;
	for (uint32_t at = node; at != base && at; at = stacks->nodes[at].parent)
		depth++;
	*path = mem_grow(*path, capacity, depth + 1, sizeof **path);
	for (size_t i = depth; i > 0; i--, node = stacks->nodes[node].parent)
		(*path)[i - 1] = stacks->nodes[node].name;
	return depth;
}

/* ---- units ---- */

static const char *unit_of(const struct view *view)
{
	return view->unit ? view->unit : view->flame_chart ? "us" : "none";
}

double lanes_rate(const struct view *view)
{
	return view->rate > 0 ? view->rate : 100;
}

double lanes_nanoseconds(const struct view *view)
{
	static const struct {
		const char *unit;
		double factor;
	} units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"bytes", 1}};
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcmp(unit_of(view), units[i].unit) == 0)
			return units[i].factor;
	return 1e9 / lanes_rate(view);
}

bool lanes_is_time(const struct view *view)
{
	return strcmp(unit_of(view), "none") != 0 && !lanes_is_bytes(view);
}

bool lanes_is_bytes(const struct view *view)
{
	return strcmp(unit_of(view), "bytes") == 0;
}
