/* Strings to small numbers and back: each distinct string is kept once and has the next free number, from 0. */
#ifndef COMMON_INTERN_H
#define COMMON_INTERN_H

#include "mem.h"
#include "text.h"

/* All zero is an empty table. */
struct intern {
	struct text *names; /* by number; the bytes live in the arena */
	uint32_t count;
	size_t capacity;
	struct intern_slot {
		uint32_t number; /* + 1; 0: free */
		uint32_t tag;    /* upper half of the string's hash */
	} * slots;               /* open addressing; slot_count is a power of two */
	size_t slot_count;
	struct arena bytes;
};
/* The number of the string; copies it if it is new. At most 2^31 - 1 strings (more end the program). */
uint32_t intern(struct intern *table, const char *at, size_t size);
/* The same for a string that is known to be new, without a look at the table; only until intern is called. */
uint32_t intern_new(struct intern *table, const char *at, size_t size);
void intern_free(struct intern *table);
/* For each name its place (0 ...) in the bytewise order of name + ";", which is the order of subtrees in sorted
 * folded text. The array of `count` numbers belongs to the caller. */
uint32_t *intern_ranks(const struct intern *table);

#endif
