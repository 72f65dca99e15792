/* The graph as text, for scripts and dumb terminals. */
#ifndef RENDER_VIEW_DUMP_H
#define RENDER_VIEW_DUMP_H

#include "render/view/viewer.h"

/* Writes a line about the whole, and all rows, to standard output. A failed write ends the program. */
void dump_write(struct viewer *viewer, int width);

#endif
