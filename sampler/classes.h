/* Names of classes: of a method's, guessed from its first argument (up to 3.10 code objects do not know it), and of
 * exceptions. */
#ifndef SAMPLER_CLASSES_H
#define SAMPLER_CLASSES_H

#include "common/intern.h"
#include "sampler/snapshot.h"
#include "sampler/target.h"

/* How far behind tp_name tp_flags stands in PyTypeObject, the same from 2.7 to 3.15. */
enum { FLAGS_BEHIND_NAME = 144 };

/* What a function's first argument is by its name. */
enum first_argument { FIRST_OTHER, FIRST_SELF, FIRST_CLS };

/* Py_TPFLAGS_TYPE_SUBCLASS: it is type, or derived from it. */
static const uint64_t CLASS_OF_CLASSES = 1U << 31;
/* tp_flags of a class; 0 if they cannot be read. */
uint64_t classes_flags(const struct layout *layout, struct snapshot *snapshot, uint64_t class);

/* All zero is an empty table. */
struct classes {
	struct intern names; /* of classes, by number - 1 */
	struct known_class {
		uint64_t type; /* 0: free */
		uint64_t name; /* tp_name: another one is another class */
		uint32_t number;
	} * known; /* open addressing */
	size_t count;
};

/* How the first argument is called, from the code object's co_argcount and co_varnames. */
enum first_argument first_argument_read(const struct target *target, uint64_t code);
/* The number of the class's name: of the object's type, or of the object (FIRST_CLS). 0 if that is no class. Classes
 * seen before are read out of the snapshot. */
uint32_t classes_find(struct classes *classes, const struct target *target, struct snapshot *snapshot,
	enum first_argument first, uint64_t object);
/* `number` is not 0. */
struct text classes_name(const struct classes *classes, uint32_t number);
void classes_free(struct classes *classes);

#endif
