/* Fast non-cryptographic hashing of bytes, for tables. Results are the same on every run and little-endian machine. */
#ifndef COMMON_HASH_H
#define COMMON_HASH_H

#include <stddef.h>
#include <stdint.h>

/* 64 well-mixed bits. */
uint64_t hash_bytes(const void *bytes, size_t size);

/* 128 bits, for recognising a block without keeping it: two independent lanes. */
struct hash128 {
	uint64_t low, high;
};
struct hash128 hash_bytes128(const void *bytes, size_t size);

/* Mixes two words into one. */
static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 product =
		(unsigned __int128)(a ^ 0x9E3779B97F4A7C15u) * (b ^ 0xD6E8FEB86659FD93u);
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

#endif
