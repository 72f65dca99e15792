/* GHC's cost centre profiles in JSON (+RTS -pj). */
#ifndef CONVERT_GHCPROF_JSON_H
#define CONVERT_GHCPROF_JSON_H

#include "common/source.h"
#include "common/stacks.h"

/* Adds ticks, or bytes allocated, of every stack of cost centres. False, with a message, if it is not such a profile.
 */
bool ghcprof_json_read(struct source *source, struct stacks *stacks, bool bytes);

#endif
