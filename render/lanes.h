/* Stacks as sequences for formats that know threads and time: one lane for each thread of ordered stacks, or one for
 * all. */
#ifndef RENDER_LANES_H
#define RENDER_LANES_H

#include "common/stacks.h"
#include "render/view.h"

struct lane {
	struct text name;    /* of the thread; the view's title if there is just one lane for all */
	uint32_t base;       /* the thread's node, which is not part of its stacks; 0: all is */
	size_t first, count; /* its steps in lanes.steps */
	double total;        /* sum of its steps */
};

struct lanes {
	struct lane *lanes;
	size_t count;
	struct stacks_step *steps; /* equal neighbours of a lane are merged; a step at the base is a gap */
	uint32_t *lane_of;         /* by node; meaningless for node 0 */
	double longest;            /* largest total */
	size_t busiest;            /* the lane with the most time in stacks */
};

/* Ordered stacks give their steps (view->flame_chart), others each stack once, sorted. */
struct lanes lanes_of(const struct stacks *stacks, const struct view *view);
void lanes_free(struct lanes *lanes);

/* The names of a node's stack below `base`, root first, in *path (grown as needed); returns their number. */
size_t lanes_path(const struct stacks *stacks, uint32_t node, uint32_t base, uint32_t **path, size_t *capacity);

/* Samples a second: 100 if nobody says. */
double lanes_rate(const struct view *view);
/* What one count lasts, in nanoseconds: of the unit, or (none) a sample's time at that rate; bytes: 1. */
double lanes_nanoseconds(const struct view *view);
bool lanes_is_time(const struct view *view);
bool lanes_is_bytes(const struct view *view);

#endif
