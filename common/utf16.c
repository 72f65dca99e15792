#include "common/utf16.h"

#include <string.h>

#include "common/text.h"

enum utf16 utf16_of(const char *start, size_t size)
{
	if (size >= 4 && memcmp(start, "\xff\xfe", 2) == 0 && start[3] == '\0' && start[2] != '\0')
		return UTF16_LITTLE;
	if (size >= 4 && memcmp(start, "\xfe\xff", 2) == 0 && start[2] == '\0' && start[3] != '\0')
		return UTF16_BIG;
	return UTF16_NONE;
}

static unsigned load_unit(enum utf16 order, const unsigned char *at)
{
	return order == UTF16_BIG ? (unsigned)at[0] << 8 | at[1] : (unsigned)at[1] << 8 | at[0];
}

size_t utf16_to_utf8(enum utf16 order, const unsigned char *at, size_t size, char *to, size_t *used)
{
	size_t written = 0;
	*used = 0;
	while (size - *used >= 2) {
		uint32_t code = load_unit(order, at + *used);
		size_t units = 1;
		if ((code & 0xFC00) == 0xD800 && size - *used < 4)
			break; /* the first half of a pair */
		if ((code & 0xFC00) == 0xD800 && (load_unit(order, at + *used + 2) & 0xFC00) == 0xDC00) {
			code = 0x10000 + ((code & 0x3FF) << 10) + (load_unit(order, at + *used + 2) & 0x3FF);
			units = 2;
		}
		written += utf8_put(to + written, code);
		*used += units * 2;
	}
	return written;
}
