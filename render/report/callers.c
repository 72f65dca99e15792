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

static void add_flow(struct flows *flows, uint32_t neighbour, double weight)
{
	flows->items = mem_grow(flows->items, &flows->capacity, flows->count + 1, sizeof *flows->items);
	flows->items[flows->count++] = (struct flow){neighbour, weight};
}

/* Sums those of several lines; the heaviest comes first. */
static void sum_flows(struct flows *flows)
{
	if (!flows->count)
		return;
	qsort(flows->items, flows->count, sizeof *flows->items, compare_neighbours);
	size_t kept = 0;
	for (size_t i = 1; i < flows->count; i++) {
		if (flows->items[i].neighbour == flows->items[kept].neighbour)
			flows->items[kept].weight += flows->items[i].weight;
		else
			flows->items[++kept] = flows->items[i];
	}
	flows->count = kept + 1;
	qsort(flows->items, flows->count, sizeof *flows->items, compare);
}

/* The callers of the first functions, each in its place. */
static void find_callers(struct flows *callers, const struct callgraph *graph, const uint32_t *places)
{
	for (size_t i = 0; i < graph->edge_count; i++) {
		const struct callgraph_edge *edge = &graph->edges[i];
		if (places[edge->callee] < CALLERS_FUNCTIONS)
			add_flow(&callers[places[edge->callee]], edge->caller, edge->weight);
	}
	for (size_t i = 0; i < CALLERS_FUNCTIONS; i++)
		sum_flows(&callers[i]);
}

static struct flows find_callees(const struct callgraph *graph, uint32_t function)
{
	struct flows flows = {0};
	for (size_t i = graph->first_edge[function]; i < graph->first_edge[function + 1]; i++)
		add_flow(&flows, graph->edges[i].callee, graph->edges[i].weight);
	sum_flows(&flows);
	return flows;
}

static void put_flows(
	struct sink *sink, const struct subject *subject, struct flows flows, const uint32_t *places, bool callees)
{
	const struct analysis *analysis = subject->now;
	const char *columns[] = {callees ? "Calls" : "Called by", "#Weight", "#Share", NULL};
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
		table_function(sink, analysis->graph.functions[neighbour].name,
			analysis->graph.functions[neighbour].file, places[neighbour] < CALLERS_FUNCTIONS ? link : NULL);
		table_weight(sink, subject->settings, flows.items[i].weight);
		table_share(sink, flows.items[i].weight, analysis->sum);
	}
	if (flows.count)
		table_end(sink);
	if (flows.count > MOST_ROWS)
		sink_format(sink, "<p class=\"faint\">and %zu more</p>\n", flows.count - MOST_ROWS);
	sink_string(sink, "</div>\n");
}

static void put_function(
	struct sink *sink, const struct subject *subject, size_t place, const uint32_t *places, struct flows callers)
{
	const struct functions *functions = subject->functions;
	const struct function *function = &functions->items[place];
	struct flows callees = find_callees(&subject->now->graph, function->number);
	sink_format(sink, "<details id=\"%sf%zu\"%s><summary>", subject->prefix, place, place ? "" : " open");
	page_function(sink, function->name, function->file);
	sink_format(sink, "<span class=\"faint\">: self %.2f%%, total %.2f%%</span></summary>\n<div class=\"pair\">\n",
		100 * function->self / functions->sum, 100 * function->total / functions->sum);
	put_flows(sink, subject, callers, places, false);
	put_flows(sink, subject, callees, places, true);
	sink_string(sink, "</div></details>\n");
	free(callees.items);
}

void callers_section(struct sink *sink, const struct subject *subject)
{
	const struct callgraph *graph = &subject->now->graph;
	const struct functions *functions = subject->functions;
	struct flows callers[CALLERS_FUNCTIONS] = {0};
	uint32_t *places = mem_zero(graph->names.count + 1, sizeof *places);
	for (size_t i = 0; i < functions->count; i++)
		if (functions->items[i].number != UINT32_MAX)
			places[functions->items[i].number] = (uint32_t)i;
	find_callers(callers, graph, places);
	page_section(sink, subject->prefix, "callers", "Callers and callees");
	for (size_t i = 0; i < functions->count && i < CALLERS_FUNCTIONS; i++)
		if (functions->items[i].number != UINT32_MAX)
			put_function(sink, subject, i, places, callers[i]);
	page_section_end(sink);
	for (size_t i = 0; i < CALLERS_FUNCTIONS; i++)
		free(callers[i].items);
	free(places);
}
