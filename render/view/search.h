/* Frames whose names match a regular expression (PCRE2), and the share of the graph that they cover. */
#ifndef RENDER_VIEW_SEARCH_H
#define RENDER_VIEW_SEARCH_H

#include "render/view/graph.h"

/* All zero: nothing is searched for. */
struct search {
	char *pattern; /* as typed, or the name for search_exact; NULL: none */
	bool exact;    /* the whole name, not an expression */
	bool *matches; /* by name of the graph */
	size_t names;  /* that match */
	double weight; /* covered below the zoomed frame, counted once under recursion */
	size_t frames; /* there, that match */
};

/* True for each of the names that the expression matches; letters count in both cases unless the pattern has a capital.
 * NULL, with the reason in `why`, if the pattern is wrong. The caller frees it. */
bool *search_names(const struct intern *names, const char *pattern, char *why, size_t why_size);

/* Sets what is searched for; false, with the reason, if it is wrong (then nothing changes). An empty one ends it. */
bool search_set(struct search *search, const char *pattern, bool exact, char *why, size_t why_size);
/* Finds it in another graph, or below another frame. */
void search_graph(struct search *search, const struct graph *graph);
void search_weigh(struct search *search, const struct graph *graph, uint32_t zoom);
void search_end(struct search *search);

static inline bool search_hits(const struct search *search, const struct graph *graph, uint32_t node)
{
	return search->matches && node && search->matches[graph->name[node]];
}
/* The next (or previous) match below `zoom`, level by level and round the end; those less than `width` wide only if
 * there are no others. GRAPH_NONE if there is none. */
uint32_t search_step(
	const struct search *search, const struct graph *graph, uint32_t zoom, uint32_t from, bool back, double width);

#endif
