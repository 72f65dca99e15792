/* The exception that a thread raises or handles. */
#ifndef SAMPLER_EXCEPTIONS_H
#define SAMPLER_EXCEPTIONS_H

#include "sampler/snapshot.h"
#include "sampler/target.h"

/* The address of the class of the thread's exception: of the one that it raises, else of the one that it handles (3.7
 * and on: in an except or finally block; before: until the function that caught it returns). 0: there is none. */
uint64_t exceptions_class(const struct target *target, struct snapshot *snapshot, uint64_t thread);

#endif
