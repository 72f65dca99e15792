#include "render/nameattr.h"

#include <ctype.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"
#include "common/source.h"

struct nameattr {
	struct name_attributes *entries; /* sorted by name, the first of equal ones first */
	size_t count, capacity;
	struct arena bytes;
};

static struct text copy(struct nameattr *table, struct text text)
{
	char *bytes = arena_bytes(&table->bytes, text.size);
	if (text.size)
		memcpy(bytes, text.at, text.size);
	return (struct text){bytes, text.size};
}

static bool is_name_char(char c, bool first)
{
	return isalpha((unsigned char)c) || c == '_' || c == ':' ||
	       (!first && (isdigit((unsigned char)c) || c == '-' || c == '.'));
}

static void add_attribute(struct attribute **list, size_t *count, size_t *capacity, struct text key, struct text value)
{
	for (size_t i = 0; i < *count; i++)
		if ((*list)[i].key.size == key.size && memcmp((*list)[i].key.at, key.at, key.size) == 0)
			return; /* an element cannot have it twice */
	*list = mem_grow(*list, capacity, *count + 1, sizeof **list);
	(*list)[(*count)++] = (struct attribute){key, value};
}

/* Cuts `onclick="x()" data-a='b' c=d` into attributes; what is none is left out. */
static void add_extra(struct attribute **list, size_t *count, size_t *capacity, struct text extra)
{
	const char *at = extra.at, *end = extra.at + extra.size;
	while (at < end) {
		while (at < end && !is_name_char(*at, true))
			at++;
		const char *key = at;
		while (at < end && is_name_char(*at, at == key))
			at++;
		struct text name = {key, (size_t)(at - key)};
		if (at == end || *at != '=')
			continue;
		at++;
		char quote = at < end && (*at == '"' || *at == '\'') ? *at++ : ' ';
		const char *value = at;
		while (at < end && *at != quote)
			at++;
		add_attribute(list, count, capacity, name, (struct text){value, (size_t)(at - value)});
		at += at < end;
	}
}

static struct text without_quotes(struct text value)
{
	if (value.size >= 2 && value.at[0] == '"' && value.at[value.size - 1] == '"')
		return (struct text){value.at + 1, value.size - 2};
	return value;
}

static void set(struct name_attributes *entry, struct text key, struct text value)
{
	if (text_is(key, "g_extra"))
		add_extra(&entry->group, &entry->group_count, &entry->group_capacity, value);
	else if (text_is(key, "a_extra"))
		add_extra(&entry->link, &entry->link_count, &entry->link_capacity, value);
	else if (text_is(key, "title"))
		entry->title = without_quotes(value);
	else if (text_is(key, "href"))
		entry->href = without_quotes(value);
	else if (text_is(key, "target"))
		entry->target = without_quotes(value);
	else if (text_is(key, "id") || text_is(key, "class"))
		add_attribute(&entry->group, &entry->group_count, &entry->group_capacity, key, without_quotes(value));
	else
		report_warning("--nameattr: unknown attribute %.*s of %.*s is left out", (int)key.size, key.at,
			(int)entry->name.size, entry->name.at);
}

static void add_line(struct nameattr *table, struct text line, const struct chunk *chunk)
{
	line = copy(table, line);
	const char *tab = memchr(line.at, '\t', line.size), *end = line.at + line.size;
	if (!tab)
		die(EXIT_FAILED, "Invalid format in %s:%lu: FUNC<TAB>key=value... expected", chunk->file, chunk->line);
	/* cppcheck-suppress nullPointerArithmeticRedundantCheck ; die does not return */
	struct name_attributes entry = {.name = {line.at, (size_t)(tab - line.at)}};
	while (tab < end) {
		const char *start = tab + 1;
		tab = memchr(start, '\t', (size_t)(end - start));
		if (!tab)
			tab = end;
		const char *equals = memchr(start, '=', (size_t)(tab - start));
		if (equals)
			set(&entry, (struct text){start, (size_t)(equals - start)},
				(struct text){equals + 1, (size_t)(tab - equals - 1)});
	}
	table->entries = mem_grow(table->entries, &table->capacity, table->count + 1, sizeof *table->entries);
	table->entries[table->count++] = entry;
}

static int compare(const void *a, const void *b)
{
	const struct name_attributes *left = a, *right = b;
	return text_compare(left->name, right->name);
}

struct nameattr *nameattr_read(const char *path)
{
	struct nameattr *table = mem_zero(1, sizeof *table);
	char *name = mem_copy_string(path);
	struct source *source = source_open(&name, 1);
	struct chunk chunk = {0};
	while (source_chunk(source, source_cut_lines, &chunk)) {
		const char *at = chunk.data, *end = at + chunk.size;
		struct text line;
		while (next_line(&at, end, &line))
			if (line.size)
				add_line(table, line, &chunk);
	}
	chunk_free(&chunk);
	if (!source_close(source))
		exit(EXIT_FAILED);
	free(name);
	mem_sort(table->entries, table->count, sizeof *table->entries, compare);
	return table;
}

const struct name_attributes *nameattr_find(const struct nameattr *table, struct text name)
{
	struct name_attributes key = {.name = name};
	if (!table || !table->count)
		return NULL;
	return bsearch(&key, table->entries, table->count, sizeof key, compare);
}
