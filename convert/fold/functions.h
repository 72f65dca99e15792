/* What each function weighs: self (samples that end in it) and total (samples in whose stack it stands, counted once).
 */
#ifndef FOLD_FUNCTIONS_H
#define FOLD_FUNCTIONS_H

#include "convert/fold/profile.h"

struct function {
	struct profile_weights self, total;
	uint64_t seen; /* number of the last stack it stood in */
};

/* All zero is empty. */
struct functions {
	struct intern names;
	struct function *table; /* by name */
	size_t capacity;
	uint64_t stacks;            /* added so far */
	struct profile_weights sum; /* of all weights */
};

/* Adds a line's stack "frame;frame". What counts as its function's name is said by `name_of` (NULL: the frame itself).
 */
typedef struct text function_name(struct text frame);
void functions_add(struct functions *functions, const struct profile_line *line, function_name *name_of);
/* The function of that name (of no weight if it stands in no stack); lives until the next call. */
const struct function *functions_find(struct functions *functions, struct text name);
void functions_free(struct functions *functions);

#endif
