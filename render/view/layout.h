/* Where the frames of a row stand, in columns: the same for drawing, moving and the mouse. */
#ifndef RENDER_VIEW_LAYOUT_H
#define RENDER_VIEW_LAYOUT_H

#include "render/view/graph.h"

/* One frame, or neighbours too narrow to be seen one by one: nodes [first, last). */
struct box {
	uint32_t first, last;
	double left, right; /* columns, from 0 */
};
static inline bool box_is_combined(const struct box *box)
{
	return box->last - box->first > 1;
}

/* What is looked at. */
struct window {
	const struct graph *graph;
	uint32_t zoom; /* this frame is as wide as the window, those above it are too */
	int width;     /* columns */
	bool separate; /* leave narrow frames out instead of combining them */
};

/* The boxes of one row below (or at) the zoomed frame, from left to right; the array belongs to the caller: room for
 * 2 * width + 2 is enough. Takes time by the width, not by the number of frames. */
size_t layout_row(const struct window *window, struct graph_range range, struct box *boxes);
/* The box of an ancestor of the zoomed frame. */
struct box layout_ancestor(const struct window *window, uint32_t node);
/* The nodes of that depth that can be seen: below the zoomed frame, or its one ancestor there. Empty if there are none.
 */
struct graph_range layout_range(const struct window *window, uint32_t depth);
/* The boxes of a depth: layout_row of layout_range, or layout_ancestor. */
size_t layout_depth(const struct window *window, uint32_t depth, struct box *boxes);
/* The box that holds a node, or NULL. */
const struct box *layout_find(const struct box *boxes, size_t count, uint32_t node);

#endif
