/* UTF-16, which Windows and macOS programs write. */
#ifndef COMMON_UTF16_H
#define COMMON_UTF16_H

#include <stddef.h>

enum utf16 { UTF16_NONE, UTF16_LITTLE, UTF16_BIG };

/* How a file that begins like that is encoded: UTF-16 has its mark, and an ASCII character behind it; the mark alone
 * may be a name that is no UTF-8. */
enum utf16 utf16_of(const char *start, size_t size);
/* Turns whole characters into UTF-8, at most three bytes for every two; halves of pairs become U+FFFD. Returns the
 * bytes written; *used are those read: the last ones (at most 3) may be no whole character yet. */
size_t utf16_to_utf8(enum utf16 order, const unsigned char *at, size_t size, char *to, size_t *used);

#endif
