/* --cp: colours kept from graph to graph in a file, "NAME->rgb(r,g,b)" lines sorted by name. */
#ifndef RENDER_PALETTE_MAP_H
#define RENDER_PALETTE_MAP_H

#include "render/palette.h"

struct palette_map;

/* Reads the file if it exists; lines that are none of its form are skipped with a warning. */
struct palette_map *palette_map_read(const char *path);
/* The colour kept for the name; else `color`, which is kept from now on. */
struct color palette_map_color(struct palette_map *map, struct text name, struct color color);
/* Writes the file anew. */
void palette_map_write(const struct palette_map *map, const char *path);

#endif
