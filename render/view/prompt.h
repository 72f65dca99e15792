/* The line at the bottom in which something is typed. */
#ifndef RENDER_VIEW_PROMPT_H
#define RENDER_VIEW_PROMPT_H

#include "render/view/viewer.h"

void prompt_open(struct viewer *viewer, enum prompt prompt);
/* A key while it is open. */
void prompt_key(struct viewer *viewer, struct key key);
/* Searches for it in the graph and goes to the first match; an empty pattern ends the search. */
void prompt_search(struct viewer *viewer, const char *pattern, bool exact);

#endif
