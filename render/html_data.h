/* The data of the HTML page: two blocks of base64, read by html-tree.js.
 *
 * Names, in the order of intern_ranks, each: bytes shared with the start of the one before, bytes that follow, those
 * bytes, and the red, green and blue of its colour.
 * Frames, a parent before its children, siblings from left to right, the root first, each:
 *	integer	levels up from a child of the frame before, times 4; plus 2 if `before` follows, plus 1 if `self` does
 *	integer	number of the name (of the root: 0)
 *	weight	before: what the parent weighs by itself between the sibling on the left (or its own start) and this
 *	weight	self: what ends at this frame, all `before` of its children included
 *	weight	old, in differential data: what ended at this frame before
 * A weight is an integer, or if data-whole is 0 a double. */
#ifndef RENDER_HTML_DATA_H
#define RENDER_HTML_DATA_H

#include "common/sink.h"
#include "common/stacks.h"
#include "render/view.h"

/* Both blocks as <script> elements that are not executed, with the ids `names` and `frames`. With view->flame_chart
 * the frames stand in time order, each first frame (thread) with a clock of its own. */
void html_data(struct sink *sink, const struct stacks *stacks, const struct view *view);

#endif
