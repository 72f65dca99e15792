/* Operands (files, folders, globs) as a list of profiles with their names. */
#ifndef REPORT_INPUTS_H
#define REPORT_INPUTS_H

#include <stddef.h>

struct input {
	char *path;
	char *name; /* shown: the path below the folder, without .gz and .folded; the whole path if names are equal */
	char *slug; /* of its folder in the report, different for each: letters, digits, "._-~" */
};

/* Sorted by name, see natural_compare: the order of the operands does not matter. */
struct inputs {
	struct input *items;
	size_t count, capacity;
};

/* A folder gives all its files, in folders below it too; hidden ones are left out. What does not exist is an
 * input all the same: reading it says what is wrong. The folder `without` (or NULL) is left out. */
struct inputs inputs_find(char *const *operands, size_t count, const char *without);
/* The input of that name, or NULL. */
const struct input *inputs_named(const struct inputs *inputs, const char *name);
void inputs_free(struct inputs *inputs);

#endif
