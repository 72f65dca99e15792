/* Reads the memory of another process, and never writes to it. A recorded image (image.h) can stand in for the process.
 */
#ifndef SAMPLER_REMOTE_H
#define SAMPLER_REMOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

/* One piece of the target's memory and where it goes. */
struct piece {
	uint64_t address;
	void *to;
	size_t size;
};

/* Reads `size` bytes at `address`; false, with errno, if not all of it could be read. */
bool remote_read(pid_t pid, uint64_t address, void *to, size_t size);
/* Reads many pieces with as few calls as possible (best sorted by address: neighbours are read together); returns how
 * many whole pieces, from the first on, were read. */
size_t remote_read_pieces(pid_t pid, const struct piece *pieces, size_t count);
/* True if the piece is read together with the one before it. */
bool remote_is_joined(const struct piece *pieces, size_t i);
/* A pointer-sized word; 0 if it cannot be read. */
uint64_t remote_word(pid_t pid, uint64_t address);
/* The word at that place of what was read. */
static inline uint64_t word_at(const unsigned char *bytes, size_t offset)
{
	uint64_t word;
	memcpy(&word, bytes + offset, sizeof word);
	return word;
}

#endif
