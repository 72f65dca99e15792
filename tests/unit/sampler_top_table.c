/* sampler/top_table: what --top counts. */
#include "sampler/top_table.h"

#include <stdio.h>
#include <stdlib.h>

#include "check.h"

static struct intern names;

/* A stack, leaf first, of one thread; weighs a hundredth of a second. */
static void take(struct top_table *table, bool active, bool holder, const char *const *frames)
{
	uint32_t numbers[8];
	size_t count = 0;
	for (; frames[count]; count++)
		numbers[count] = intern(&names, frames[count], strlen(frames[count]));
	struct sampled sampled = {.active = active, .holds_gil = holder, .names = numbers, .count = count};
	top_table_stack(table, &sampled, 0.01);
}

static void take_samples(struct top_table *table)
{
	static const char *const work[] = {"leaf (a.py:3)", "work (a.py:7)", "work (a.py:8)", "main (a.py:20)", NULL};
	static const char *const other[] = {"leaf (a.py:4)", "main (a.py:21)", NULL};
	static const char *const idle[] = {"wait (b.py)", NULL};
	for (int i = 0; i < 3; i++) {
		take(table, true, true, work);
		take(table, false, false, idle);
		top_table_sample_ends(table);
	}
	take(table, true, false, other);
	take(table, false, false, idle);
	top_table_sample_ends(table);
}

static const struct top_row *find(
	const struct top_row **rows, size_t count, const struct top_table *table, bool lines, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (text_is(top_table_name(table, lines, rows[i]), name))
			return rows[i];
	return NULL;
}

static void check_counts(struct top_table *table)
{
	size_t count;
	const struct top_row **rows = top_table_sorted(table, false, TOP_OWN_TIME, "", &count);
	CHECK(count == 3, "idle stacks are not counted");
	CHECK(text_is(top_table_name(table, false, rows[0]), "leaf (a.py)"), "heaviest first, without lines");
	const struct top_row *leaf = find(rows, count, table, false, "leaf (a.py)");
	const struct top_row *work = find(rows, count, table, false, "work (a.py)");
	CHECK_NUMBER(leaf->own, 4, "own");
	CHECK(fabs(leaf->own_time - 0.04) < 1e-9, "own time");
	CHECK_NUMBER(work->total, 3, "a recursive function counts once");
	CHECK_NUMBER(work->own, 0, "callers have no own time");
	free(rows);
	rows = top_table_sorted(table, true, TOP_TOTAL, "LEAF", &count);
	CHECK(count == 2, "lines, filtered in any case");
	CHECK(text_is(top_table_name(table, true, rows[0]), "leaf (a.py:3)"), "lines");
	free(rows);
	rows = top_table_sorted(table, true, TOP_TOTAL, "no such", &count);
	CHECK(count == 0, "a filter that nothing fits");
	free(rows);
}

static void check_head(const struct top_table *table)
{
	CHECK(table->samples == 4 && table->shares.samples == 4, "samples");
	CHECK(table->shares.gil == 3, "samples with the GIL held");
	CHECK(table->shares.active == 4, "samples with a thread that runs");
	CHECK(table->threads == 2, "threads");
}

int main(void)
{
	struct top_table table = {.names = &names, .only_active = true};
	size_t count;
	take_samples(&table);
	top_table_interval_ends(&table);
	check_counts(&table);
	check_head(&table);
	top_table_interval_ends(&table);
	const struct top_row **rows = top_table_sorted(&table, false, TOP_OWN, "leaf", &count);
	CHECK_NUMBER(rows[0]->own, 0, "an interval without samples has no shares");
	CHECK(fabs(rows[0]->own_time - 0.04) < 1e-9, "but keeps the times");
	free(rows);
	top_table_reset(&table);
	free(top_table_sorted(&table, false, TOP_OWN, "", &count));
	CHECK(count == 0 && table.samples == 0, "reset");
	take_samples(&table);
	free(top_table_sorted(&table, true, TOP_OWN, "", &count));
	CHECK(count == 6, "counted again after a reset");
	top_table_free(&table);
	intern_free(&names);
	return check_end();
}
