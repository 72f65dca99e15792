/* The viewer at work: draws, waits for keys, input and finished work, until it is left. */
#ifndef RENDER_VIEW_SESSION_H
#define RENDER_VIEW_SESSION_H

#include "render/view/viewer.h"

/* The terminal is open; viewer->graph is there. */
void session_run(struct viewer *viewer);

#endif
