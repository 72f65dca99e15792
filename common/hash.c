#include "common/hash.h"

#include <string.h>

/* Multiply-and-fold hashing: each pair of words is turned into a 128-bit product whose halves are xored. The constants
 * are odd numbers without structure (digits of the golden ratio, sqrt 3, sqrt 5, sqrt 7). */
enum { LANE_BYTES = 16 };
static const uint64_t key0 = 0x9E3779B97F4A7C15u, key1 = 0xBB67AE8584CAA73Bu;
static const uint64_t key2 = 0x3C6EF372FE94F82Bu, key3 = 0xA54FF53A5F1D36F1u;

static inline uint64_t load64(const unsigned char *at)
{
	uint64_t word;
	memcpy(&word, at, sizeof word);
	return word;
}

static inline uint64_t load32(const unsigned char *at)
{
	uint32_t word;
	memcpy(&word, at, sizeof word);
	return word;
}

static inline uint64_t fold(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 product = (unsigned __int128)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The last 0 to 16 bytes as two words that overlap where there are fewer than 16. */
static inline void load_tail(const unsigned char *at, size_t size, uint64_t *a, uint64_t *b)
{
	if (size >= 8) {
		*a = load64(at);
		*b = load64(at + size - 8);
	} else if (size >= 4) {
		*a = load32(at);
		*b = load32(at + size - 4);
	} else if (size > 0) {
		*a = (uint64_t)at[0] << 16 | (uint64_t)at[size / 2] << 8 | at[size - 1];
		*b = 0;
	} else {
		*a = *b = 0;
	}
}

uint64_t hash_bytes(const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	uint64_t state = key0 ^ size, a, b;
	size_t left = size;
	for (; left > LANE_BYTES; left -= LANE_BYTES, at += LANE_BYTES)
		state = fold(load64(at) ^ key1, load64(at + 8) ^ state);
	load_tail(at, left, &a, &b);
	return fold(key2 ^ fold(a ^ key1, b ^ state), key3 ^ size);
}

struct hash128 hash_bytes128(const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	uint64_t one = key0 ^ size, two = key3, a, b;
	size_t left = size;
	for (; left > LANE_BYTES; left -= LANE_BYTES, at += LANE_BYTES) {
		uint64_t first = load64(at), second = load64(at + 8);
		one = fold(first ^ key1, second ^ one);
		two = fold(first ^ two, second ^ key2);
	}
	load_tail(at, left, &a, &b);
	one = fold(a ^ key1, b ^ one);
	two = fold(a ^ two, b ^ key2);
	return (struct hash128){fold(one ^ key2, key3 ^ size), fold(two ^ key0, key1 ^ one)};
}
