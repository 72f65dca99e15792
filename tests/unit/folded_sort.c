/* common/folded_sort: texts in their bytewise order, whatever they are. */
#include "common/folded_sort.h"

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

static void check_lines(void)
{
	struct folded_lines lines = {0};
	for (size_t i = 0; i < TEXTS; i++)
		folded_lines_add(&lines, &(struct folded_line){.stack = texts[i],
						 .count = (double)texts[i].size,
						 .pair = texts[i].size % 3 == 0,
						 .old = 7});
	folded_lines_sort(&lines);
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
	make_texts(3, "ab", 2);
	check_order(TEXTS, "many that are equal");
	make_texts(LONGEST, NULL, 0);
	check_order(TEXTS, "any bytes");
	check_order(1, "one");
	check_order(0, "none");
	return check_end();
}
