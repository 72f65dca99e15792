#include "sampler/classes.h"

#include <stdlib.h>

#include "common/hash.h"
#include "common/mem.h"
#include "sampler/remote.h"
#include "sampler/strings.h"

/* Of PyTupleObject, the same from 2.7 to 3.10. */
enum { TUPLE_SIZE = 16, TUPLE_ITEMS = 24 };
/* Py_TPFLAGS_HEAPTYPE */
static const uint64_t heap_type = 1U << 9;
enum { SLOTS = 4096, MOST_KNOWN = SLOTS / 2, MOST_CLASS_NAME = 256 };

enum first_argument first_argument_read(const struct target *target, uint64_t code)
{
	const struct layout *layout = &target->layout;
	struct buffer name = {0};
	enum first_argument first = FIRST_OTHER;
	uint32_t arguments;
	uint64_t names = remote_word(target->pid, code + layout->code.variable_names);
	if (!remote_read(target->pid, code + layout->code.argument_count, &arguments, sizeof arguments) || !arguments ||
		!remote_word(target->pid, names + TUPLE_SIZE))
		return FIRST_OTHER;
	if (string_read(target, remote_word(target->pid, names + TUPLE_ITEMS), SHORT_STRING, &name))
		first = text_is(buffer_text(&name), "self")  ? FIRST_SELF
			: text_is(buffer_text(&name), "cls") ? FIRST_CLS
							     : FIRST_OTHER;
	buffer_free(&name);
	return first;
}

/* ---- names of classes ---- */

/* The string at the address, cut at the end of what can be read and at MOST_CLASS_NAME. */
static size_t read_string(pid_t pid, uint64_t address, char out[MOST_CLASS_NAME])
{
	size_t to_block = MOST_CLASS_NAME - address % MOST_CLASS_NAME, size = to_block;
	if (!address || !remote_read(pid, address, out, to_block))
		return 0;
	if (!memchr(out, 0, size) && remote_read(pid, address + size, out + size, MOST_CLASS_NAME - size))
		size = MOST_CLASS_NAME;
	return strnlen(out, size);
}

uint64_t classes_flags(const struct layout *layout, struct snapshot *snapshot, uint64_t class)
{
	return snapshot_word(snapshot, class + layout->object.type_name + FLAGS_BEHIND_NAME);
}

/* Types that C code defines are called module.name. In 2.7 all instances of old classes have one type, "instance". */
static uint32_t read_name(
	struct classes *classes, const struct target *target, struct snapshot *snapshot, uint64_t type, uint64_t meta)
{
	char bytes[MOST_CLASS_NAME], character[4];
	struct buffer name = {0};
	uint32_t number = 0;
	if (!(classes_flags(&target->layout, snapshot, meta) & CLASS_OF_CLASSES))
		return 0;
	size_t size = read_string(target->pid, remote_word(target->pid, type + target->layout.object.type_name), bytes);
	for (const char *at = bytes, *end = bytes + size; at < end;)
		buffer_add(&name, character, utf8_put(character, utf8_next(&at, end)));
	struct text text = buffer_text(&name);
	const char *dot = text.size ? memrchr(text.at, '.', text.size) : NULL;
	if (dot && !(classes_flags(&target->layout, snapshot, type) & heap_type))
		text = (struct text){dot + 1, (size_t)(text.at + text.size - dot - 1)};
	if (text.size && !(target->layout.byte_strings && text_is(text, "instance"))) {
		text_clean_frame(name.at, name.size);
		number = intern(&classes->names, text.at, text.size) + 1;
	}
	buffer_free(&name);
	return number;
}

static struct known_class *slot_for(struct classes *classes, uint64_t type)
{
	if (!classes->known || classes->count >= MOST_KNOWN) {
		free(classes->known);
		classes->known = mem_zero(SLOTS, sizeof *classes->known);
		classes->count = 0;
	}
	size_t i = hash_mix(type, 0) & (SLOTS - 1);
	while (classes->known[i].type && classes->known[i].type != type)
		i = (i + 1) & (SLOTS - 1);
	return &classes->known[i];
}

uint32_t classes_find(struct classes *classes, const struct target *target, struct snapshot *snapshot,
	enum first_argument first, uint64_t object)
{
	const struct layout *layout = &target->layout;
	const unsigned char *bytes;
	if (first == FIRST_SELF) {
		bytes = snapshot_peek(snapshot, object, layout->object.type + 8, 0, 0);
		object = bytes ? word_at(bytes, layout->object.type) : 0;
	}
	bytes = object ? snapshot_peek(snapshot, object, layout->object.type_name + 8, 0, 0) : NULL;
	if (!bytes)
		return 0;
	uint64_t name = word_at(bytes, layout->object.type_name), meta = word_at(bytes, layout->object.type);
	struct known_class *known = slot_for(classes, object);
	if (known->type && known->name == name)
		return known->number;
	classes->count += !known->type;
	*known = (struct known_class){object, name, read_name(classes, target, snapshot, object, meta)};
	return known->number;
}

struct text classes_name(const struct classes *classes, uint32_t number)
{
	return classes->names.names[number - 1];
}

void classes_free(struct classes *classes)
{
	intern_free(&classes->names);
	free(classes->known);
}
