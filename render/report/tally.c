#include "render/report/tally.h"

#include <stdlib.h>

#include "common/mem.h"

enum { NOT_COUNTED = UINT32_MAX };

/* For each name of the stacks the number of its key. */
static uint32_t *cut_names(struct tally *tally, const struct stacks *stacks, tally_key *key_of)
{
	uint32_t *numbers = mem_alloc((stacks->names.count + 1) * sizeof *numbers);
	struct buffer key = {0};
	for (uint32_t name = 0; name < stacks->names.count; name++) {
		struct frame_parts parts = frame_parts(stacks->names.names[name]);
		buffer_clear(&key);
		key_of(&parts, &key);
		numbers[name] = key.size ? intern(&tally->keys, key.at, key.size) : NOT_COUNTED;
	}
	buffer_free(&key);
	return numbers;
}

static int compare(const void *left, const void *right)
{
	const struct tally_row *a = left, *b = right;
	if (a->total != b->total)
		return a->total < b->total ? 1 : -1;
	if (a->self != b->self)
		return a->self < b->self ? 1 : -1;
	return text_compare(a->key, b->key);
}

struct tally tally_of(const struct stacks *stacks, tally_key *key_of)
{
	struct tally tally = {0};
	uint32_t *numbers = cut_names(&tally, stacks, key_of);
	tally.count = tally.keys.count;
	tally.rows = mem_zero(tally.count + 1, sizeof *tally.rows);
	for (size_t i = 0; i < tally.count; i++)
		tally.rows[i].key = tally.keys.names[i];
	for (uint32_t node = 1; node < stacks->count; node++) {
		double weight = stacks->nodes[node].self;
		for (uint32_t at = node; weight > 0 && at; at = stacks->nodes[at].parent) {
			uint32_t number = numbers[stacks->nodes[at].name];
			if (number == NOT_COUNTED)
				continue;
			struct tally_row *row = &tally.rows[number];
			if (at == node)
				row->self += weight;
			if (row->seen != node)
				row->total += weight;
			row->seen = node;
		}
	}
	free(numbers);
	qsort(tally.rows, tally.count, sizeof *tally.rows, compare);
	return tally;
}

void tally_free(struct tally *tally)
{
	intern_free(&tally->keys);
	free(tally->rows);
	*tally = (struct tally){0};
}

void tally_file(const struct frame_parts *parts, struct buffer *out)
{
	buffer_add(out, parts->file.at, parts->file.size);
}

void tally_module(const struct frame_parts *parts, struct buffer *out)
{
	const char *slash = parts->file.size ? memrchr(parts->file.at, '/', parts->file.size) : NULL;
	if (parts->module.size)
		buffer_add(out, parts->module.at, parts->module.size);
	else if (slash)
		buffer_add(out, parts->file.at, (size_t)(slash - parts->file.at) + 1);
}

void tally_line(const struct frame_parts *parts, struct buffer *out)
{
	if (!parts->file.size || !parts->line)
		return;
	buffer_add(out, parts->file.at, parts->file.size);
	buffer_add_char(out, '\0');
	buffer_add_format(out, "%llu", (unsigned long long)parts->line);
}
