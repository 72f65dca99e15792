#include "convert/detect.h"

#include <stdio.h>

#include "common/report.h"

enum { HEAD_BYTES = 64 * 1024 };

static const struct converter *by_name(const char *name)
{
	for (size_t i = 0; converters[i]; i++)
		if (strcmp(converters[i]->name, name) == 0)
			return converters[i];
	return NULL;
}

static const struct converter *by_content(struct text head)
{
	const struct converter *best = NULL;
	int best_score = 0;
	for (size_t i = 0; converters[i]; i++) {
		int score = converters[i]->detect ? converters[i]->detect(head) : 0;
		if (score > best_score) {
			best = converters[i];
			best_score = score;
		}
	}
	return best;
}

const struct converter *detect(struct source *source, const char *name)
{
	const struct converter *found = name ? by_name(name) : by_content(source_peek(source, HEAD_BYTES));
	if (found) {
		report_info("the format is %s", found->name);
		return found;
	}
	struct buffer names = {0};
	for (size_t i = 0; converters[i]; i++)
		buffer_add_format(&names, "%s%s", i ? ", " : "", converters[i]->name);
	if (name)
		report_error("there is no format %s: known are %s", name, names.at);
	else
		report_error("the input is of no known format: known are %s", names.at);
	buffer_free(&names);
	return NULL;
}

void detect_list(void)
{
	for (size_t i = 0; converters[i]; i++)
		printf("%-16s %s\n", converters[i]->name, converters[i]->summary);
}
