/* Sorting texts bytewise. */
#ifndef COMMON_TEXT_SORT_H
#define COMMON_TEXT_SORT_H

#include "common/text.h"

/* A text to be sorted, and whatever its owner knows it by. */
struct sort_item {
	uint64_t key; /* used by the sort */
	const char *at;
	uint32_t size, number;
};
/* Sorts the texts bytewise; equal ones in no particular order. */
void items_sort(struct sort_item *items, size_t count);

/* Stacks that are not worth being sorted: all begin with the same bytes, and together they weigh too little. */
struct light_run {
	size_t start, end; /* items */
	size_t shared;     /* the bytes before the first one in which they and their neighbours differ: each frame that
			      goes on behind them weighs too little; those that end before them are others' too */
	double weight;
};
struct light_runs {
	struct light_run *list; /* in the order of the items; owned */
	size_t count, capacity;
};
/* Sorts stacks; items of a run stand in no particular order. Runs are those which weigh less than `least`; an item's
 * weight is its number if that is below SORT_ODD, or weights[number - SORT_ODD]. */
#define SORT_ODD 0x80000000u
struct light_runs items_sort_heavy(struct sort_item *items, size_t count, const double *weights, double least);

/* The numbers of the texts (at most 2^32) in their bytewise order; the array belongs to the caller. */
uint32_t *texts_order(const struct text *texts, size_t count);

#endif
