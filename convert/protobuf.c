#include "convert/protobuf.h"

static bool take_varint(struct text *message, uint64_t *value)
{
	*value = 0;
	for (unsigned shift = 0; shift < 64 && message->size; shift += 7) {
		unsigned char byte = (unsigned char)*message->at;
		message->at++;
		message->size--;
		*value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

static bool take_fixed(struct text *message, size_t size, uint64_t *value)
{
	if (message->size < size)
		return false;
	*value = 0;
	for (size_t i = 0; i < size; i++)
		*value |= (uint64_t)(unsigned char)message->at[i] << (8 * i);
	message->at += size;
	message->size -= size;
	return true;
}

static bool take_bytes(struct text *message, struct text *bytes)
{
	uint64_t size;
	if (!take_varint(message, &size) || size > message->size)
		return false;
	*bytes = (struct text){message->at, (size_t)size};
	message->at += size;
	message->size -= (size_t)size;
	return true;
}

bool protobuf_next(struct text *message, struct protobuf_field *field)
{
	uint64_t key;
	*field = (struct protobuf_field){0};
	if (!message->size)
		return false;
	bool good = take_varint(message, &key) && key >> 3 > 0 && key >> 3 < 1u << 29;
	field->number = good ? (uint32_t)(key >> 3) : 0;
	switch (good ? key & 7 : 7) {
	case 0:
		good = take_varint(message, &field->value);
		break;
	case 1:
		good = take_fixed(message, 8, &field->value);
		break;
	case 2:
		good = field->has_bytes = take_bytes(message, &field->bytes);
		break;
	case 5:
		good = take_fixed(message, 4, &field->value);
		break;
	default:
		good = false;
	}
	if (!good)
		message->size = 0;
	return good;
}

bool protobuf_repeated(struct protobuf_field *field, uint64_t *number)
{
	if (field->has_bytes)
		return field->bytes.size && take_varint(&field->bytes, number);
	*number = field->value;
	bool first = !field->taken;
	field->taken = true;
	return first;
}
