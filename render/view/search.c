#define PCRE2_CODE_UNIT_WIDTH 8
#include "render/view/search.h"

#include <ctype.h>
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/mem.h"

enum { MOST_STEPS = 100000 }; /* of one match: names that take longer do not match */

/* "\W" is no capital. */
static bool has_capital(const char *pattern)
{
	for (; *pattern; pattern++) {
		if (*pattern == '\\' && pattern[1])
			pattern++;
		else if (isupper((unsigned char)*pattern))
			return true;
	}
	return false;
}

static pcre2_code *compile(const char *pattern, char *why, size_t why_size)
{
	int error;
	PCRE2_SIZE offset;
	uint32_t options = PCRE2_MATCH_INVALID_UTF | PCRE2_UTF | (has_capital(pattern) ? 0 : PCRE2_CASELESS);
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &error, &offset, NULL);
	if (code) {
		pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without it, it is just slower */
		return code;
	}
	char reason[200];
	pcre2_get_error_message(error, (PCRE2_UCHAR *)reason, sizeof reason);
	snprintf(why, why_size, "%s (at character %zu)", reason, (size_t)offset + 1);
	return NULL;
}

bool *search_names(const struct intern *names, const char *pattern, char *why, size_t why_size)
{
	pcre2_code *code = compile(pattern, why, why_size);
	if (!code)
		return NULL;
	bool *matches = mem_zero((size_t)names->count + 1, sizeof *matches);
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	pcre2_match_context *context = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(context, MOST_STEPS);
	for (uint32_t i = 0; i < names->count; i++)
		matches[i] = pcre2_match(code, (PCRE2_SPTR)names->names[i].at, names->names[i].size, 0, 0, data,
				     context) >= 0;
	pcre2_match_context_free(context);
	pcre2_match_data_free(data);
	pcre2_code_free(code);
	return matches;
}

void search_end(struct search *search)
{
	free(search->pattern);
	free(search->matches);
	*search = (struct search){0};
}

bool search_set(struct search *search, const char *pattern, bool exact, char *why, size_t why_size)
{
	pcre2_code *code = exact || !*pattern ? NULL : compile(pattern, why, why_size);
	if (!code && !exact && *pattern)
		return false;
	pcre2_code_free(code);
	char *copy = *pattern ? mem_copy_string(pattern) : NULL;
	search_end(search);
	search->pattern = copy;
	search->exact = exact;
	return true;
}

static bool *find_exact(const struct intern *names, const char *name)
{
	bool *matches = mem_zero((size_t)names->count + 1, sizeof *matches);
	for (uint32_t i = 0; i < names->count; i++)
		matches[i] = text_is(names->names[i], name);
	return matches;
}

void search_graph(struct search *search, const struct graph *graph)
{
	const struct intern *names = &graph->stacks->names;
	char why[200];
	free(search->matches);
	search->matches = NULL;
	search->names = 0;
	if (!search->pattern)
		return;
	search->matches = search->exact ? find_exact(names, search->pattern)
					: search_names(names, search->pattern, why, sizeof why);
	for (uint32_t i = 0; search->matches && i < names->count; i++)
		search->names += search->matches[i];
}

/* Weighs one level; above[i] tells whether the node i of the level above (from `first` on), or what is above it,
 * matches. Fills `here` with the same for this level. */
static void weigh_level(struct search *search, const struct graph *graph, struct graph_range range, const bool *above,
	uint32_t first, bool *here)
{
	for (uint32_t node = range.from; node < range.to; node++) {
		bool covered = above && above[graph->parent[node] - first], hit = search_hits(search, graph, node);
		here[node - range.from] = covered || hit;
		search->frames += hit;
		if (hit && !covered)
			search->weight += graph->total[node];
	}
}

void search_weigh(struct search *search, const struct graph *graph, uint32_t zoom)
{
	struct graph_range range = {zoom, zoom + 1};
	bool *above = NULL, *here = NULL;
	size_t room_above = 0, room_here = 0;
	uint32_t first = 0;
	search->weight = 0;
	search->frames = 0;
	while (search->matches && range.from < range.to) {
		here = mem_grow(here, &room_here, range.to - range.from, sizeof *here);
		weigh_level(search, graph, range, above, first, here);
		bool *swap = above;
		size_t room = room_above;
		above = here, room_above = room_here;
		here = swap, room_here = room;
		first = range.from;
		range = graph_next_level(graph, range);
	}
	free(above);
	free(here);
}

uint32_t search_step(
	const struct search *search, const struct graph *graph, uint32_t zoom, uint32_t from, bool back, double width)
{
	double start = graph->start[zoom], end = start + graph->total[zoom];
	uint32_t node = from, narrow = GRAPH_NONE;
	for (uint32_t tried = 0; tried < graph->count; tried++) {
		node = back ? (node ? node - 1 : graph->count - 1) : (node + 1 < graph->count ? node + 1 : 0);
		bool wide = graph->total[node] >= width;
		if (!wide && narrow != GRAPH_NONE)
			continue;
		if (node < zoom || !search_hits(search, graph, node) || graph->start[node] < start ||
			graph->start[node] >= end)
			continue;
		if (wide)
			return node;
		narrow = node;
	}
	return narrow;
}
