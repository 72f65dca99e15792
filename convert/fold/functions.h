/* What each function weighs: self (samples that end in it) and total (samples in whose stack it stands, counted once).
 */
#ifndef FOLD_FUNCTIONS_H
#define FOLD_FUNCTIONS_H

#include "common/intern.h"

struct function {
	double self, total;
	uint64_t seen; /* number of the last stack it stood in */
};

/* All zero is empty. */
struct functions {
	struct intern names;
	struct function *table; /* by name */
	size_t capacity;
	uint64_t stacks; /* added so far */
	double sum;      /* of all weights */
};

/* Adds a stack "frame;frame". What counts as its function's name is said by `name_of` (NULL: the frame itself). */
typedef struct text function_name(struct text frame);
void functions_add(struct functions *functions, struct text stack, double weight, function_name *name_of);
/* The function of that name (of no weight if it stands in no stack); lives until the next call. */
const struct function *functions_find(struct functions *functions, struct text name);
void functions_free(struct functions *functions);

#endif
