/* For input that is not folded text: what to put before flamerender. */
#ifndef RENDER_HINT_H
#define RENDER_HINT_H

#include "common/text.h"

/* The converter that is likely to read an input which starts like that: "stackcollapse-perf", or "stackcollapse", which
 * knows all formats. */
const char *hint_converter(struct text head);

#endif
