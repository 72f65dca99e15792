/* Where things stand in the picture, in px, and what is written on them: the same for every drawn format. */
#ifndef RENDER_GEOMETRY_H
#define RENDER_GEOMETRY_H

#include "render/flame.h"
#include "render/view.h"

enum { SIDE_MARGIN = 10 }; /* left and right of the frames */

struct geometry {
	double width, height; /* of the picture */
	double top;           /* of the first row, inverted; else unused */
	double bottom;        /* below the root's row, upright; else unused */
	double px_per_count;
	double title_y, subtitle_y, details_y; /* base lines */
};

struct geometry geometry_of(const struct flame *flame, const struct view *view);

/* A frame's rectangle. */
struct box {
	double x1, x2, y1, y2;
};
struct box geometry_box(const struct geometry *geometry, const struct view *view, const struct flame_frame *frame);

/* The name without a trailing _[k], _[w], _[i] or _[j]. */
struct text frame_label(struct text name);
/* The colour of a frame. */
struct color frame_color(const struct flame *flame, const struct view *view, const struct flame_frame *frame);
/* What is said of a frame is "NAME (1,234 samples, 12.34%; +0.50%)". Its count: "1,234"; and its share: "12.34%;
 * +0.50%". Both return the length. */
enum { FRAME_NUMBERS_SIZE = 128 };
size_t frame_count(const struct view *view, const struct flame_frame *frame, char out[FRAME_NUMBERS_SIZE]);
size_t frame_share(const struct flame *flame, const struct view *view, const struct flame_frame *frame,
	char out[FRAME_NUMBERS_SIZE]);

/* Which frames are not in the picture and why; nothing if all are. */
void left_out_text(const struct flame *flame, struct buffer *out);

#endif
