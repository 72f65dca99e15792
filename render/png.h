/* PNG files from pictures that cairo drew. */
#ifndef RENDER_PNG_H
#define RENDER_PNG_H

#include <cairo.h>

#include "common/sink.h"
#include "render/view.h"

/* Writes an image surface, with the title and the command line of the view: RGB24, or ARGB32 whose pixels are either
 * opaque or empty. A failure ends the program with a message. */
void png_put(cairo_surface_t *surface, const struct view *view, struct sink *sink);

#endif
