/* Memory: allocation that cannot fail (the program ends with a message instead), growing arrays, arenas. */
#ifndef COMMON_MEM_H
#define COMMON_MEM_H

#include <stddef.h>

/* As malloc, calloc, realloc, strdup; on lack of memory or overflow of count * size the program ends. */
void *mem_alloc(size_t size);
void *mem_zero(size_t count, size_t size);
void *mem_resize(void *block, size_t count, size_t size);
char *mem_copy_string(const char *text);
/* What mem_grow does when there is not enough room. */
void *mem_double(void *block, size_t *capacity, size_t need, size_t size);

/* Makes room for at least `need` elements: doubles *capacity when it is too small. Returns the (moved) block. */
static inline void *mem_grow(void *block, size_t *capacity, size_t need, size_t size)
{
	return need <= *capacity ? block : mem_double(block, capacity, need, size);
}

/* As qsort, but nothing may be at NULL. */
void mem_sort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *));

/* An arena: many small pieces, freed together. All zero is an empty arena. */
struct arena {
	struct arena_block *blocks;
	char *at, *end; /* free part of the newest block */
};
/* Uninitialised room of `size` bytes, not aligned; owned by the arena. */
char *arena_bytes(struct arena *arena, size_t size);
void arena_free(struct arena *arena);

#endif
