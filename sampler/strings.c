#include "sampler/strings.h"

#include <stdlib.h>

#include "common/mem.h"
#include "sampler/remote.h"

enum { HEADER_BYTES = 256 };

void string_decode(const unsigned char *characters, size_t count, unsigned kind, struct buffer *out)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t code = 0;
		char bytes[4];
		for (unsigned byte = kind; byte > 0; byte--)
			code = code << 8 |
			       characters[i * kind + byte - 1]; /* little-endian, as x86-64 and aarch64 are */
		buffer_add(out, bytes, utf8_put(bytes, code));
	}
}

/* As string_decode, of characters that are read. */
static bool read_characters(
	const struct target *target, uint64_t address, size_t count, unsigned kind, size_t most, struct buffer *out)
{
	if (count > most / kind)
		count = most / kind;
	unsigned char *characters = mem_alloc(count * kind + 1);
	bool good = !count || remote_read(target->pid, address, characters, count * kind);
	if (good)
		string_decode(characters, count, kind, out);
	free(characters);
	return good;
}

/* 2.7: bytes behind a length; names are ASCII, paths as the file system has them. */
static bool read_byte_string(const struct target *target, uint64_t address, size_t most, struct buffer *out)
{
	const struct layout *layout = &target->layout;
	char character[4];
	uint64_t length;
	if (!remote_read(target->pid, address + layout->text.length, &length, sizeof length) || length > INT32_MAX)
		return false;
	if (length > most)
		length = most;
	char *bytes = mem_alloc((size_t)length + 1);
	bool good = !length || remote_read(target->pid, address + layout->text.ascii, bytes, (size_t)length);
	for (const char *at = bytes, *end = bytes + length; good && at < end;)
		buffer_add(out, character, utf8_put(character, utf8_next(&at, end)));
	free(bytes);
	return good;
}

/* The state: whether it is interned (2 bits; free-threaded builds from 3.14 on: a byte of its own), then kind (3 bits),
 * compact, ascii. The first is 3 at most, the second is not 0: so they can be told apart. */
static unsigned kind_shift(uint32_t state)
{
	return state & 0xFC ? 2 : 8;
}

bool string_read(const struct target *target, uint64_t address, size_t most, struct buffer *out)
{
	unsigned char header[HEADER_BYTES] = {0};
	const struct layout *layout = &target->layout;
	size_t fixed = layout->text.compact + 8;
	uint64_t length;
	uint32_t state;
	if (!address || fixed > sizeof header)
		return false;
	if (layout->byte_strings)
		return read_byte_string(target, address, most, out);
	/* most strings are short: their characters come with the header */
	size_t got = remote_read(target->pid, address, header, sizeof header) ? sizeof header
		     : remote_read(target->pid, address, header, fixed)       ? fixed
									      : 0;
	if (!got && !remote_read(target->pid, address, header, layout->text.ascii))
		return false;
	memcpy(&length, header + layout->text.length, sizeof length);
	memcpy(&state, header + layout->text.state, sizeof state);
	state >>= kind_shift(state);
	unsigned kind = state & 7;
	bool compact = state & 8, ascii = state & 16;
	if ((kind != 1 && kind != 2 && kind != 4) || length > INT32_MAX)
		return false;
	size_t start = ascii ? layout->text.ascii : layout->text.compact;
	uint64_t data = address + start;
	if (!compact)
		memcpy(&data, header + layout->text.compact, sizeof data);
	if (!compact || start + length * kind > got)
		return read_characters(target, data, (size_t)length, kind, most, out);
	string_decode(header + start, (size_t)length, kind, out);
	return true;
}
