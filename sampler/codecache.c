#include "sampler/codecache.h"

#include <stdlib.h>

#include "common/hash.h"
#include "common/mem.h"
#include "sampler/classes.h"
#include "sampler/image.h"
#include "sampler/proc.h"
#include "sampler/remote.h"
#include "sampler/strings.h"

enum {
	MOST_TABLE = 1 << 22,
	MOST_ENTRIES = 1 << 18,
	MOST_NAMES = 1024,   /* of a method */
	MOST_NAME = 1 << 24, /* bytes of a name; SHORT_STRING once */
	MOST_TEXT = 1 << 27  /* so many bytes of names were read and made: no real program needs that */
};

/* The fields that tell one code object from another that took its place. */
struct identity {
	uint64_t filename, name, qualname, line_table, bytecode;
	int32_t first_line;
	uint32_t flags; /* co_flags */
};

/* CO_GENERATOR, CO_COROUTINE, CO_ITERABLE_COROUTINE, CO_ASYNC_GENERATOR */
enum { GENERATOR_FLAGS = 0x20 | 0x80 | 0x100 | 0x200 };

static bool same_identity(const struct identity *a, const struct identity *b)
{
	return a->filename == b->filename && a->name == b->name && a->qualname == b->qualname &&
	       a->line_table == b->line_table && a->bytecode == b->bytecode && a->first_line == b->first_line;
}

/* The texts of one code object: a name for each line it was seen at, and each class. */
struct line_name {
	int32_t line;
	uint32_t class;
	uint32_t name;
};

struct entry {
	uint64_t code;    /* 0: free */
	uint64_t checked; /* the reading (snapshot.number) that it was compared with last */
	struct identity identity;
	struct line_table lines;
	enum first_argument first;
	uint32_t instructions; /* bytes of bytecode, 0 if not known */
	char *function, *file;
	struct line_name *names;
	size_t name_count, name_capacity;
};

struct codecache {
	struct target target;
	const struct frame_naming *naming;
	struct intern *intern;
	struct entry *entries; /* open addressing */
	size_t slots, used;
	struct classes classes;
	unsigned long replaced;
	size_t text_bytes; /* of all names and frames so far */
};

struct codecache *codecache_new(const struct target *target, const struct frame_naming *naming, struct intern *names)
{
	struct codecache *cache = mem_zero(1, sizeof *cache);
	*cache = (struct codecache){.target = *target, .naming = naming, .intern = names, .slots = 1024};
	cache->entries = mem_zero(cache->slots, sizeof *cache->entries);
	return cache;
}

static void forget(struct entry *entry)
{
	line_table_free(&entry->lines);
	free(entry->function);
	free(entry->file);
	free(entry->names);
	*entry = (struct entry){.code = entry->code};
}

static void forget_all(struct codecache *cache)
{
	for (size_t i = 0; i < cache->slots; i++) {
		forget(&cache->entries[i]);
		cache->entries[i].code = 0;
	}
	cache->used = 0;
}

void codecache_free(struct codecache *cache)
{
	if (!cache)
		return;
	forget_all(cache);
	classes_free(&cache->classes);
	free(cache->entries);
	free(cache);
}

static struct entry *slot_for(const struct codecache *cache, uint64_t code)
{
	size_t i = hash_mix(code, 0) & (cache->slots - 1);
	while (cache->entries[i].code && cache->entries[i].code != code)
		i = (i + 1) & (cache->slots - 1);
	return &cache->entries[i];
}

static struct entry *find_entry(struct codecache *cache, uint64_t code)
{
	struct entry *entry = slot_for(cache, code);
	if (entry->code)
		return entry;
	if (cache->used >= MOST_ENTRIES)
		forget_all(cache);
	if (cache->used * 2 >= cache->slots) {
		struct entry *old = cache->entries;
		size_t count = cache->slots;
		cache->slots *= 2;
		cache->entries = mem_zero(cache->slots, sizeof *cache->entries);
		for (size_t i = 0; i < count; i++)
			if (old[i].code)
				*slot_for(cache, old[i].code) = old[i];
		free(old);
	}
	entry = slot_for(cache, code);
	entry->code = code;
	cache->used++;
	return entry;
}

/* The type of code objects is learned from the first one: its name is "code". */
static bool is_code(struct codecache *cache, uint64_t type)
{
	char name[5] = {0};
	if (cache->target.code_type)
		return type == cache->target.code_type;
	uint64_t at = remote_word(cache->target.pid, type + cache->target.layout.object.type_name);
	if (!at || !remote_read(cache->target.pid, at, name, sizeof name) || memcmp(name, "code", 5) != 0)
		return false;
	cache->target.code_type = type;
	return true;
}

/* ---- texts ---- */

static char *read_text(struct codecache *cache, uint64_t address)
{
	struct buffer out = {0};
	bool good =
		string_read(&cache->target, address, cache->text_bytes < MOST_TEXT ? MOST_NAME : SHORT_STRING, &out);
	cache->text_bytes += out.size;
	if (good)
		buffer_add_string(&out, "");
	for (size_t i = 0; i < out.size; i++) /* a NUL would cut it */
		if (!out.at[i])
			out.at[i] = ' ';
	if (!good) {
		buffer_free(&out);
		return NULL;
	}
	text_clean_frame(out.at, strlen(out.at));
	return out.at;
}

static void read_lines(struct codecache *cache, struct entry *entry)
{
	const struct layout *layout = &cache->target.layout;
	uint64_t size = remote_word(cache->target.pid, entry->identity.line_table + layout->bytes.size);
	if (!size || size > MOST_TABLE)
		return;
	unsigned char *bytes = mem_alloc(size);
	if (remote_read(cache->target.pid, entry->identity.line_table + layout->bytes.data, bytes, size))
		line_table_decode(layout->lines, bytes, size, entry->identity.first_line, &entry->lines);
	free(bytes);
}

/* ---- code objects ---- */

/* The part of a code object that holds all fields that are used. */
static uint32_t used_bytes(const struct layout *layout)
{
	const uint32_t fields[] = {layout->code.filename, layout->code.name, layout->code.qualname,
		layout->code.line_table, layout->code.first_line,
		layout->frames == FRAME_OBJECTS ? layout->code.bytecode : 0};
	uint32_t most = 0;
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		most = fields[i] > most ? fields[i] : most;
	return most + 8;
}

static bool read_identity(struct codecache *cache, struct snapshot *snapshot, uint64_t code, struct identity *identity)
{
	const struct layout *layout = &cache->target.layout;
	const unsigned char *bytes = snapshot_peek(snapshot, code, used_bytes(layout), 0, 0);
	if (!bytes || !is_code(cache, word_at(bytes, layout->object.type)))
		return false;
	*identity = (struct identity){.filename = word_at(bytes, layout->code.filename),
		.name = word_at(bytes, layout->code.name),
		.line_table = word_at(bytes, layout->code.line_table)};
	if (layout->frames == FRAME_OBJECTS)
		identity->bytecode = word_at(bytes, layout->code.bytecode);
	memcpy(&identity->first_line, bytes + layout->code.first_line, sizeof identity->first_line);
	if (layout->code.flags)
		memcpy(&identity->flags, bytes + layout->code.flags, sizeof identity->flags);
	if (layout->code.qualname)
		identity->qualname = word_at(bytes, layout->code.qualname);
	return true;
}

static bool fill_entry(struct codecache *cache, struct entry *entry, const struct identity *identity)
{
	const struct layout *layout = &cache->target.layout;
	forget(entry);
	entry->identity = *identity;
	entry->file = read_text(cache, identity->filename);
	enum frame_style style = cache->naming->style;
	bool short_name = style == STYLE_PYFLAME || !identity->qualname;
	entry->function = read_text(cache, short_name ? identity->name : identity->qualname);
	if (image_is_recording() && identity->qualname) /* an image has what other styles need, too */
		free(read_text(cache, short_name ? identity->qualname : identity->name));
	if (!entry->file || !entry->function)
		return false;
	if (layout->frames == FRAME_OBJECTS) {
		uint64_t size = remote_word(cache->target.pid, identity->bytecode + layout->bytes.size);
		entry->instructions = size < UINT32_MAX ? (uint32_t)size : 0;
	}
	if (layout->frame.first_local && (cache->naming->classes || image_is_recording()))
		entry->first = first_argument_read(&cache->target, entry->code);
	read_lines(cache, entry);
	return true;
}

/* Makes sure that the entry is of the code object that is there now. */
static bool check_entry(struct codecache *cache, struct snapshot *snapshot, struct entry *entry)
{
	struct identity identity;
	if (entry->function && entry->checked == snapshot->number)
		return true;
	bool there = read_identity(cache, snapshot, entry->code, &identity);
	bool good = there && entry->function && same_identity(&identity, &entry->identity);
	if (there && !good) {
		cache->replaced += entry->function != NULL;
		good = fill_entry(cache, entry, &identity);
	}
	if (good)
		entry->checked = snapshot->number;
	else
		forget(entry);
	return good;
}

/* The instruction as bytes from the bytecode's start; false if it lies outside. */
static bool instruction_of(const struct codecache *cache, const struct entry *entry, uint64_t position, uint32_t *byte)
{
	const struct layout *layout = &cache->target.layout;
	if (layout->frames == FRAME_OBJECTS) {
		int32_t last = (int32_t)position;
		int64_t at = layout->lines == LINES_RANGES ? (int64_t)last * 2 : last;
		*byte = at < 0 ? 0 : (uint32_t)at;
		return at >= -2 && (!entry->instructions || at < entry->instructions);
	}
	int64_t at = (int64_t)(position - (entry->code + layout->code.bytecode));
	*byte = at < 0 ? 0 : (uint32_t)at;
	return at >= -2 && at < INT32_MAX / 2 && at % 2 == 0;
}

/* Cuts a name that is too long to be kept once for each line. */
static void shorten(char *name)
{
	size_t size = strlen(name);
	if (size <= SHORT_STRING)
		return;
	size = SHORT_STRING;
	while (size && (name[size] & 0xC0) == 0x80) /* inside a character */
		size--;
	name[size] = '\0';
}

static uint32_t make_name(struct codecache *cache, const struct entry *entry, int32_t line, uint32_t class)
{
	struct buffer text = {0};
	if (cache->text_bytes >= MOST_TEXT) {
		shorten(entry->function);
		shorten(entry->file);
	}
	bool with_line = !cache->naming->no_lines && line > 0;
	bool file_first = cache->naming->style == STYLE_PYFLAME || cache->naming->style == STYLE_AUSTIN;
	if (file_first)
		buffer_add_format(&text, "%s:", entry->file);
	if (class) {
		struct text name = classes_name(&cache->classes, class);
		buffer_add(&text, name.at, name.size);
		buffer_add_char(&text, '.');
	}
	buffer_add_string(&text, entry->function);
	if (file_first) {
		if (!cache->naming->no_lines)
			buffer_add_format(&text, ":%d", line);
	} else {
		buffer_add_format(&text, " (%s",
			cache->naming->full_paths ? entry->file : proc_package_path(cache->target.pid, entry->file));
		if (with_line)
			buffer_add_format(&text, ":%d", line);
		buffer_add_char(&text, ')');
	}
	uint32_t number = intern(cache->intern, text.at, text.size);
	cache->text_bytes += text.size;
	buffer_free(&text);
	return number;
}

static uint32_t class_of(
	struct codecache *cache, struct snapshot *snapshot, const struct entry *entry, const struct frame_ref *frame)
{
	if (entry->first == FIRST_OTHER)
		return 0;
	if (!frame->first)
		return frame->class;
	uint32_t class = classes_find(&cache->classes, &cache->target, snapshot, entry->first, frame->first);
	return cache->naming->classes ? class : 0;
}

void codecache_guess_class(struct codecache *cache, struct snapshot *snapshot, struct frame_ref *frame)
{
	if (frame->code == CODE_EXCEPTION) {
		frame->class = classes_find(&cache->classes, &cache->target, snapshot, FIRST_CLS, frame->address);
		return;
	}
	const struct entry *entry = slot_for(cache, frame->code);
	if (!frame->first || !entry->code || !entry->function)
		return;
	frame->class = class_of(cache, snapshot, entry, frame);
	frame->first = 0;
}

/* <GC>, <exception NAME>. */
static uint32_t mark_name(struct codecache *cache, struct snapshot *snapshot, const struct frame_ref *frame)
{
	if (frame->code == CODE_GC)
		return intern(cache->intern, "<GC>", 4);
	struct frame_ref mark = *frame;
	struct buffer text = {0};
	if (!mark.class)
		codecache_guess_class(cache, snapshot, &mark);
	struct text name = mark.class ? classes_name(&cache->classes, mark.class) : (struct text){"", 0};
	buffer_add_format(&text, "<exception%s%.*s>", name.size ? " " : "", (int)name.size, name.at);
	uint32_t number = intern(cache->intern, text.at, text.size);
	buffer_free(&text);
	return number;
}

bool codecache_name(struct codecache *cache, struct snapshot *snapshot, const struct frame_ref *frame, uint32_t *name)
{
	uint32_t byte;
	if (!frame->code)
		return false;
	if (frame->code < CODE_MARKS) {
		*name = mark_name(cache, snapshot, frame);
		return true;
	}
	struct entry *entry = find_entry(cache, frame->code);
	if (!check_entry(cache, snapshot, entry) || !instruction_of(cache, entry, frame->position, &byte))
		return false;
	int32_t line = entry->identity.first_line;
	if (cache->naming->no_lines)
		line = 0;
	else if (!cache->naming->first_lines)
		line = line_table_find(&entry->lines, byte, line);
	uint32_t class = class_of(cache, snapshot, entry, frame);
	for (size_t i = 0; i < entry->name_count; i++)
		if (entry->names[i].line == line && entry->names[i].class == class) {
			*name = entry->names[i].name;
			return true;
		}
	*name = make_name(cache, entry, line, class);
	if (class && entry->name_count >= MOST_NAMES) /* a function that many classes share: looked for too long */
		entry->name_count = 0;
	entry->names = mem_grow(entry->names, &entry->name_capacity, entry->name_count + 1, sizeof *entry->names);
	entry->names[entry->name_count++] = (struct line_name){line, class, *name};
	return true;
}

bool codecache_knows(const struct codecache *cache, uint64_t code)
{
	const struct entry *entry = slot_for(cache, code);
	return entry->code && entry->function;
}

unsigned long codecache_replaced(const struct codecache *cache)
{
	return cache->replaced;
}

static int compare_addresses(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
	return left < right ? -1 : left > right;
}

void codecache_fetch(struct codecache *cache, struct snapshot *snapshot, uint64_t *codes, size_t count)
{
	size_t kept = 0;
	mem_sort(codes, count, sizeof *codes, compare_addresses);
	for (size_t i = 0; i < count; i++)
		if (codes[i] && (!kept || codes[kept - 1] != codes[i]))
			codes[kept++] = codes[i];
	snapshot_fetch(snapshot, codes, kept, used_bytes(&cache->target.layout));
}

bool codecache_is_generator(const struct codecache *cache, uint64_t code)
{
	const struct entry *entry = slot_for(cache, code);
	return entry->code && entry->identity.flags & GENERATOR_FLAGS;
}
