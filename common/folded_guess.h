/* What is in a large file of folded text, without reading all of it. */
#ifndef COMMON_FOLDED_GUESS_H
#define COMMON_FOLDED_GUESS_H

#include "common/source.h"

/* What the sum of the file's counts will hardly be below, from what it holds at some places; 0 if it is not one large
 * plain file of which nothing was handed out yet. It can be too much. */
double folded_guess_sum(struct source *source);

#endif
