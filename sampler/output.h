/* Where the profile goes. */
#ifndef SAMPLER_OUTPUT_H
#define SAMPLER_OUTPUT_H

#include "common/stacks.h"

/* Writes the stacks as folded text to path (NULL: standard output), or through flamerender if the path's suffix is one
 * of a picture. `ordered`: the steps. False, with a message, if flamerender is not there or failed. */
bool output_write(const struct stacks *stacks, bool ordered, const char *path, const char *title);

#endif
