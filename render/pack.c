#include "render/pack.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void put_triple(struct pack *pack)
{
	const unsigned char *b = pack->bytes;
	char text[4] = {digits[b[0] >> 2], digits[(b[0] & 3) << 4 | b[1] >> 4], digits[(b[1] & 15) << 2 | b[2] >> 6],
		digits[b[2] & 63]};
	sink_write(pack->sink, text, sizeof text);
	pack->count = 0;
}

static void pack_byte(struct pack *pack, unsigned char byte)
{
	pack->bytes[pack->count++] = byte;
	if (pack->count == 3)
		put_triple(pack);
}

void pack_bytes(struct pack *pack, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	for (size_t i = 0; i < size; i++)
		pack_byte(pack, at[i]);
}

void pack_integer(struct pack *pack, uint64_t value)
{
	for (; value > 127; value >>= 7)
		pack_byte(pack, (unsigned char)(value | 128));
	pack_byte(pack, (unsigned char)value);
}

void pack_double(struct pack *pack, double value)
{
	uint64_t bits;
	memcpy(&bits, &value, sizeof bits);
	for (int shift = 0; shift < 64; shift += 8)
		pack_byte(pack, (unsigned char)(bits >> shift));
}

void pack_end(struct pack *pack)
{
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
