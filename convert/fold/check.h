/* The conditions of folddiff --fail-if. */
#ifndef FOLD_CHECK_H
#define FOLD_CHECK_H

#include "common/gate.h"
#include "convert/fold/profile.h"

/* Reports every function that a condition holds for; returns how many. A condition's name is that of a whole frame,
 * "work (app.py:12)", or of a function, "work". */
size_t check_profile(const struct gate *gates, size_t count, const struct profile *profile, double noise);

#endif
