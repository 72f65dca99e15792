/* Draws rows of boxes into cells. */
#ifndef RENDER_VIEW_DRAW_H
#define RENDER_VIEW_DRAW_H

#include "render/view/layout.h"
#include "render/view/paint.h"
#include "render/view/scheme.h"
#include "render/view/search.h"

/* How the frames look. */
struct look {
	const struct window *window;
	const struct scheme *scheme;
	const struct search *search;
	uint32_t selected; /* GRAPH_NONE: no frame is */
	enum color_depth
		depth; /* 256 colours and more: edges in eighths of a column; fewer: lines between the frames */
};

/* Draws the rows from `scroll` (the depth nearest to the root) on into the lines [y, end) of the cells: upwards from
 * the lowest line, or (icicle) downwards from the highest. */
void draw_rows(const struct look *look, struct cells *cells, int y, int end, uint32_t scroll, bool icicle);

#endif
