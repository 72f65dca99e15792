/* Reads the stacks that are shown. */
#ifndef RENDER_VIEW_INPUT_H
#define RENDER_VIEW_INPUT_H

#include "common/stacks.h"

/* All files (or, with count 0, standard input) as one table. *good is cleared if one of them could not be read. */
struct stacks *input_read(char *const *paths, size_t count, bool *good);
/* The same stacks as differential ones: what they weighed in `before`. Frees both tables. */
struct stacks *input_compare(struct stacks *before, struct stacks *after);

#endif
