/* What the user asked for: the options that decide how a graph looks. */
#ifndef RENDER_VIEW_H
#define RENDER_VIEW_H

#include <stdbool.h>

#include "render/palette.h"

struct nameattr;
struct palette_map;

struct view {
	const char *title, *subtitle; /* subtitle NULL: none */
	const char *count_name;       /* "samples" */
	const char *name_type;        /* "Function:", before a frame's name in the details line */
	const char *notes;            /* goes into a comment */
	const char *encoding;         /* NULL: not declared */
	double width;                 /* of the picture, px */
	double frame_height;          /* of a row, px */
	double min_width;             /* narrower frames are left out: px, or percent of the total */
	bool min_width_percent;
	const char *font_type;
	double font_size;                                   /* px */
	double font_width;                                  /* mean width of a glyph, in font sizes */
	bool inverted;                                      /* the root on top */
	bool flame_chart;                                   /* time order */
	const char *sort;                                   /* siblings: name, total or input */
	const char *search;                                 /* regular expression found from the start, or NULL */
	bool negate;                                        /* differential: the other sign */
	double total;                                       /* width of the picture in counts; 0: the sum */
	double factor;                                      /* counts are shown multiplied by it */
	bool truncate_left;                                 /* labels lose their start, not their end */
	const char *search_color, *ui_color, *stroke_color; /* #rrggbb; stroke NULL: none */
	bool script;                                        /* SVG: with JavaScript */
	const char *unit;                                   /* of the counts: none, ns, us, ms, s, bytes */
	double rate;                                        /* samples a second; 0: not given (see lanes_rate) */
	double scale;                                       /* PNG: pixels per px */
	const char *command;                                /* PNG: command line, for its metadata */
	struct coloring coloring;
	struct background background;
	struct palette_map *palette_map; /* --cp, or NULL */
	const struct nameattr *nameattr; /* or NULL */
};

#endif
