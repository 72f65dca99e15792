/* What --top shows: functions or lines, how much of the last moments and of all the time they had. */
#ifndef SAMPLER_TOP_TABLE_H
#define SAMPLER_TOP_TABLE_H

#include "common/intern.h"
#include "sampler/sample.h"

struct top_row {
	uint32_t name;               /* number in top_names of its view */
	double own, total;           /* stacks of the last interval that end in it, that hold it */
	double own_time, total_time; /* seconds since the beginning */
	double own_now, total_now;   /* as own and total, of the interval that is not over yet */
	unsigned long stack;         /* the last one that was counted: a recursive function counts once */
};

struct top_rows {
	struct top_row *rows; /* by number of the name */
	size_t count, capacity;
};

/* Of one interval, in samples. */
struct top_shares {
	unsigned long samples, gil, active; /* with the GIL held; with a thread that runs */
};

enum top_column { TOP_OWN, TOP_TOTAL, TOP_OWN_TIME, TOP_TOTAL_TIME };

/* All zero but `names` and the rules is an empty one. */
struct top_table {
	const struct intern *names;    /* of lines; not owned */
	bool only_active, only_holder; /* count only stacks of threads that run, of the one that holds the GIL */
	struct intern functions;       /* the same without line numbers */
	struct top_rows by_line, by_function;
	uint32_t *function_of; /* by number of a line's name: its function's number + 1 */
	size_t function_capacity;
	struct top_shares shares, shares_now;
	unsigned long samples, stacks; /* since the beginning */
	unsigned threads, threads_now; /* in one sample */
	bool gil_now, active_now;      /* in the sample that is being taken */
};

/* A stack of the sample that is being taken, which stands for that many seconds. */
void top_table_stack(struct top_table *table, const struct sampled *sampled, double seconds);
void top_table_sample_ends(struct top_table *table);
/* The interval is over: what was counted in it is shown from now on. */
void top_table_interval_ends(struct top_table *table);
/* Forgets all counts. */
void top_table_reset(struct top_table *table);
/* The rows of lines or functions that hold `filter` in their names (empty: all), heaviest first by the column. The
 * array (free) is the caller's. */
const struct top_row **top_table_sorted(
	const struct top_table *table, bool lines, enum top_column column, const char *filter, size_t *count);
/* The text of a row of that view. */
struct text top_table_name(const struct top_table *table, bool lines, const struct top_row *row);
void top_table_free(struct top_table *table);

#endif
