/* The lists that take the place of the graph. */
#ifndef RENDER_VIEW_PAGES_H
#define RENDER_VIEW_PAGES_H

#include "render/view/viewer.h"

/* Each opens its list; functions are those that the filter lets through. */
void pages_functions(struct viewer *viewer);
void pages_combined(struct viewer *viewer, const struct box *box);
void pages_threads(struct viewer *viewer);
void pages_calls(struct viewer *viewer, struct text function);
void pages_details(struct viewer *viewer);
void pages_help(struct viewer *viewer);

/* The graph is another one: lists of it are made anew, or closed where they cannot. */
void pages_refresh(struct viewer *viewer);
/* Does what Enter on the chosen item does. */
void pages_choose(struct viewer *viewer);
/* Goes to the widest frame of the chosen item's function in the graph, and searches for all of them. */
void pages_show(struct viewer *viewer);
/* Back to the graph. */
void pages_close(struct viewer *viewer);

#endif
