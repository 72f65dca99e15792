#include "render/report/load.h"

#include <stdlib.h>
#include <unistd.h>

#include "common/folded.h"
#include "common/report.h"
#include "render/collapse.h"

enum { PEEKED = 64 * 1024, LINES_ASKED = 50 };

/* ".folded", ".collapsed", gzipped or not. */
static bool has_folded_name(const char *path)
{
	struct text name = text_of(path);
	if (text_ends(name, ".gz"))
		name.size -= 3;
	return text_ends(name, ".folded") || text_ends(name, ".collapsed");
}

/* True if the first lines are folded stacks, and one of them has more than one frame. */
static bool is_folded(struct text start)
{
	const char *at = start.at, *end = at + start.size;
	struct text line;
	struct folded_line parsed;
	size_t lines = 0;
	bool deep = false;
	while (lines < LINES_ASKED && next_line(&at, end, &line)) {
		bool cut = at >= end && start.size >= PEEKED;
		if (folded_is_blank(line) || cut)
			continue;
		if (!folded_parse(line, true, &parsed))
			return false;
		deep |= memchr(parsed.stack.at, ';', parsed.stack.size) != NULL;
		lines++;
	}
	return deep;
}

static bool read_source(struct source *source, struct stacks *stacks)
{
	struct folded_rules rules = {.pairs = true};
	folded_read(source, stacks, &rules);
	skipped_summary(&rules.skipped, "lines");
	return source_close(source);
}

static bool read_converted(const char *path, struct stacks *stacks)
{
	struct collapse collapse;
	char *files[] = {(char *)path}, *pipe[] = {collapse.path};
	if (!collapse_start(&collapse, NULL, files, 1, stacks->ordered))
		return false;
	bool good = read_source(source_open(pipe, 1), stacks);
	return collapse_end(&collapse) && good;
}

struct stacks *load_profile(const char *path, bool ordered, bool *whole)
{
	char *paths[] = {(char *)path};
	struct stacks *stacks = stacks_new(ordered);
	struct source *source = source_open(paths, 1);
	struct text start = access(path, R_OK) == 0 ? source_peek(source, PEEKED) : (struct text){0};
	if (!start.size || has_folded_name(path) || is_folded(start)) {
		*whole = read_source(source, stacks);
	} else {
		source_close(source);
		*whole = read_converted(path, stacks);
	}
	if (stacks_total(stacks) > 0)
		return stacks;
	if (*whole)
		report_error("%s: no stack has a weight: is it a profile?", path);
	stacks_free(stacks);
	return NULL;
}
