/* Protocol buffers' wire format. */
#ifndef CONVERT_PROTOBUF_H
#define CONVERT_PROTOBUF_H

#include "common/text.h"

struct protobuf_field {
	uint32_t number;
	bool has_bytes;    /* length-delimited: a message, a string, or packed numbers */
	struct text bytes; /* of length-delimited fields; at is NULL for others */
	uint64_t value;    /* of others */
	bool taken;        /* by protobuf_repeated */
};

/* Cuts the next field off the message. False at its end, or (the rest is emptied) where it is broken. */
bool protobuf_next(struct text *message, struct protobuf_field *field);
/* The next number of a repeated field, packed or not; false when there is none left. */
bool protobuf_repeated(struct protobuf_field *field, uint64_t *number);

#endif
