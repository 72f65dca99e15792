/* Bytes and numbers as base64 text, which is no markup whatever it holds. */
#ifndef RENDER_PACK_H
#define RENDER_PACK_H

#include "common/sink.h"

enum { PACK_BYTES = 768 };

/* {.sink = sink} is an empty one. Nothing else may be written to the sink before pack_end. */
struct pack {
	struct sink *sink;
	unsigned char bytes[PACK_BYTES]; /* not written yet */
	size_t count;
};
void pack_bytes(struct pack *pack, const void *bytes, size_t size);
/* 7 bits a byte, the lowest first; the highest bit says that more follow. */
void pack_integer(struct pack *pack, uint64_t value);
/* An IEEE double, the lowest byte first. */
void pack_double(struct pack *pack, double value);
/* Writes what is left, padded. */
void pack_end(struct pack *pack);

#endif
