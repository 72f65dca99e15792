/* The laid-out graph: every frame wide enough to be seen, with its place. All writers walk it. */
#ifndef RENDER_FLAME_H
#define RENDER_FLAME_H

#include "common/stacks.h"

/* A frame spans [start, end) on the axis of counts. */
struct flame_frame {
	struct text name; /* "" for the root */
	double start, end;
	double delta;   /* new - old of the samples that end here, 0 if not compared */
	bool compared;  /* it comes from differential lines */
	uint32_t depth; /* 0: the root, which is always there */
};

struct flame {
	struct flame_frame *frames; /* a parent stands before its children, siblings from left to right */
	size_t count, capacity;
	uint32_t depth_max; /* of the frames that are there */
	double sum;         /* of all counts */
	double total;       /* the end of the axis: sum, or the larger total asked for */
	double max_delta;   /* at least 1 */
	uint64_t narrow;    /* frames left out because they are too narrow */
	uint64_t deep;      /* and by flame_cut */
};

/* Lays the stacks out: merged, or (steps) in the order of their steps. Frames narrower than min_width (counts) are left
 * out; total is at least the sum. Names stay the stacks'. */
struct flame flame_layout(const struct stacks *stacks, bool steps, double total, double min_width);

/* Leaves out frames deeper than that. */
void flame_cut(struct flame *flame, uint32_t max_depth);

#endif
