/* common/text_sort and folded_lines: texts in their bytewise order, whatever they are. */
#include "common/folded_lines.h"

#include <stdlib.h>

#include "check.h"

enum { TEXTS = 20000, LONGEST = 40 };

static struct text texts[TEXTS];
static char bytes[TEXTS][LONGEST];

/* Random texts of `size` bytes at most that begin as others do, of few letters or of any bytes but 0. */
static void make_texts(size_t longest, const char *alphabet, unsigned letters)
{
	for (size_t i = 0; i < TEXTS; i++) {
		size_t size = (size_t)lrand48() % (longest + 1), shared = 0;
		if (i && lrand48() % 4)
			shared = (size_t)lrand48() % (texts[i - 1].size + 1);
		shared = shared < size ? shared : size;
		memcpy(bytes[i], bytes[i ? i - 1 : 0], shared);
		for (size_t k = shared; k < size; k++)
			bytes[i][k] = alphabet ? alphabet[lrand48() % letters] : (char)(1 + lrand48() % 255);
		texts[i] = (struct text){bytes[i], size};
	}
}

static void check_order(size_t count, const char *what)
{
	static bool seen[TEXTS];
	uint32_t *order = texts_order(texts, count);
	size_t wrong = 0, missing = count;
	memset(seen, 0, sizeof seen);
	for (size_t i = 0; i < count; i++) {
		wrong += i && text_compare(texts[order[i - 1]], texts[order[i]]) > 0;
		missing -= order[i] < count && !seen[order[i]];
		if (order[i] < count)
			seen[order[i]] = true;
	}
	CHECK(wrong == 0 && missing == 0, what);
	free(order);
}

/* The run's items begin with the same bytes, weigh too little, and stand behind what is before them. */
static bool is_run(const struct sort_item *items, const struct light_run *run, double least, const double *weights)
{
	double weight = 0;
	for (size_t i = run->start; i < run->end; i++) {
		struct text before = {items[i].at, items[i].size};
		if (items[i].size <= run->shared || memcmp(items[i].at, items[run->start].at, run->shared + 1) != 0)
			return false;
		if (run->start &&
			text_compare((struct text){items[run->start - 1].at, items[run->start - 1].size}, before) >= 0)
			return false;
		weight += items[i].number < SORT_ODD ? items[i].number : weights[items[i].number - SORT_ODD];
	}
	return run->start < run->end && weight == run->weight && weight < least;
}

static void check_heavy(double least, const char *what)
{
	static struct sort_item items[TEXTS];
	static const double weights[] = {0.5, 1e12};
	size_t wrong = 0, runs = 0, in_runs = 0;
	for (size_t i = 0; i < TEXTS; i++)
		items[i] = (struct sort_item){0, texts[i].at, (uint32_t)texts[i].size,
			i % 1000 == 7 ? SORT_ODD + (uint32_t)(i % 4000 == 7) : (uint32_t)(i % 5)};
	struct light_runs light = items_sort_heavy(items, TEXTS, weights, least);
	for (size_t i = 0; i < TEXTS;) {
		if (runs < light.count && light.list[runs].start == i) {
			wrong += !is_run(items, &light.list[runs], least, weights);
			in_runs += light.list[runs].end - i;
			i = light.list[runs++].end;
			continue;
		}
		wrong += i && text_compare((struct text){items[i - 1].at, items[i - 1].size},
				      (struct text){items[i].at, items[i].size}) > 0;
		i++;
	}
	CHECK(wrong == 0 && runs == light.count && (least == 0 || in_runs > TEXTS / 4), what);
	free(light.list);
}

static void check_lines(void)
{
	struct folded_lines lines = {0};
	for (size_t i = 0; i < TEXTS; i++)
		folded_lines_add_copy(&lines, &(struct folded_line){.stack = texts[i],
						      .count = (double)texts[i].size,
						      .pair = texts[i].size % 3 == 0,
						      .old = 7});
	folded_lines_sort(&lines, 0);
	size_t wrong = 0;
	for (size_t i = 0; i < lines.count; i++) {
		struct folded_line line = folded_lines_get(&lines, i);
		wrong += line.count != (double)line.stack.size || line.pair != (line.stack.size % 3 == 0);
		wrong += line.old != (line.pair ? 7 : 0);
		wrong += i && text_compare(folded_lines_get(&lines, i - 1).stack, line.stack) > 0;
	}
	CHECK(lines.count == TEXTS && wrong == 0, "lines keep their counts");
	folded_lines_free(&lines);
}

int main(void)
{
	srand48(1);
	make_texts(LONGEST, "ab;", 3);
	check_order(TEXTS, "many of three letters");
	check_order(300, "some of three letters");
	check_lines();
	check_heavy(0, "none is light");
	check_heavy(50, "light ones are not sorted");
	make_texts(3, "ab", 2);
	check_order(TEXTS, "many that are equal");
	make_texts(LONGEST, NULL, 0);
	check_order(TEXTS, "any bytes");
	check_order(1, "one");
	check_order(0, "none");
	return check_end();
}
