/* What the colours of frames mean. */
#ifndef RENDER_VIEW_SCHEME_H
#define RENDER_VIEW_SCHEME_H

#include "render/palette.h"
#include "render/view/cells.h"
#include "render/view/graph.h"

enum color_by {
	BY_PALETTE, /* by name, in one of flamerender's palettes */
	BY_SAFE,    /* by name, in colours that the colour-blind can tell apart */
	BY_MODULE,  /* the same by file, library, package or namespace */
	BY_DELTA,   /* differential stacks: red is more, blue is less */
};

struct scheme {
	enum color_by by;
	struct coloring coloring; /* BY_PALETTE */
};

/* A palette's name, or "safe", "module" or "diff"; ends with NULL. */
extern const char *const scheme_names[];
struct scheme scheme_of(const char *name);
/* What is said of it: "colours by name". */
const char *scheme_label(const struct scheme *scheme);

struct color scheme_color(const struct scheme *scheme, const struct graph *graph, uint32_t node);
/* The part of a frame's name that says where it comes from: "file.py" of "f (file.py:12)", "lib" of "lib`f", "a::b" of
 * "a::b::f", "java/util" of "java/util/List.get", "[kernel]" of "f_[k]"; empty if nothing says so. */
struct text scheme_module(struct text name);

/* Black or white, whatever is easier to read on it. */
struct color scheme_ink(struct color paper);
/* Nearer to `other` by `share` (0 to 1). */
struct color scheme_mix(struct color color, struct color other, double share);

#endif
