/* What each key does. */
#ifndef RENDER_VIEW_KEYS_H
#define RENDER_VIEW_KEYS_H

#include "render/view/viewer.h"

void keys_press(struct viewer *viewer, struct key key);

#endif
