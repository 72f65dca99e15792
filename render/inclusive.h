/* Inclusive weights: what frames of a kind weigh with all that stands above them. */
#ifndef RENDER_INCLUSIVE_H
#define RENDER_INCLUSIVE_H

#include "common/stacks.h"

#define NO_GROUP UINT32_MAX

/* By group: the weight of the stacks in which a node of the group stands; a stack counts once, however often it meets
 * the group. `group_of` has the group of each node, less than `groups`, or NO_GROUP. The array belongs to the caller.
 */
double *inclusive_weights(const struct stacks *stacks, const uint32_t *group_of, uint32_t groups);

#endif
