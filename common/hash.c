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

/* Up to 32 bytes: the first and the last 16, which overlap. */
static struct hash128 hash_short(const unsigned char *at, size_t size)
{
	uint64_t a, b, c = 0, d = 0;
	load_tail(at, size < LANE_BYTES ? size : LANE_BYTES, &a, &b);
	if (size > LANE_BYTES) {
		c = load64(at + size - LANE_BYTES);
		d = load64(at + size - LANE_BYTES / 2);
	}
	uint64_t one = fold(a ^ key0, b ^ key1 ^ size), two = fold(c ^ key2, d ^ key3 ^ size);
	return (struct hash128){fold(one ^ key3, two ^ key2), fold(two ^ key1, one ^ key0)};
}

/* Four lanes, so that the processor need not wait for one product before it begins the next. */
struct hash128 hash_bytes128(const void *bytes, size_t size)
{
	enum { LANES = 4 };
	static const uint64_t keys[LANES] = {key1, key2, key3, key0};
	const unsigned char *at = bytes;
	if (size <= 2 * LANE_BYTES)
		return hash_short(at, size);
	uint64_t states[LANES] = {key0 ^ size, key1, key2, key3}, a, b;
	size_t left = size;
	for (; left > LANES * LANE_BYTES; left -= LANES * LANE_BYTES, at += LANES * LANE_BYTES)
		for (int i = 0; i < LANES; i++) {
			const unsigned char *lane = at + (ptrdiff_t)i * LANE_BYTES;
			states[i] = fold(load64(lane) ^ keys[i], load64(lane + 8) ^ states[i]);
		}
	for (int i = 0; left > LANE_BYTES; left -= LANE_BYTES, at += LANE_BYTES, i++)
		states[i] = fold(load64(at) ^ keys[i], load64(at + 8) ^ states[i]);
	load_tail(at, left, &a, &b);
	states[3] = fold(a ^ key0, b ^ states[3]);
	uint64_t one = fold(states[0] ^ key2, states[1] ^ size), two = fold(states[2] ^ key0, states[3] ^ key1);
	return (struct hash128){fold(one ^ key3, two ^ key2), fold(two ^ key1, one ^ key0)};
}
