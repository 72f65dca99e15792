#include "sampler/top_table.h"

#include <stdlib.h>
#include <strings.h>

void top_table_free(struct top_table *table)
{
	intern_free(&table->functions);
	free(table->by_line.rows);
	free(table->by_function.rows);
	free(table->function_of);
}

/* ---- counting ---- */

static struct top_row *row_of(struct top_rows *rows, uint32_t name)
{
	if (name >= rows->count) {
		rows->rows = mem_grow(rows->rows, &rows->capacity, (size_t)name + 1, sizeof *rows->rows);
		for (; rows->count <= name; rows->count++)
			rows->rows[rows->count] = (struct top_row){.name = (uint32_t)rows->count};
	}
	return &rows->rows[name];
}

/* The name without the line: "f (a.py:12)" and "a.py:f:12" end with a colon and digits. */
static void add_without_line(struct text name, struct buffer *out)
{
	bool closed = name.size && name.at[name.size - 1] == ')';
	size_t stop = name.size - closed, start = stop;
	while (start && name.at[start - 1] >= '0' && name.at[start - 1] <= '9')
		start--;
	if (start == stop || !start || name.at[start - 1] != ':') {
		buffer_add(out, name.at, name.size);
		return;
	}
	buffer_add(out, name.at, start - 1);
	buffer_add_string(out, closed ? ")" : "");
}

static uint32_t function_of(struct top_table *table, uint32_t name)
{
	size_t known = table->function_capacity;
	if (name >= known) {
		table->function_of = mem_grow(
			table->function_of, &table->function_capacity, (size_t)name + 1, sizeof *table->function_of);
		memset(table->function_of + known, 0, (table->function_capacity - known) * sizeof *table->function_of);
	}
	if (!table->function_of[name]) {
		struct buffer text = {0};
		add_without_line(table->names->names[name], &text);
		table->function_of[name] = intern(&table->functions, text.at, text.size) + 1;
		buffer_free(&text);
	}
	return table->function_of[name] - 1;
}

static void add(struct top_rows *rows, uint32_t name, unsigned long stack, bool leaf, double seconds)
{
	struct top_row *row = row_of(rows, name);
	if (leaf) {
		row->own_now++;
		row->own_time += seconds;
	}
	if (row->stack == stack)
		return;
	row->stack = stack;
	row->total_now++;
	row->total_time += seconds;
}

void top_table_stack(struct top_table *table, const struct sampled *sampled, double seconds)
{
	table->threads_now++;
	table->gil_now |= sampled->holds_gil;
	table->active_now |= sampled->active;
	if ((table->only_active && !sampled->active) || (table->only_holder && !sampled->holds_gil))
		return;
	table->stacks++;
	for (size_t i = 0; i < sampled->count; i++) {
		uint32_t name = sampled->names[i];
		add(&table->by_line, name, table->stacks, i == 0, seconds);
		add(&table->by_function, function_of(table, name), table->stacks, i == 0, seconds);
	}
}

void top_table_sample_ends(struct top_table *table)
{
	table->samples++;
	table->shares_now.samples++;
	table->shares_now.gil += table->gil_now;
	table->shares_now.active += table->active_now;
	table->threads = table->threads_now;
	table->threads_now = 0;
	table->gil_now = table->active_now = false;
}

static void turn(struct top_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		rows->rows[i].own = rows->rows[i].own_now;
		rows->rows[i].total = rows->rows[i].total_now;
		rows->rows[i].own_now = rows->rows[i].total_now = 0;
	}
}

void top_table_interval_ends(struct top_table *table)
{
	turn(&table->by_line);
	turn(&table->by_function);
	table->shares = table->shares_now;
	table->shares_now = (struct top_shares){0};
}

void top_table_reset(struct top_table *table)
{
	table->by_line.count = table->by_function.count = 0;
	table->shares = table->shares_now = (struct top_shares){0};
	table->samples = table->stacks = 0;
}

/* ---- showing ---- */

struct text top_table_name(const struct top_table *table, bool lines, const struct top_row *row)
{
	return lines ? table->names->names[row->name] : table->functions.names[row->name];
}

static double value_of(const struct top_row *row, enum top_column column)
{
	switch (column) {
	case TOP_OWN:
		return row->own;
	case TOP_TOTAL:
		return row->total;
	case TOP_OWN_TIME:
		return row->own_time;
	case TOP_TOTAL_TIME:
		break;
	}
	return row->total_time;
}

/* Equal ones are in the order of the times, then as they were first seen. */
static int compare(const struct top_row *a, const struct top_row *b, enum top_column column)
{
	const enum top_column order[] = {column, TOP_OWN_TIME, TOP_TOTAL_TIME};
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		double x = value_of(a, order[i]), y = value_of(b, order[i]);
		if (x != y)
			return x > y ? -1 : 1;
	}
	return a->name < b->name ? -1 : a->name > b->name;
}

static int compare_rows(const void *a, const void *b, void *column)
{
	return compare(
		*(const struct top_row *const *)a, *(const struct top_row *const *)b, *(const enum top_column *)column);
}

/* Without regard to ASCII case. */
static bool holds(struct text text, const char *part)
{
	size_t size = strlen(part);
	for (size_t i = 0; i + size <= text.size; i++)
		if (strncasecmp(text.at + i, part, size) == 0)
			return true;
	return false;
}

const struct top_row **top_table_sorted(
	const struct top_table *table, bool lines, enum top_column column, const char *filter, size_t *count)
{
	const struct top_rows *all = lines ? &table->by_line : &table->by_function;
	const struct top_row **rows = mem_alloc((all->count + 1) * sizeof *rows);
	*count = 0;
	for (size_t i = 0; i < all->count; i++) {
		const struct top_row *row = &all->rows[i];
		if (row->stack && holds(top_table_name(table, lines, row), filter))
			rows[(*count)++] = row;
	}
	qsort_r(rows, *count, sizeof *rows, compare_rows, &column);
	return rows;
}
