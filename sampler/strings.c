#include "sampler/strings.h"

#include "sampler/remote.h"

enum { MOST_CHARACTERS = 4096, HEADER_BYTES = 256 };

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

/* 2.7: bytes behind a length; names are ASCII, paths as the file system has them. */
static bool read_byte_string(const struct target *target, uint64_t address, struct buffer *out)
{
	const struct layout *layout = &target->layout;
	char bytes[MOST_CHARACTERS], character[4];
	uint64_t length;
	if (!remote_read(target->pid, address + layout->text.length, &length, sizeof length) || length > INT32_MAX)
		return false;
	if (length > MOST_CHARACTERS)
		length = MOST_CHARACTERS;
	if (length && !remote_read(target->pid, address + layout->text.ascii, bytes, (size_t)length))
		return false;
	for (const char *at = bytes, *end = bytes + length; at < end;)
		buffer_add(out, character, utf8_put(character, utf8_next(&at, end)));
	return true;
}

/* The state: whether it is interned (2 bits; free-threaded builds from 3.14 on: a byte of its own), then kind (3 bits),
 * compact, ascii. The first is 3 at most, the second is not 0: so they can be told apart. */
static unsigned kind_shift(uint32_t state)
{
	return state & 0xFC ? 2 : 8;
}

bool string_read(const struct target *target, uint64_t address, struct buffer *out)
{
	unsigned char header[HEADER_BYTES] = {0}, characters[MOST_CHARACTERS * 4];
	const struct layout *layout = &target->layout;
	size_t fixed = layout->text.compact + 8;
	uint64_t length;
	uint32_t state;
	if (!address || fixed > sizeof header)
		return false;
	if (layout->byte_strings)
		return read_byte_string(target, address, out);
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
	if (length > MOST_CHARACTERS)
		length = MOST_CHARACTERS;
	size_t start = ascii ? layout->text.ascii : layout->text.compact, size = (size_t)length * kind;
	uint64_t data = address + start;
	if (!compact)
		memcpy(&data, header + layout->text.compact, sizeof data);
	if (compact && start + size <= got)
		string_decode(header + start, (size_t)length, kind, out);
	else if (remote_read(target->pid, data, characters, size))
		string_decode(characters, (size_t)length, kind, out);
	else
		return false;
	return true;
}
