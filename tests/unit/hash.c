/* common/hash: each byte and the length count, at every length; no bytes beside the text are looked at. */
#include "common/hash.h"
#include "check.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 200 };

static bool differ(struct hash128 a, struct hash128 b)
{
	return a.low != b.low && a.high != b.high;
}

static void test_length(size_t size)
{
	unsigned char *bytes = malloc(size + 1); /* of just that size, for the sanitizers */
	memset(bytes, 'a', size + 1);
	uint64_t one = hash_bytes(bytes, size);
	struct hash128 two = hash_bytes128(bytes, size);
	CHECK(hash_bytes(bytes, size + 1) != one && differ(hash_bytes128(bytes, size + 1), two), "another length");
	bytes = realloc(bytes, size ? size : 1);
	for (size_t i = 0; i < size; i++) {
		bytes[i] ^= 1;
		CHECK(hash_bytes(bytes, size) != one && differ(hash_bytes128(bytes, size), two), "another byte");
		bytes[i] ^= 1;
	}
	CHECK(hash_bytes(bytes, size) == one && !differ(hash_bytes128(bytes, size), two), "the same again");
	free(bytes);
}

int main(void)
{
	for (size_t size = 0; size < LONGEST; size++)
		test_length(size);
	return check_end();
}
