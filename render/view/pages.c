#include "render/view/pages.h"

#include <stdlib.h>

#include "common/source.h"
#include "render/view/calls.h"
#include "render/view/status.h"

/* ---- sorting ---- */

static int compare(double a, double b)
{
	return a > b ? -1 : a < b;
}

static int compare_items(const void *left, const void *right, void *order)
{
	const struct item *a = left, *b = right;
	int result = 0;
	if (*(enum order *)order == ORDER_SELF)
		result = compare(a->self, b->self);
	else if (*(enum order *)order == ORDER_CHANGE)
		result = compare(a->total - a->old, b->total - b->old);
	if (!result && *(enum order *)order != ORDER_NAME)
		result = compare(a->total, b->total);
	return result ? result : text_compare(a->name, b->name);
}

static void sort_from(struct list *list, size_t from, enum order order)
{
	qsort_r(list->items + from, list->count - from, sizeof *list->items, compare_items, &order);
}

static void open_list(struct viewer *viewer, enum page page, const char *title, double whole)
{
	list_clear(&viewer->list, title, whole);
	viewer->page = page;
}

static struct text name_of(const struct viewer *viewer, uint32_t name)
{
	return viewer->graph->stacks->names.names[name];
}

/* ---- functions ---- */

static void add_functions(struct viewer *viewer, const bool *wanted)
{
	const struct graph *graph = viewer->graph;
	for (uint32_t name = 0; name < graph->stacks->names.count; name++) {
		double total = graph->function_total[name], old = graph->old ? graph->function_old[name] : 0;
		if ((total == 0 && old == 0) || (wanted && !wanted[name]))
			continue;
		list_add(&viewer->list, (struct item){.name = name_of(viewer, name),
						.total = total,
						.self = graph->function_self[name],
						.old = old,
						.reference = name});
	}
}

void pages_functions(struct viewer *viewer)
{
	static const char *const titles[] = {[ORDER_TOTAL] = "function (by total)",
		[ORDER_SELF] = "function (by self)",
		[ORDER_NAME] = "function (by name)",
		[ORDER_CHANGE] = "function (by change)"};
	char why[200];
	bool *wanted = NULL;
	if (viewer->filter.size) {
		wanted = search_names(&viewer->graph->stacks->names, viewer->filter.at, why, sizeof why);
		if (!wanted)
			viewer_say(viewer, "%s", why);
	}
	open_list(viewer, PAGE_FUNCTIONS, titles[viewer->order], viewer->graph->total[0]);
	viewer->list.with_self = true;
	viewer->list.compares = viewer->graph->old != NULL;
	add_functions(viewer, wanted);
	free(wanted);
	sort_from(&viewer->list, 0, viewer->order);
}

/* ---- frames and threads ---- */

static void add_node(struct viewer *viewer, uint32_t node)
{
	const struct graph *graph = viewer->graph;
	list_add(&viewer->list, (struct item){.name = graph_name(graph, node),
					.total = graph->total[node],
					.self = graph->self[node],
					.old = graph->old ? graph->old[node] : 0,
					.reference = node});
}

void pages_combined(struct viewer *viewer, const struct box *box)
{
	open_list(viewer, PAGE_COMBINED, "narrow frames: Enter zooms", viewer->graph->total[0]);
	viewer->list.with_self = true;
	viewer->list.compares = viewer->graph->old != NULL;
	for (uint32_t node = box->first; node < box->last; node++)
		add_node(viewer, node);
	sort_from(&viewer->list, 0, ORDER_TOTAL);
}

/* The root frames of all stacks, whatever edits there are. */
void pages_threads(struct viewer *viewer)
{
	const struct stacks *base = viewer->base;
	const struct edit_step *chosen = edits_find(&viewer->edits, EDIT_THREAD);
	struct stacks_children children = stacks_children(base);
	double *totals = calloc(base->count, sizeof *totals);
	for (uint32_t node = base->count - 1; totals && node > 0; node--) {
		totals[node] += base->nodes[node].self;
		totals[base->nodes[node].parent] += totals[node];
	}
	open_list(viewer, PAGE_THREADS, "thread (root frame): Enter shows it alone", stacks_total(base));
	list_add(&viewer->list, (struct item){.name = text_of("all"), .total = stacks_total(base)});
	for (uint32_t node = children.first[0]; totals && node; node = children.next[node])
		list_add(&viewer->list, (struct item){.name = base->names.names[base->nodes[node].name],
						.total = totals[node],
						.reference = node});
	sort_from(&viewer->list, 1, ORDER_TOTAL);
	for (size_t i = 1; chosen && i < viewer->list.count; i++)
		if (text_compare(viewer->list.items[i].name, (struct text){chosen->name, chosen->size}) == 0)
			viewer->list.cursor = i;
	stacks_children_free(&children);
	free(totals);
}

/* ---- callers and callees ---- */

static void add_heading(struct viewer *viewer, enum item_kind kind, const char *text)
{
	list_add(&viewer->list, (struct item){.kind = kind, .name = text_of(text)});
}

static void add_sums(struct viewer *viewer, const double *sums, uint32_t names)
{
	size_t from = viewer->list.count;
	for (uint32_t name = 0; name <= names; name++)
		if (sums[name] != 0)
			list_add(&viewer->list, (struct item){.name = name < names ? name_of(viewer, name)
										   : text_of("(nobody: it is a root)"),
							.total = sums[name],
							.reference = name < names ? name : GRAPH_NONE});
	if (viewer->list.count == from)
		add_heading(viewer, ITEM_LINE, "(none)");
	sort_from(&viewer->list, from, ORDER_TOTAL);
}

static uint32_t find_name(const struct viewer *viewer, struct text function)
{
	const struct intern *names = &viewer->graph->stacks->names;
	uint32_t name = 0;
	while (name < names->count && text_compare(names->names[name], function) != 0)
		name++;
	return name < names->count ? name : GRAPH_NONE;
}

void pages_calls(struct viewer *viewer, struct text function)
{
	uint32_t name = find_name(viewer, function);
	if (name == GRAPH_NONE) {
		pages_close(viewer);
		return;
	}
	struct buffer copy = {0};
	buffer_add(&copy, function.at, function.size);
	buffer_free(&viewer->function);
	viewer->function = copy;
	struct calls calls = calls_of(viewer->graph, name);
	open_list(viewer, PAGE_CALLS, "callers and callees: Enter goes on there", viewer->graph->total[0]);
	add_heading(viewer, ITEM_HEADING, "Called by");
	add_sums(viewer, calls.callers, calls.names);
	add_heading(viewer, ITEM_HEADING, "The function itself (its self weight is not in the callees)");
	viewer->list.cursor = viewer->list.count;
	list_add(&viewer->list,
		(struct item){
			.name = name_of(viewer, name), .total = calls.total, .self = calls.self, .reference = name});
	add_heading(viewer, ITEM_HEADING, "Calls");
	add_sums(viewer, calls.callees, calls.names);
	calls_free(&calls);
}

/* ---- texts ---- */

/* The lines of viewer->lines, wrapped. */
static void add_lines(struct viewer *viewer)
{
	struct text all = buffer_text(&viewer->lines), line;
	const char *at = all.at;
	size_t room = viewer->cells.width > 3 ? (size_t)viewer->cells.width - 2 : 1, columns;
	while (next_line(&at, all.at + all.size, &line)) {
		do {
			size_t fits = text_fit(line, room, &columns);
			list_add(&viewer->list, (struct item){.kind = ITEM_LINE, .name = {line.at, fits}});
			line.at += fits;
			line.size -= fits;
		} while (line.size);
	}
}

enum { MOST_CALLERS = 10000 }; /* of a very deep stack */

void pages_details(struct viewer *viewer)
{
	const struct graph *graph = viewer->graph;
	uint32_t node = viewer->at.selected, count = 0;
	struct buffer *lines = &viewer->lines;
	struct text name = graph_name(graph, node);
	buffer_clear(lines);
	buffer_add(lines, name.at, name.size);
	buffer_add_char(lines, '\n');
	status_numbers(viewer, node, lines);
	buffer_add_string(lines, "\n\nIts stack, from here to the root:\n");
	for (; node && count < MOST_CALLERS; node = graph->parent[node], count++) {
		name = graph_name(graph, node);
		buffer_add_string(lines, "  ");
		buffer_add(lines, name.at, name.size);
		buffer_add_char(lines, '\n');
	}
	if (node)
		buffer_add_string(lines, "  ...\n");
	open_list(viewer, PAGE_DETAILS, "the selected frame", 0);
	add_lines(viewer);
}

static const char help[] =
	"Moving\n"
	"  arrows, h j k l   to the neighbours, the caller and the widest callee\n"
	"  PageUp PageDown, b f    a window up or down;  g G, Home End  first and last row\n"
	"  mouse             click selects, click again zooms, right click goes back, wheel scrolls\n"
	"Zoom\n"
	"  Enter             zoom to the frame; on combined narrow frames: list them\n"
	"  Esc, Backspace    back to where it was before; r, 0  the whole graph again\n"
	"Search\n"
	"  /                 a regular expression (PCRE2; ignores case unless it has a capital)\n"
	"  #                 all frames of the selected function;  n N  next and previous match\n"
	"Lists\n"
	"  Tab               functions with total and self (Tab, Esc: back)\n"
	"                    1 total  2 self  3 name  4 change: sort;  / filter;  Enter, #: show in the graph\n"
	"  w                 who calls the selected function, and whom it calls\n"
	"  t                 threads (root frames): show one of them alone\n"
	"  d, Space          the whole name and stack of the selected frame\n"
	"What is shown\n"
	"  i                 inverted: who is called, by whom (leaf first)\n"
	"  v                 flame (root below) or icicle (root on top)\n"
	"  o                 only below the selected function;  x  hide it: its weight goes to the callers\n"
	"  u                 undo the last o or x;  U  undo all\n"
	"  L                 siblings by weight or by name;  c  narrow frames combined or left out\n"
	"  C                 colours: by name, safe for the colour-blind, by module, by difference\n"
	"  z                 live: freeze, and go on\n"
	"Other\n"
	"  s                 save what is shown: .folded, or as flamerender does (.svg, .png ...)\n"
	"  ?                 this help;  Ctrl-L  draw anew;  q  quit\n";

void pages_help(struct viewer *viewer)
{
	buffer_clear(&viewer->lines);
	buffer_add_string(&viewer->lines, help);
	open_list(viewer, PAGE_HELP, "keys", 0);
	add_lines(viewer);
}

/* ---- all of them ---- */

void pages_close(struct viewer *viewer)
{
	viewer->page = PAGE_GRAPH;
}

void pages_refresh(struct viewer *viewer)
{
	size_t cursor = viewer->list.cursor, top = viewer->list.top;
	switch (viewer->page) {
	case PAGE_FUNCTIONS:
		pages_functions(viewer);
		break;
	case PAGE_CALLS:
		pages_calls(viewer, buffer_text(&viewer->function));
		break;
	case PAGE_THREADS:
		pages_threads(viewer);
		break;
	case PAGE_COMBINED:
		pages_close(viewer);
		break;
	case PAGE_DETAILS:
	case PAGE_HELP:
	case PAGE_GRAPH:
		return;
	}
	viewer->list.cursor = cursor;
	viewer->list.top = top;
}

static void show_function(struct viewer *viewer, uint32_t name)
{
	const struct graph *graph = viewer->graph;
	uint32_t widest = GRAPH_NONE;
	for (uint32_t node = 1; node < graph->count; node++)
		if (graph->name[node] == name && (widest == GRAPH_NONE || graph->total[node] > graph->total[widest]))
			widest = node;
	if (widest == GRAPH_NONE)
		return;
	char why[200];
	struct buffer copy = {0};
	buffer_add(&copy, name_of(viewer, name).at, name_of(viewer, name).size);
	pages_close(viewer);
	viewer_jump(viewer, widest);
	search_set(&viewer->search, copy.at, true, why, sizeof why);
	search_graph(&viewer->search, graph);
	search_weigh(&viewer->search, graph, viewer->at.zoom);
	buffer_free(&copy);
}

static void choose_thread(struct viewer *viewer, const struct item *item)
{
	edits_remove(&viewer->edits, EDIT_THREAD);
	if (item->reference)
		edits_add(&viewer->edits, EDIT_THREAD, item->name);
	pages_close(viewer);
	viewer_rebuild(viewer);
}

void pages_show(struct viewer *viewer)
{
	const struct item *item = list_chosen(&viewer->list);
	if (!item || item->reference == GRAPH_NONE || viewer->page == PAGE_THREADS)
		return;
	if (viewer->page != PAGE_COMBINED)
		show_function(viewer, item->reference);
	else
		show_function(viewer, viewer->graph->name[item->reference]);
}

void pages_choose(struct viewer *viewer)
{
	const struct item *item = list_chosen(&viewer->list);
	if (viewer->page == PAGE_HELP || viewer->page == PAGE_DETAILS)
		pages_close(viewer);
	if (!item)
		return;
	if (viewer->page == PAGE_FUNCTIONS) {
		pages_show(viewer);
	} else if (viewer->page == PAGE_CALLS && item->reference != GRAPH_NONE) {
		pages_calls(viewer, item->name);
	} else if (viewer->page == PAGE_COMBINED) {
		pages_close(viewer);
		viewer_zoom(viewer, item->reference);
	} else if (viewer->page == PAGE_THREADS) {
		choose_thread(viewer, item);
	}
}
