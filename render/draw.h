/* The graph drawn with cairo, with measured text: what PNG and PDF have in common. */
#ifndef RENDER_DRAW_H
#define RENDER_DRAW_H

#include <cairo.h>

#include "render/geometry.h"

/* False, with a message that says what to install, if the system has no font at all. */
bool draw_has_fonts(void);
/* Draws all of the picture; one unit is a px. */
void draw_graph(cairo_t *cairo, const struct flame *flame, const struct view *view, const struct geometry *geometry);

#endif
