/* austin's binary form, MOJO 1 to 3. */
#ifndef CONVERT_MOJO_H
#define CONVERT_MOJO_H

#include "convert/converter.h"

/* Adds all samples. False, with a message that gives the place, where the input is broken; what was read is kept. */
bool mojo_read(struct source *source, struct stacks *stacks, struct run *run);

#endif
