/* Why a process may not be read, and what helps. */
#ifndef SAMPLER_PERMISSION_H
#define SAMPLER_PERMISSION_H

#include "common/text.h"
#include <sys/types.h>

/* Appends the rule that forbids it and how to allow it, one line. */
void permission_explain(pid_t pid, struct buffer *out);

#endif
