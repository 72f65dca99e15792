/* Cells as bytes for the terminal. */
#ifndef RENDER_VIEW_PAINT_H
#define RENDER_VIEW_PAINT_H

#include "render/view/cells.h"

enum color_depth { DEPTH_NONE, DEPTH_16, DEPTH_256, DEPTH_TRUE };

/* What the terminal and the user's environment (NO_COLOR, COLORTERM, TERM) give; `colors` is terminfo's number. */
enum color_depth paint_depth(int colors);
/* "none", "16", "256", "24bit" (ends with NULL), in the order of color_depth; and the number of such a name. */
extern const char *const paint_depth_names[];
enum color_depth paint_depth_of(const char *name);

/* The style as a sequence, from scratch ("ESC [ 0 ; ... m"). */
void paint_style(struct buffer *out, struct style style, enum color_depth depth);
/* One row as a line of text: without styles if depth is DEPTH_NONE, without blanks at its end. */
void paint_line(struct buffer *out, const struct cells *cells, int y, enum color_depth depth);
/* What turns a screen that shows `shown` into one that shows `cells` (of the same size); all of it if `all`. */
void paint_changes(
	struct buffer *out, const struct cells *cells, const struct cells *shown, bool all, enum color_depth depth);

#endif
