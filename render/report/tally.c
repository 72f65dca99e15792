#include "render/report/tally.h"

#include <stdlib.h>

#include "common/mem.h"
#include "render/inclusive.h"

/* For each name of the stacks the number of its key. */
static uint32_t *cut_names(struct tally *tally, const struct stacks *stacks, tally_key *key_of)
{
	uint32_t *numbers = mem_alloc((stacks->names.count + 1) * sizeof *numbers);
	struct buffer key = {0};
	for (uint32_t name = 0; name < stacks->names.count; name++) {
		struct frame_parts parts = frame_parts(stacks->names.names[name]);
		buffer_clear(&key);
		key_of(&parts, &key);
		numbers[name] = key.size ? intern(&tally->keys, key.at, key.size) : NO_GROUP;
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

static void add_weights(struct tally *tally, const struct stacks *stacks, const uint32_t *numbers)
{
	uint32_t *groups = mem_alloc(stacks->count * sizeof *groups);
	groups[0] = NO_GROUP;
	for (uint32_t node = 1; node < stacks->count; node++) {
		groups[node] = numbers[stacks->nodes[node].name];
		if (groups[node] != NO_GROUP)
			tally->rows[groups[node]].self += stacks->nodes[node].self;
	}
	double *totals = inclusive_weights(stacks, groups, (uint32_t)tally->count);
	for (size_t i = 0; i < tally->count; i++)
		tally->rows[i].total = totals[i];
	free(totals);
	free(groups);
}

struct tally tally_of(const struct stacks *stacks, tally_key *key_of)
{
	struct tally tally = {0};
	uint32_t *numbers = cut_names(&tally, stacks, key_of);
	tally.count = tally.keys.count;
	tally.rows = mem_zero(tally.count + 1, sizeof *tally.rows);
	for (size_t i = 0; i < tally.count; i++)
		tally.rows[i].key = tally.keys.names[i];
	if (tally.count)
		add_weights(&tally, stacks, numbers);
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
