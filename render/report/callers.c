#include "render/report/callers.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/mem.h"
#include "render/report/page.h"
#include "render/report/table.h"

enum { MOST_ROWS = 12 };

/* What flows between a function and one of its neighbours. */
struct flow {
	uint32_t neighbour;
	double weight;
};

struct flows {
	struct flow *items;
	size_t count, capacity;
};

static int compare(const void *left, const void *right)
{
	const struct flow *a = left, *b = right;
	if (a->weight != b->weight)
		return a->weight < b->weight ? 1 : -1;
	return (a->neighbour > b->neighbour) - (a->neighbour < b->neighbour);
}

static int compare_neighbours(const void *left, const void *right)
{
	const struct flow *a = left, *b = right;
	return (a->neighbour > b->neighbour) - (a->neighbour < b->neighbour);
}

/* The edges from (or to) the function, those of several lines summed; heaviest first. */
static struct flows flows_of(const struct callgraph *graph, uint32_t function, bool callees)
{
	struct flows flows = {0};
	for (size_t i = 0; i < graph->edge_count; i++) {
		const struct callgraph_edge *edge = &graph->edges[i];
		if ((callees ? edge->caller : edge->callee) != function)
			continue;
		flows.items = mem_grow(flows.items, &flows.capacity, flows.count + 1, sizeof *flows.items);
		flows.items[flows.count++] = (struct flow){callees ? edge->callee : edge->caller, edge->weight};
	}
	if (!flows.count)
		return flows;
	qsort(flows.items, flows.count, sizeof *flows.items, compare_neighbours);
	size_t kept = 0;
	for (size_t i = 1; i < flows.count; i++) {
		if (flows.items[i].neighbour == flows.items[kept].neighbour)
			flows.items[kept].weight += flows.items[i].weight;
		else
			flows.items[++kept] = flows.items[i];
	}
	flows.count = kept + 1;
	qsort(flows.items, flows.count, sizeof *flows.items, compare);
	return flows;
}

static void put_flows(
	struct sink *sink, const struct subject *subject, uint32_t function, const uint32_t *places, bool callees)
{
	const struct analysis *analysis = subject->now;
	const char *columns[] = {callees ? "Calls" : "Called by", "#Weight", "#Share", NULL};
	struct flows flows = flows_of(&analysis->graph, function, callees);
	sink_string(sink, "<div>");
	if (!flows.count)
		sink_format(sink, "<p class=\"faint\">%s</p>\n", callees ? "It calls nothing." : "Nothing calls it.");
	else
		table_begin(sink, callees ? "Callees" : "Callers", NULL, columns);
	for (size_t i = 0; i < flows.count && i < MOST_ROWS; i++) {
		uint32_t neighbour = flows.items[i].neighbour;
		char link[256];
		snprintf(link, sizeof link, "#%sf%u", subject->prefix, places[neighbour]);
		table_row(sink);
		table_name(sink, analysis->graph.functions[neighbour].name,
			places[neighbour] < CALLERS_FUNCTIONS ? link : NULL);
		table_weight(sink, subject->settings, flows.items[i].weight);
		table_share(sink, flows.items[i].weight, analysis->sum);
	}
	if (flows.count)
		table_end(sink);
	if (flows.count > MOST_ROWS)
		sink_format(sink, "<p class=\"faint\">and %zu more</p>\n", flows.count - MOST_ROWS);
	sink_string(sink, "</div>\n");
	free(flows.items);
}

void callers_section(struct sink *sink, const struct subject *subject)
{
	const struct analysis *analysis = subject->now;
	const struct functions *functions = subject->functions;
	const char *prefix = subject->prefix;
	uint32_t *places = mem_zero(analysis->graph.names.count + 1, sizeof *places);
	for (size_t i = 0; i < functions->count; i++)
		if (functions->items[i].number != UINT32_MAX)
			places[functions->items[i].number] = (uint32_t)i;
	page_section(sink, prefix, "callers", "Callers and callees");
	for (size_t i = 0; i < functions->count && i < CALLERS_FUNCTIONS; i++) {
		const struct function *function = &functions->items[i];
		if (function->number == UINT32_MAX)
			continue;
		sink_format(sink, "<details id=\"%sf%zu\"%s><summary>", prefix, i, i ? "" : " open");
		page_name(sink, function->name);
		sink_format(sink,
			" <span class=\"faint\">self %.2f%%, total %.2f%%</span></summary>\n<div class=\"pair\">\n",
			100 * function->self / functions->sum, 100 * function->total / functions->sum);
		put_flows(sink, subject, function->number, places, false);
		put_flows(sink, subject, function->number, places, true);
		sink_string(sink, "</div></details>\n");
	}
	page_section_end(sink);
	free(places);
}
