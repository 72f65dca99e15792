/* Colours of frames and backgrounds: flamegraph.pl's palettes and numbers, and some of inferno's. */
#ifndef RENDER_PALETTE_H
#define RENDER_PALETTE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/text.h"

struct color {
	uint8_t r, g, b;
};

/* How a name becomes the numbers that choose a colour in a palette. */
enum color_source {
	COLOR_SUM,           /* drand48 seeded with the sum of its code points: flamegraph.pl's default */
	COLOR_HASH,          /* --hash: similar names, similar colours */
	COLOR_RANDOM,        /* --random: not reproducible */
	COLOR_DETERMINISTIC, /* --deterministic: FNV-1a */
};

struct coloring {
	const char *palette; /* one of palette_names */
	enum color_source source;
	bool by_width; /* --colordiffusion: red by width */
};

/* The names of all palettes; ends with NULL. */
extern const char *const palette_names[];

/* The colour of a frame by its name (with annotation, such as _[k]). */
struct color palette_color(const struct coloring *coloring, struct text name);
/* --colordiffusion: by the share (0 to 1) of the whole width. */
struct color palette_width_color(double share);
/* Differential: red for more, blue for less, white for none; max is at least |delta|. */
struct color palette_delta_color(double delta, double max);

/* A vertical gradient. */
struct background {
	struct color top, bottom;
};
/* "yellow", "blue", "green", "grey" or #rrggbb; NULL: what belongs to the palette. False if it is none of these. */
bool palette_background(const char *name, const char *palette, struct background *background);
/* "#rrggbb" or "#rgb"; false if it is not. */
bool palette_hex(const char *text, struct color *color);

#endif
