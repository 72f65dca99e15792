/* What is written around the graph: the heading, the way to the zoomed frame, and all about the selected one. */
#ifndef RENDER_VIEW_STATUS_H
#define RENDER_VIEW_STATUS_H

#include "render/view/viewer.h"

/* The two lines on top. */
void status_draw_heading(struct viewer *viewer);
/* The lines at the bottom; returns the first of them. */
int status_draw_details(struct viewer *viewer);
/* What is known about a frame: its numbers in one line. */
void status_numbers(const struct viewer *viewer, uint32_t node, struct buffer *out);

#endif
