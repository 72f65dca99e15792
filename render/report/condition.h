/* The conditions of --fail-if on the functions of one profile. */
#ifndef REPORT_CONDITION_H
#define REPORT_CONDITION_H

#include "common/gate.h"
#include "render/report/functions.h"

/* Adds a line to `out` for every function that the condition holds for. Its name is that of a function, or "name
 * (file)". Changes need a baseline (else none holds). */
void condition_check(const struct gate *gate, const struct functions *functions, double noise, struct buffer *out);

#endif
