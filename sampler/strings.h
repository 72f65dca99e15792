/* Python strings in the target's memory. */
#ifndef SAMPLER_STRINGS_H
#define SAMPLER_STRINGS_H

#include "common/text.h"
#include "sampler/target.h"

/* For what is never long. */
enum { SHORT_STRING = 4096 };

/* Appends the str object (2.7: the byte string) at the address as UTF-8; lone surrogates and bytes that are no UTF-8
 * become U+FFFD. Strings that take more than `most` bytes in the target are cut. False if there is no str object. */
bool string_read(const struct target *target, uint64_t address, size_t most, struct buffer *out);

/* Decodes characters of 1 (Latin-1), 2 or 4 bytes each. */
void string_decode(const unsigned char *characters, size_t count, unsigned kind, struct buffer *out);

#endif
