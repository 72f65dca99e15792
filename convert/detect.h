/* Finding the format of an input. */
#ifndef CONVERT_DETECT_H
#define CONVERT_DETECT_H

#include "convert/converter.h"

/* The format named, or (name NULL) the one that is surest of the source's first 64 KiB; says with -v which. NULL, with
 * a message that lists the formats, if none knows it. */
const struct converter *detect(struct source *source, const char *name);
/* Prints the formats, one line each. */
void detect_list(void);

#endif
