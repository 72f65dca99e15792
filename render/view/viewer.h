/* The state of the viewer, and what the keys do to it. */
#ifndef RENDER_VIEW_VIEWER_H
#define RENDER_VIEW_VIEWER_H

#include "render/view/builder.h"
#include "render/view/layout.h"
#include "render/view/list.h"
#include "render/view/live.h"
#include "render/view/save.h"
#include "render/view/scheme.h"
#include "render/view/search.h"

/* What fills the window. */
enum page { PAGE_GRAPH, PAGE_FUNCTIONS, PAGE_COMBINED, PAGE_THREADS, PAGE_CALLS, PAGE_DETAILS, PAGE_HELP };

/* What is typed in the last line. */
enum prompt { PROMPT_NONE, PROMPT_SEARCH, PROMPT_FILTER, PROMPT_SAVE };

enum order { ORDER_TOTAL, ORDER_SELF, ORDER_NAME, ORDER_CHANGE };

struct place {
	uint32_t zoom, selected;
};

struct viewer {
	const char *title;      /* of the input */
	const char *count_name; /* "samples" */
	struct stacks *base;    /* all stacks as they were read */
	struct edits edits;
	bool heavy_first, cut; /* cut: see edits_apply */
	struct graph *graph;
	struct builder builder;
	bool stale;              /* the graph is to be built anew */
	struct buffer to_select; /* this function, when the new graph is there */

	struct place at;
	struct place *history; /* where Back goes */
	size_t history_count, history_capacity;
	uint32_t scroll; /* depth of the row nearest to the root that is seen */
	bool icicle, separate;
	struct scheme scheme;
	enum color_depth depth;

	struct search search;
	enum page page;
	struct list list;
	enum order order;
	struct buffer filter;   /* of the function table: an expression */
	struct buffer function; /* PAGE_CALLS: whose callers and callees */
	struct buffer lines;    /* texts of the page that is open */
	enum prompt prompt;
	struct buffer typed;
	char message[512]; /* shown until the next key */
	struct live live;
	struct save save;

	struct cells cells, shown;
	int graph_y, graph_end; /* lines of the graph, set by drawing */
	bool redraw;            /* the whole screen */
	bool quit;
};

void viewer_free(struct viewer *viewer);
void viewer_say(struct viewer *viewer, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct window viewer_window(const struct viewer *viewer);

/* The stacks or the edits changed: builds the graph, now or when the builder is free. */
void viewer_rebuild(struct viewer *viewer);
/* Takes a finished graph over: zoom and selection go to the same stacks in it. */
void viewer_adopt(struct viewer *viewer);

/* ---- where it looks ---- */
void viewer_select(struct viewer *viewer, uint32_t node);
void viewer_zoom(struct viewer *viewer, uint32_t node);
/* Zooms out so far that the node can be seen, and selects it. */
void viewer_jump(struct viewer *viewer, uint32_t node);
/* Back to where it was before the last zoom; false if there was none. */
bool viewer_back(struct viewer *viewer);
void viewer_reset(struct viewer *viewer);
/* Moves to the parent (-1) or the heaviest child (+1), or along the row. */
void viewer_move_depth(struct viewer *viewer, int by);
void viewer_move_along(struct viewer *viewer, int by);
/* The next (or previous) frame that was searched for. */
void viewer_next_match(struct viewer *viewer, bool back);
/* Moves the rows; `by` counts away from the root. */
void viewer_scroll(struct viewer *viewer, long by);
/* Scrolls so that the selection is seen. */
void viewer_show_selected(struct viewer *viewer);
/* The box of the selection. */
struct box viewer_selected_box(const struct viewer *viewer);
/* The box at a place of the screen; false if there is none. */
bool viewer_box_at(const struct viewer *viewer, int x, int y, struct box *box);
/* The last row of the graph below the zoomed frame, as depth. */
uint32_t viewer_last_depth(const struct viewer *viewer);
uint32_t viewer_rows(const struct viewer *viewer);

#endif
