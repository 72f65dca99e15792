#include "common/folded_guess.h"

#include "common/folded.h"
#include "common/mem.h"

static int compare_numbers(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return left < right ? -1 : left > right;
}

/* The sum of the counts in these bytes; they may begin and end inside lines. */
static double sum_counts(struct text bytes)
{
	const char *at = bytes.at, *end = bytes.at + bytes.size;
	struct folded_line line;
	struct text text;
	double sum = 0;
	next_line(&at, end, &text);
	while (next_line(&at, end, &text))
		if (at < end && folded_parse(text, false, &line))
			sum += line.count;
	return sum;
}

double folded_guess_sum(struct source *source)
{
	enum { PLACES = 33, BYTES = 4096, LARGE = 64 * PLACES * BYTES };
	static const double cautious = 0.7;
	double sums[PLACES];
	char bytes[BYTES];
	size_t size = source_size(source);
	if (size < LARGE)
		return 0;
	for (size_t i = 0; i < PLACES; i++) {
		size_t got = source_look(source, size / PLACES * i, bytes, sizeof bytes);
		sums[i] = sum_counts((struct text){bytes, got});
	}
	mem_sort(sums, PLACES, sizeof *sums, compare_numbers);
	return sums[PLACES / 2] / BYTES * (double)size * cautious;
}
