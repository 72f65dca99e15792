#include "common/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "common/report.h"

static void *check(void *block, size_t size)
{
	if (!block && size)
		die(EXIT_FAILED, "out of memory (%zu bytes asked)", size);
	return block;
}

enum { PAGE = 4096, HUGE_PAGE = 2 * 1024 * 1024 };

/* Large blocks are asked for in huge pages: taking memory page by page costs more than using it. The block's first page
 * is malloc's, too, but asking for all that was mapped lets realloc move it without copying. */
static void *prefer_huge_pages(void *block, size_t size)
{
	if (size >= 2 * HUGE_PAGE) {
		uintptr_t before = (uintptr_t)block % PAGE;
		madvise((char *)block - before, before + size, MADV_HUGEPAGE);
	}
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
	return prefer_huge_pages(check(calloc(count, size), bytes), bytes);
}

void *mem_resize(void *block, size_t count, size_t size)
{
	size_t bytes = product(count, size);
	return prefer_huge_pages(check(realloc(block, bytes ? bytes : 1), bytes), bytes);
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

void *mem_grow(void *block, size_t *capacity, size_t need, size_t size)
{
	if (need <= *capacity)
		return block;
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

/* Blocks grow from the one size to the other. */
enum { SMALL_BLOCK = 64 * 1024, LARGE_BLOCK = 16 * 1024 * 1024 };

static size_t next_block_size(const struct arena *arena)
{
	size_t last = arena->end ? (size_t)(arena->end - arena->blocks->bytes) : 0;
	return last < SMALL_BLOCK ? SMALL_BLOCK : last < LARGE_BLOCK ? last * 2 : LARGE_BLOCK;
}

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
		size_t room = next_block_size(arena);
		if (size > room / 4)
			return arena_large(arena, size);
		struct arena_block *block = mem_resize(NULL, sizeof *block + room, 1);
		block->next = arena->blocks;
		arena->blocks = block;
		arena->at = block->bytes;
		arena->end = block->bytes + room;
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
