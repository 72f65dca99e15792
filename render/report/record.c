#include "render/report/record.h"

#include <stdlib.h>
#include <unistd.h>

#include "common/sink.h"
#include "render/report/files.h"
#include "render/report/subject.h"

/* A record:
 *	flamereport RECORD 93a1...
 *	sums 5000 4800
 *	counts 120 31 44 0
 *	notes 0
 *	breaches 64
 *	self(work)>+5%: self(work) was 10%, is 20%
 *	f 300 400 280 390 4 7 work	app.py */

static void put_block(struct sink *sink, const char *name, struct text text)
{
	sink_format(sink, "%s %zu\n", name, text.size);
	sink_write(sink, text.at, text.size);
}

static void put_function(struct sink *sink, const struct function *function)
{
	const double numbers[] = {function->self, function->total, function->old_self, function->old_total};
	sink_char(sink, 'f');
	for (int i = 0; i < 4; i++) {
		sink_char(sink, ' ');
		sink_number(sink, numbers[i]);
	}
	sink_format(sink, " %zu %zu ", function->name.size, function->file.size);
	sink_write(sink, function->name.at, function->name.size);
	sink_write(sink, function->file.at, function->file.size);
	sink_char(sink, '\n');
}

void record_write(const struct subject *subject)
{
	const struct functions *functions = subject->functions;
	const struct analysis *now = subject->now;
	bool incomplete = !now->whole || (subject->old && !subject->old->whole);
	struct sink sink;
	char *path = file_path(subject->profile->folder, "record");
	sink_open(&sink, path);
	sink_format(&sink, "flamereport %s\n", subject->profile->key);
	sink_string(&sink, "sums ");
	sink_number(&sink, functions->sum);
	sink_char(&sink, ' ');
	sink_number(&sink, functions->old_sum);
	sink_format(&sink, "\ncounts %llu %u %zu %d\n", (unsigned long long)now->count, now->depth, functions->count,
		incomplete);
	put_block(&sink, "notes", subject->notes);
	put_block(&sink, "breaches", subject->breaches);
	for (size_t i = 0; i < functions->count && i < RECORD_FUNCTIONS; i++)
		put_function(&sink, &functions->items[i]);
	sink_close(&sink);
	free(path);
}

/* ---- reading: what does not fit makes the record worthless, and the profile is read again ---- */

static bool take_word(struct text *rest, struct text *word)
{
	size_t size = 0;
	while (size < rest->size && rest->at[size] != ' ' && rest->at[size] != '\n')
		size++;
	if (size == rest->size)
		return false;
	*word = (struct text){rest->at, size};
	*rest = (struct text){rest->at + size + 1, rest->size - size - 1};
	return true;
}

static bool take_name(struct text *rest, const char *name)
{
	struct text word;
	return take_word(rest, &word) && text_is(word, name);
}

static bool take_integer(struct text *rest, uint64_t *value)
{
	struct text word;
	return take_word(rest, &word) && text_integer(word, value);
}

static bool take_number(struct text *rest, double *value)
{
	struct text word;
	return take_word(rest, &word) && text_number(word, true, value);
}

static bool take_bytes(struct text *rest, uint64_t size, struct text *out)
{
	if (size > rest->size)
		return false;
	*out = (struct text){rest->at, (size_t)size};
	*rest = (struct text){rest->at + size, rest->size - (size_t)size};
	return true;
}

static bool take_block(struct text *rest, const char *name, struct text *out)
{
	uint64_t size;
	return take_name(rest, name) && take_integer(rest, &size) && take_bytes(rest, size, out);
}

static bool take_function(struct text *rest, struct function *function)
{
	uint64_t name = 0, file = 0;
	struct text end;
	*function = (struct function){.number = UINT32_MAX};
	return take_name(rest, "f") && take_number(rest, &function->self) && take_number(rest, &function->total) &&
	       take_number(rest, &function->old_self) && take_number(rest, &function->old_total) &&
	       take_integer(rest, &name) && take_integer(rest, &file) && take_bytes(rest, name, &function->name) &&
	       take_bytes(rest, file, &function->file) && take_bytes(rest, 1, &end);
}

static bool parse(struct record *record, const char *key)
{
	struct text rest = buffer_text(&record->data);
	uint64_t incomplete = 0;
	if (!take_name(&rest, "flamereport") || !take_name(&rest, key) || !take_name(&rest, "sums") ||
		!take_number(&rest, &record->sum) || !take_number(&rest, &record->old_sum) ||
		!take_name(&rest, "counts") || !take_integer(&rest, &record->stacks) ||
		!take_integer(&rest, &record->depth) || !take_integer(&rest, &record->functions) ||
		!take_integer(&rest, &incomplete) || !take_block(&rest, "notes", &record->notes) ||
		!take_block(&rest, "breaches", &record->breaches))
		return false;
	record->incomplete = incomplete;
	while (rest.size) {
		record->items = mem_grow(record->items, &record->capacity, record->count + 1, sizeof *record->items);
		if (!take_function(&rest, &record->items[record->count++]))
			return false;
	}
	return true;
}

bool record_read(struct record *record, const char *folder, const char *key)
{
	char *path = file_path(folder, "record");
	*record = (struct record){0};
	bool good = file_read(path, &record->data) && parse(record, key);
	if (!good)
		record_free(record);
	free(path);
	return good;
}

void record_free(struct record *record)
{
	buffer_free(&record->data);
	free(record->items);
	*record = (struct record){0};
}

struct functions record_functions(const struct record *record)
{
	return (struct functions){
		.items = record->items, .count = record->count, .sum = record->sum, .old_sum = record->old_sum};
}
