/* SHA-256 (FIPS 180-4), for the hashes of a Content-Security-Policy. */
#ifndef RENDER_SHA256_H
#define RENDER_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_SIZE = 32 };

struct sha256 {
	uint32_t state[8];
	uint64_t size;           /* bytes added so far */
	unsigned char block[64]; /* the bytes that fill no block yet */
};
void sha256_begin(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *bytes, size_t size);
void sha256_end(struct sha256 *sha, unsigned char digest[SHA256_SIZE]);

#endif
