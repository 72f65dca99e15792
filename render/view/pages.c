#include "render/view/pages.h"

#include <stdlib.h>

#include "common/mem.h"
#include "common/source.h"
#include "render/view/calls.h"
#include "render/view/numbers.h"
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
	if (!result)
		result = compare(a->total, b->total);
	if (*(enum order *)order == ORDER_NAME)
		return text_compare(a->name, b->name);
	return result ? result : a->reference < b->reference ? -1 : a->reference > b->reference;
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

/* "function (by self) /filter/" */
static const char *functions_title(struct viewer *viewer)
{
	static const char *const orders[] = {
		[ORDER_TOTAL] = "total", [ORDER_SELF] = "self", [ORDER_NAME] = "name", [ORDER_CHANGE] = "change"};
	buffer_clear(&viewer->lines);
	buffer_add_format(&viewer->lines, "function (by %s)", orders[viewer->order]);
	if (viewer->filter.size)
		buffer_add_format(&viewer->lines, " /%s/", viewer->filter.at);
	return viewer->lines.at;
}

void pages_functions(struct viewer *viewer)
{
	char why[200];
	bool *wanted = NULL;
	if (viewer->filter.size) {
		wanted = search_names(&viewer->graph->stacks->names, viewer->filter.at, why, sizeof why);
		if (!wanted)
			viewer_say(viewer, "%s", why);
	}
	open_list(viewer, PAGE_FUNCTIONS, functions_title(viewer), viewer->graph->total[0]);
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

enum { MOST_LISTED = 1000 };

/* The weight from which on a frame is listed: so that at least MOST_LISTED are, the widest, but hardly more. */
static double least_listed(const struct graph *graph, const struct box *box)
{
	double sum = 0;
	for (uint32_t node = box->first; node < box->last; node++)
		sum += graph->total[node];
	for (double parts = MOST_LISTED; box->last - box->first > MOST_LISTED && parts < 1e15; parts *= 2) {
		size_t count = 0;
		for (uint32_t node = box->first; node < box->last; node++)
			count += graph->total[node] >= sum / parts;
		if (count >= MOST_LISTED)
			return sum / parts;
	}
	return 0;
}

void pages_combined(struct viewer *viewer, const struct box *box)
{
	const struct graph *graph = viewer->graph;
	double least = least_listed(graph, box);
	open_list(viewer, PAGE_COMBINED, least > 0 ? "the widest of the narrow frames" : "narrow frames",
		graph->total[0]);
	viewer->list.with_self = true;
	viewer->list.compares = graph->old != NULL;
	for (uint32_t node = box->first; node < box->last; node++)
		if (graph->total[node] >= least)
			add_node(viewer, node);
	sort_from(&viewer->list, 0, ORDER_TOTAL);
}

/* The weight of all stacks below each root frame, by its node. */
static double *sum_roots(const struct stacks *stacks)
{
	double *sums = mem_zero(stacks->count, sizeof *sums);
	uint32_t *root = mem_alloc(stacks->count * sizeof *root);
	root[0] = 0;
	for (uint32_t node = 1; node < stacks->count; node++) {
		uint32_t parent = stacks->nodes[node].parent;
		root[node] = parent ? root[parent] : node;
		sums[root[node]] += stacks->nodes[node].self;
	}
	free(root);
	return sums;
}

/* Those of all stacks, whatever edits there are. */
void pages_threads(struct viewer *viewer)
{
	const struct stacks *base = viewer->base;
	const struct edit_step *chosen = edits_find(&viewer->edits, EDIT_THREAD);
	double *sums = sum_roots(base), whole = stacks_total(base);
	open_list(viewer, PAGE_THREADS, "thread (root frame)", whole);
	list_add(&viewer->list, (struct item){.name = text_of("all"), .total = whole});
	for (uint32_t node = 1; node < base->count; node++)
		if (base->nodes[node].parent == 0)
			list_add(&viewer->list, (struct item){.name = base->names.names[base->nodes[node].name],
							.total = sums[node],
							.reference = node});
	free(sums);
	sort_from(&viewer->list, 1, ORDER_TOTAL);
	for (size_t i = 1; chosen && i < viewer->list.count; i++)
		if (text_compare(viewer->list.items[i].name, (struct text){chosen->name, chosen->size}) == 0)
			viewer->list.cursor = i;
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
	open_list(viewer, PAGE_CALLS, "callers and callees", viewer->graph->total[0]);
	buffer_clear(&viewer->lines);
	buffer_add_string(&viewer->lines, "Itself: self ");
	put_count(&viewer->lines, calls.self);
	buffer_add_string(&viewer->lines, ", ");
	put_share(&viewer->lines, calls.self, viewer->graph->total[0]);
	add_heading(viewer, ITEM_HEADING, "Called by");
	add_sums(viewer, calls.callers, calls.names);
	add_heading(viewer, ITEM_HEADING, viewer->lines.at);
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
	viewer->list.is_text = true;
	add_lines(viewer);
}

static const char help[] = "Move     arrows, h j k l  to the neighbours, the caller, the widest callee\n"
			   "         PgUp PgDn, b f   a window of rows; g G, Home End  all the way\n"
			   "         click, wheel     select, scroll; again: zoom; right click: back\n"
			   "Zoom     Enter            to the frame; on combined narrow ones: list them\n"
			   "         Esc, Backspace   back to where it was; r, 0  the whole graph\n"
			   "Search   /                regular expression (ignores case without capitals)\n"
			   "         #                the selected function;  n N  next and previous\n"
			   "Lists    Tab              functions; 1 total 2 self 3 name 4 change: sort;\n"
			   "                          / filters, Enter shows it in the graph\n"
			   "         w                who calls the selected function, whom it calls\n"
			   "         t                threads (root frames): show one of them alone\n"
			   "         d, Space         whole name, numbers and stack of the frame\n"
			   "Change   i                inverted: leaf first, who is called, by whom\n"
			   "         o                only below the selected function\n"
			   "         x                hide the function: its weight goes to its callers\n"
			   "         u U              undo the last o or x, undo all\n"
			   "Look     v                root below (flame) or on top (icicle)\n"
			   "         L                siblings by weight or by name\n"
			   "         c C              narrow frames combined or not; other colours\n"
			   "Other    s                save what is shown (.folded, .svg, .png ...)\n"
			   "         q, Ctrl-C        quit; Ctrl-L  draw anew; z  freeze live input\n";

void pages_help(struct viewer *viewer)
{
	buffer_clear(&viewer->lines);
	buffer_add_string(&viewer->lines, help);
	open_list(viewer, PAGE_HELP, "keys", 0);
	viewer->list.is_text = true;
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
