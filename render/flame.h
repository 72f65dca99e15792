/* The laid-out graph: every frame wide enough to be seen, with its place. All drawing writers walk it. */
#ifndef RENDER_FLAME_H
#define RENDER_FLAME_H

#include "common/stacks.h"

/* A frame spans [start, end) on the axis of counts. */
struct flame_frame {
	struct text name;     /* "" for the root */
	uint32_t name_number; /* in the stacks' names; meaningless for the root */
	uint32_t depth;       /* 0: the root, which is always there */
	double start, end;
	double self;   /* weight of the samples that end here */
	double delta;  /* new - old of them, 0 if not compared */
	bool compared; /* it comes from differential lines */
};

/* Siblings from left to right. */
enum flame_order {
	FLAME_BY_NAME,
	FLAME_BY_TOTAL, /* the widest first */
	FLAME_AS_MADE,  /* as the stacks made them (see folded_rules.in_order) */
};

/* Which frames are laid out, and how. */
struct flame_rules {
	enum flame_order order;
	bool steps;         /* in the order of the stacks' steps; else merged */
	double total;       /* the end of the axis if that is more than the sum; 0: the sum */
	double min_width;   /* counts: narrower frames are left out */
	uint32_t max_depth; /* deeper frames are left out; 0: none */
};

struct flame {
	size_t count;       /* frames that are walked */
	uint32_t depth_max; /* of those */
	double sum;         /* of all counts */
	double total;       /* the end of the axis: sum, or the larger total asked for */
	double max_delta;   /* at least 1 */
	uint64_t narrow;    /* frames left out because they are too narrow; those above them are not counted */
	uint64_t deep;      /* and because of max_depth */
	/* for flame_next: */
	const struct stacks *stacks;
	struct flame_rules rules;
	double *totals;           /* merged: by node, its weight with all below it */
	uint32_t *order;          /* merged: nodes, a parent before its children; NULL: that is how they stand */
	struct flame_step *steps; /* time order: the frames */
	size_t step_count;
};

/* Lays the stacks out, which must live as long as the flame. To be freed with flame_free. */
struct flame flame_layout(const struct stacks *stacks, struct flame_rules rules);
void flame_free(struct flame *flame);

/* Goes through the frames: a parent stands before its children, siblings from left to right. */
struct flame_walk {
	const struct flame *flame;
	size_t next;             /* what comes next: 0 is the root */
	struct flame_open *open; /* the frames above it */
	size_t depth, capacity;
	uint64_t narrow, deep; /* frames passed over until now */
	size_t narrow_depth;   /* of the narrow frame that it is at or in, else 0 */
};
struct flame_walk flame_start(const struct flame *flame);
/* The next frame; false, and the walk is freed, behind the last one. Its name is the stacks'. */
bool flame_next(struct flame_walk *walk, struct flame_frame *frame);

#endif
