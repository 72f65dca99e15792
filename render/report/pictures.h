/* The graphs of a profile as files. */
#ifndef REPORT_PICTURES_H
#define REPORT_PICTURES_H

#include "common/stacks.h"
#include "render/flame.h"
#include "render/report/settings.h"
#include "render/view.h"

enum { THUMBNAIL_WIDTH = 320, THUMBNAIL_HEIGHT = 120 }; /* px */

/* The look of all graphs of the report. */
struct view picture_view(const struct settings *settings, const char *title);
/* The frames that are wide enough to be drawn, up to `rows` above the root. */
struct flame picture_flame(const struct stacks *stacks, const struct view *view, uint32_t rows);
/* Writes the interactive page / the still picture. False, after a message, if it cannot be made. */
bool picture_html(const struct stacks *stacks, const struct view *view, const char *path);
bool picture_png(const struct stacks *stacks, const struct view *view, const char *path);
/* A small picture without letters. */
void picture_thumbnail(const struct stacks *stacks, const struct view *view, const char *path);

#endif
