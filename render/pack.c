#include "render/pack.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Writes the bytes that fill threes; one or two are left at the start. */
static void put_threes(struct pack *pack)
{
	char text[PACK_BYTES / 3 * 4], *out = text;
	size_t threes = pack->count / 3;
	for (const unsigned char *b = pack->bytes, *end = b + 3 * threes; b < end; b += 3, out += 4) {
		out[0] = digits[b[0] >> 2];
		out[1] = digits[(b[0] & 3) << 4 | b[1] >> 4];
		out[2] = digits[(b[1] & 15) << 2 | b[2] >> 6];
		out[3] = digits[b[2] & 63];
	}
	sink_write(pack->sink, text, (size_t)(out - text));
	pack->count -= 3 * threes;
	memmove(pack->bytes, pack->bytes + 3 * threes, pack->count);
}

static void make_room(struct pack *pack, size_t size)
{
	if (pack->count + size > PACK_BYTES)
		put_threes(pack);
}

void pack_bytes(struct pack *pack, const void *bytes, size_t size)
{
	const char *at = bytes;
	while (size) {
		make_room(pack, 1);
		size_t part = PACK_BYTES - pack->count < size ? PACK_BYTES - pack->count : size;
		memcpy(pack->bytes + pack->count, at, part);
		pack->count += part;
		at += part;
		size -= part;
	}
}

void pack_integer(struct pack *pack, uint64_t value)
{
	make_room(pack, 10);
	for (; value > 127; value >>= 7)
		pack->bytes[pack->count++] = (unsigned char)(value | 128);
	pack->bytes[pack->count++] = (unsigned char)value;
}

void pack_double(struct pack *pack, double value)
{
	uint64_t bits;
	memcpy(&bits, &value, sizeof bits);
	make_room(pack, sizeof bits);
	for (int shift = 0; shift < 64; shift += 8)
		pack->bytes[pack->count++] = (unsigned char)(bits >> shift);
}

void pack_end(struct pack *pack)
{
	put_threes(pack);
	const unsigned char *b = pack->bytes;
	char text[4] = {digits[b[0] >> 2], digits[(b[0] & 3) << 4], '=', '='};
	if (pack->count == 2) {
		text[1] = digits[(b[0] & 3) << 4 | b[1] >> 4];
		text[2] = digits[(b[1] & 15) << 2];
	}
	if (pack->count)
		sink_write(pack->sink, text, sizeof text);
	pack->count = 0;
}
