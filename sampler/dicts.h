/* Dictionaries and attributes of Python objects in the target's memory, for the few things that are found by name. The
 * target may change them meanwhile: what is not found may be there, what is found may be wrong. */
#ifndef SAMPLER_DICTS_H
#define SAMPLER_DICTS_H

#include "sampler/target.h"

/* The address of what the dict object has under a key: an ASCII str, or an int (0 to 2^61 - 2). 0 if it has no such key
 * or cannot be read. */
uint64_t dict_find(const struct target *target, uint64_t dict, const char *key);
uint64_t dict_find_number(const struct target *target, uint64_t dict, uint64_t key);
/* The dict of the names in a module, of sys.modules. */
uint64_t module_dict(const struct target *target, uint64_t modules, const char *name);
/* The same for an attribute that an object holds itself (not its class). */
uint64_t attribute_find(const struct target *target, uint64_t object, const char *name);

#endif
