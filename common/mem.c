#include "common/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/report.h"

static void *check(void *block, size_t size)
{
	if (!block && size)
		die(EXIT_FAILED, "out of memory (%zu bytes asked)", size);
	return block;
}

static size_t product(size_t count, size_t size)
{
	if (size && count > PTRDIFF_MAX / size)
		die(EXIT_FAILED, "out of memory (%zu times %zu bytes asked)", count, size);
	return count * size;
}

void *mem_alloc(size_t size)
{
	return check(malloc(size), size);
}

void *mem_zero(size_t count, size_t size)
{
	size_t bytes = product(count, size);
	return check(calloc(count, size), bytes);
}

void *mem_resize(void *block, size_t count, size_t size)
{
	size_t bytes = product(count, size);
	return check(realloc(block, bytes ? bytes : 1), bytes);
}

char *mem_copy_string(const char *text)
{
	size_t size = strlen(text) + 1;
	return memcpy(mem_alloc(size), text, size);
}

void mem_sort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	if (count)
		qsort(base, count, size, compare);
}

void *mem_double(void *block, size_t *capacity, size_t need, size_t size)
{
	size_t next = *capacity ? *capacity * 2 : 16;
	while (next < need)
		next *= 2;
	*capacity = next;
	return mem_resize(block, next, size);
}

/* Blocks are chained by a pointer at their start. */
struct arena_block {
	struct arena_block *next;
	char bytes[];
};

enum { ARENA_BLOCK = 64 * 1024 };

/* A piece too large to share a block gets one of its own, behind the newest, whose free part stays in use. */
static char *arena_large(struct arena *arena, size_t size)
{
	struct arena_block *block = mem_alloc(sizeof *block + size);
	if (arena->blocks) {
		block->next = arena->blocks->next;
		arena->blocks->next = block;
	} else {
		block->next = NULL;
		arena->blocks = block;
	}
	return block->bytes;
}

char *arena_bytes(struct arena *arena, size_t size)
{
	if ((size_t)(arena->end - arena->at) < size) {
		if (size > ARENA_BLOCK / 4)
			return arena_large(arena, size);
		struct arena_block *block = mem_alloc(sizeof *block + ARENA_BLOCK);
		block->next = arena->blocks;
		arena->blocks = block;
		arena->at = block->bytes;
		arena->end = block->bytes + ARENA_BLOCK;
	}
	char *piece = arena->at;
	arena->at += size;
	return piece;
}

void arena_free(struct arena *arena)
{
	while (arena->blocks) {
		struct arena_block *next = arena->blocks->next;
		free(arena->blocks);
		arena->blocks = next;
	}
	*arena = (struct arena){0};
}
