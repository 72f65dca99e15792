#include "sampler/dicts.h"

#include <string.h>

#include "sampler/classes.h"
#include "sampler/remote.h"

enum { MOST_ENTRIES = 1 << 17, BLOCK = 256, MOST_ENTRY = 24, MOST_KEY = 128, PIECES = 64 };

/* ---- tables of keys ---- */

/* PyDictKeysObject: what is needed to go through the entries, which lie in the order in which they were made. */
struct keys {
	uint64_t entries; /* address of the first */
	size_t count;
	uint32_t size, key, value; /* bytes of an entry, places in it */
	bool hashes;               /* an entry begins with its key's hash */
	bool shared;               /* by many dicts, which have the values */
};

/* Up to 3.10: {refcount, size, lookup, usable, nentries}, then `size` indices of 1, 2, 4 or 8 bytes, then entries
 * {hash, key, value}. */
static bool find_old_keys(const unsigned char header[40], uint64_t address, struct keys *keys)
{
	uint64_t size = word_at(header, 8), entries = word_at(header, 32);
	uint64_t width = size <= 0xFF ? 1 : size <= 0xFFFF ? 2 : size <= 0xFFFFFFFF ? 4 : 8;
	if (entries > MOST_ENTRIES || size > 8 * (uint64_t)MOST_ENTRIES)
		return false;
	*keys = (struct keys){address + 40 + size * width, (size_t)entries, 24, 8, 16, true, false};
	return true;
}

/* 3.11 and on: {refcount, u8 log2(size), u8 log2(bytes of indices), u8 kind, u32 version, usable, nentries}, indices,
 * entries {hash, key, value} (kind 0) or {key, value}, where all keys are str. */
static bool find_new_keys(const unsigned char header[40], uint64_t address, struct keys *keys)
{
	uint64_t entries = word_at(header, 24);
	if (entries > MOST_ENTRIES || header[9] > 40 || header[10] > 2)
		return false;
	uint64_t start = address + 32 + (UINT64_C(1) << header[9]);
	*keys = header[10] == 0 ? (struct keys){start, (size_t)entries, 24, 8, 16, true, false}
				: (struct keys){start, (size_t)entries, 16, 0, 8, false, false};
	return true;
}

static bool find_keys(const struct target *target, uint64_t address, struct keys *keys)
{
	unsigned char header[40];
	if (!address || !remote_read(target->pid, address, header, sizeof header))
		return false;
	return target->layout.minor < 11 ? find_old_keys(header, address, keys) : find_new_keys(header, address, keys);
}

/* ---- finding an entry ---- */

/* What is looked for. */
struct wanted {
	const char *text; /* or NULL: */
	uint64_t number;
};

/* Which of the keys (addresses of strings) is the text; `count` if none. */
static size_t match_texts(const struct target *target, const uint64_t *at, size_t count, const char *text)
{
	static unsigned char room[PIECES][MOST_KEY + 64];
	struct piece pieces[PIECES];
	size_t length = strlen(text), ascii = target->layout.text.ascii, size = ascii + length;
	for (size_t done = 0; done < count;) {
		size_t some = count - done < PIECES ? count - done : PIECES;
		for (size_t i = 0; i < some; i++)
			pieces[i] = (struct piece){at[done + i], room[i], size};
		size_t read = remote_read_pieces(target->pid, pieces, some);
		for (size_t i = 0; i < read; i++)
			if (word_at(room[i], target->layout.text.length) == length &&
				memcmp(room[i] + ascii, text, length) == 0)
				return done + i;
		done += read < some ? read + 1 : some; /* one that cannot be read is another one */
	}
	return count;
}

/* The entry in a block that has the key; `count` if none. Entries that were deleted, or never used, have no value. */
static size_t match_block(const struct target *target, const struct keys *keys, const unsigned char *block,
	size_t count, const struct wanted *wanted)
{
	uint64_t at[BLOCK];
	size_t places[BLOCK], used = 0;
	for (size_t i = 0; i < count; i++) {
		const unsigned char *entry = block + i * keys->size;
		if (!word_at(entry, keys->key) || (!keys->shared && !word_at(entry, keys->value)))
			continue;
		if (!wanted->text && word_at(entry, 0) == wanted->number)
			return i;
		places[used] = i;
		at[used++] = word_at(entry, keys->key);
	}
	size_t found = wanted->text ? match_texts(target, at, used, wanted->text) : used;
	return found < used ? places[found] : count;
}

/* The number of the entry, and what it holds; false if there is none. */
static bool find_entry(const struct target *target, const struct keys *keys, const struct wanted *wanted,
	size_t *number, uint64_t *value)
{
	unsigned char block[BLOCK * MOST_ENTRY];
	if (wanted->text ? strlen(wanted->text) > MOST_KEY : !keys->hashes)
		return false;
	for (size_t done = 0; done < keys->count; done += BLOCK) {
		size_t some = keys->count - done < BLOCK ? keys->count - done : BLOCK;
		if (!remote_read(target->pid, keys->entries + done * keys->size, block, some * keys->size))
			return false;
		size_t found = match_block(target, keys, block, some, wanted);
		if (found == some)
			continue;
		*number = done + found;
		*value = word_at(block + found * keys->size, keys->value);
		return true;
	}
	return false;
}

/* ---- dictionaries: 3: {head, used, version, keys, values} ---- */

/* Where the array of values of a table whose keys are shared begins. */
static uint64_t first_value(const struct target *target, uint64_t values)
{
	return values + (target->layout.minor >= 13 ? 8 : 0);
}

static uint64_t find(const struct target *target, uint64_t keys_at, uint64_t values, const struct wanted *wanted)
{
	struct keys keys;
	size_t number;
	uint64_t value;
	if (!find_keys(target, keys_at, &keys))
		return 0;
	keys.shared = values != 0;
	if (!find_entry(target, &keys, wanted, &number, &value))
		return 0;
	return values ? remote_word(target->pid, first_value(target, values) + 8 * number) : value;
}

/* 2.7: {head, fill, used, mask, table of {hash, key, value}}. */
static uint64_t find_in_table(const struct target *target, uint64_t table, uint64_t mask, const struct wanted *wanted)
{
	struct keys keys = {table, (size_t)mask + 1, 24, 8, 16, true, false};
	size_t number;
	uint64_t value;
	return mask < MOST_ENTRIES && find_entry(target, &keys, wanted, &number, &value) ? value : 0;
}

static uint64_t find_in_dict(const struct target *target, uint64_t dict, const struct wanted *wanted)
{
	unsigned char fields[16];
	uint64_t head = target->layout.object.type + 8;
	if (!dict || !remote_read(target->pid, dict + head + 16, fields, sizeof fields))
		return 0;
	if (target->layout.byte_strings)
		return find_in_table(target, word_at(fields, 8), word_at(fields, 0), wanted);
	return find(target, word_at(fields, 0), word_at(fields, 8), wanted);
}

uint64_t dict_find(const struct target *target, uint64_t dict, const char *key)
{
	return find_in_dict(target, dict, &(struct wanted){.text = key});
}

/* An int's hash is the int itself. */
uint64_t dict_find_number(const struct target *target, uint64_t dict, uint64_t key)
{
	return find_in_dict(target, dict, &(struct wanted){.number = key});
}

/* A module is {head, its dict}. */
uint64_t module_dict(const struct target *target, uint64_t modules, const char *name)
{
	uint64_t module = dict_find(target, modules, name);
	return module ? remote_word(target->pid, module + target->layout.object.type + 8) : 0;
}

/* ---- attributes ---- */

/* Flags of types, and the places of fields behind tp_name. */
enum { INLINE_VALUES = 1 << 2, MANAGED_DICT = 1 << 4 };
enum { BASIC_SIZE = 8, DICT_OFFSET = 264, TYPE_BYTES = 272 };

/* ht_cached_keys, behind tp_name: the attributes' names of objects that hold their values themselves. */
static uint32_t cached_keys(unsigned minor)
{
	return minor >= 15 ? 864 : minor >= 12 ? 856 : 848;
}

/* 3.11 and on: where an object without a pointer of its own to a dict has that, or an array of values. */
static void find_managed(
	const struct target *target, uint64_t object, const unsigned char *type, uint64_t *dict, uint64_t *values)
{
	unsigned minor = target->layout.minor;
	*dict = remote_word(target->pid, object - (target->layout.free_threaded ? 8 : 24));
	*values = 0;
	if (minor == 11 && !*dict)
		*values = remote_word(target->pid, object - 32);
	if (minor == 12 && *dict & 1) {
		*values = *dict + 1;
		*dict = 0;
	}
	if (minor >= 13 && !*dict && word_at(type, FLAGS_BEHIND_NAME) & INLINE_VALUES)
		*values = object + word_at(type, BASIC_SIZE);
}

uint64_t attribute_find(const struct target *target, uint64_t object, const char *name)
{
	unsigned char type[TYPE_BYTES];
	uint64_t dict = 0, values = 0;
	uint64_t type_at = remote_word(target->pid, object + target->layout.object.type);
	uint64_t fields = type_at + target->layout.object.type_name;
	if (!object || !type_at || !remote_read(target->pid, fields, type, sizeof type))
		return 0;
	int64_t offset = (int64_t)word_at(type, DICT_OFFSET);
	if (target->layout.minor >= 11 && word_at(type, FLAGS_BEHIND_NAME) & MANAGED_DICT)
		find_managed(target, object, type, &dict, &values);
	else if (offset > 0 && offset < 1 << 20)
		dict = remote_word(target->pid, object + (uint64_t)offset);
	if (dict)
		return dict_find(target, dict, name);
	uint64_t keys = values ? remote_word(target->pid, fields + cached_keys(target->layout.minor)) : 0;
	return find(target, keys, values, &(struct wanted){.text = name});
}
