/* A copy of the parts of the target's memory that one sample needs, fetched in one call: the parts that the last sample
 * needed are fetched ahead, what else is asked for is read then. */
#ifndef SAMPLER_SNAPSHOT_H
#define SAMPLER_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { WIDE_RANGES = 64 };

struct range {
	uint64_t address;
	uint32_t size;
	uint32_t place; /* in bytes */
	bool used;      /* asked for since snapshot_begin */
	bool wide;      /* read ahead */
	uint8_t unused; /* for so many readings */
};

struct snapshot {
	pid_t pid;
	uint8_t keep;    /* what was not used is read so often again all the same */
	uint64_t number; /* of its last reading; all snapshots' are different */
	struct range *ranges;
	size_t count, capacity;
	unsigned char *bytes;
	size_t size, byte_capacity;
	uint32_t *index; /* open addressing by a range's address: its number + 1 */
	size_t index_size;
	uint32_t wide[WIDE_RANGES];   /* ranges that were read ahead: what lies inside them is looked for, too */
	size_t wide_count, last_wide; /* the one that something was found in last */
	unsigned char *mirror;        /* snapshot_begin_twice: the second copy of the first mirror_size bytes */
	size_t mirror_size, mirror_capacity;
};

/* Reads again what was used since the last call, all with one call to the kernel. */
void snapshot_begin(struct snapshot *snapshot);
/* The same, twice within that call, the second time in the same or (but for neighbours) the opposite order: what is the
 * same in both did not change between, but for what changed back. */
void snapshot_begin_twice(struct snapshot *snapshot, bool opposite);
/* Makes the second copy the one that snapshot_peek looks at. False if what was used since was not all part of it. */
bool snapshot_turn(struct snapshot *snapshot);
/* Forgets all, and reads `size` bytes at each of the addresses with one call. */
void snapshot_fetch(struct snapshot *snapshot, const uint64_t *addresses, size_t count, size_t size);
/* `size` bytes at `address`, valid until the next call of any function; NULL if they cannot be read. If they have to be
 * read, up to `ahead` bytes from `from` (which lie around them) are read with them, for what comes next; 0: just them.
 */
const void *snapshot_peek(struct snapshot *snapshot, uint64_t address, size_t size, uint64_t from, size_t ahead);
/* The word at `address`, 0 if it cannot be read. */
uint64_t snapshot_word(struct snapshot *snapshot, uint64_t address);
void snapshot_free(struct snapshot *snapshot);

#endif
