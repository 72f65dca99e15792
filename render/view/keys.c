#include "render/view/keys.h"

#include "render/view/pages.h"
#include "render/view/prompt.h"

/* ---- the graph ---- */

static void zoom(struct viewer *viewer)
{
	struct box box = viewer_selected_box(viewer);
	if (box_is_combined(&box))
		pages_combined(viewer, &box);
	else
		viewer_zoom(viewer, viewer->at.selected);
}

static void back(struct viewer *viewer)
{
	if (!viewer_back(viewer) && viewer->search.pattern)
		search_end(&viewer->search);
}

static void click(struct viewer *viewer, struct key key)
{
	struct box box;
	if (!viewer_box_at(viewer, key.x, key.y, &box))
		return;
	bool again = viewer->at.selected >= box.first && viewer->at.selected < box.last;
	if (again)
		zoom(viewer);
	else
		viewer_select(viewer, box.first);
}

/* The direction on the screen as one away from the root (+1) or to it. */
static int away(const struct viewer *viewer, bool upwards)
{
	return upwards == viewer->icicle ? -1 : 1;
}

static void up(struct viewer *viewer)
{
	viewer_move_depth(viewer, away(viewer, true));
}

static void down(struct viewer *viewer)
{
	viewer_move_depth(viewer, away(viewer, false));
}

static void left(struct viewer *viewer)
{
	viewer_move_along(viewer, -1);
}

static void right(struct viewer *viewer)
{
	viewer_move_along(viewer, 1);
}

static void scroll(struct viewer *viewer, bool to_top, long lines)
{
	viewer_scroll(viewer, away(viewer, to_top) * lines);
}

static void page_up(struct viewer *viewer)
{
	scroll(viewer, true, viewer_rows(viewer));
}

static void page_down(struct viewer *viewer)
{
	scroll(viewer, false, viewer_rows(viewer));
}

static void wheel_up(struct viewer *viewer)
{
	scroll(viewer, true, 3);
}

static void wheel_down(struct viewer *viewer)
{
	scroll(viewer, false, 3);
}

static void to_top(struct viewer *viewer)
{
	scroll(viewer, true, UINT32_MAX);
}

static void to_bottom(struct viewer *viewer)
{
	scroll(viewer, false, UINT32_MAX);
}

/* ---- edits ---- */

/* The function that the cursor stands on, in the graph or in a list; empty, with a message, if it is none. */
static struct text chosen_function(struct viewer *viewer)
{
	const struct item *item = viewer->page == PAGE_GRAPH ? NULL : list_chosen(&viewer->list);
	if (viewer->page == PAGE_GRAPH && viewer->at.selected)
		return graph_name(viewer->graph, viewer->at.selected);
	if (item && item->reference != GRAPH_NONE && viewer->page != PAGE_THREADS)
		return item->name;
	viewer_say(viewer, "choose a function first");
	return (struct text){"", 0};
}

static void invert(struct viewer *viewer)
{
	struct text name = graph_name(viewer->graph, viewer->at.selected);
	buffer_clear(&viewer->to_select);
	if (viewer->at.selected)
		buffer_add(&viewer->to_select, name.at, name.size);
	if (!edits_remove(&viewer->edits, EDIT_INVERT))
		edits_add(&viewer->edits, EDIT_INVERT, text_of(""));
	viewer_reset(viewer);
	viewer_rebuild(viewer);
}

static void edit_chosen(struct viewer *viewer, enum edit_kind kind)
{
	struct text name = chosen_function(viewer);
	if (!name.size)
		return;
	buffer_clear(&viewer->to_select);
	if (kind == EDIT_ONLY)
		buffer_add(&viewer->to_select, name.at, name.size);
	edits_add(&viewer->edits, kind, name);
	viewer_rebuild(viewer);
}

static void only(struct viewer *viewer)
{
	edit_chosen(viewer, EDIT_ONLY);
}

static void hide(struct viewer *viewer)
{
	edit_chosen(viewer, EDIT_HIDE);
}

static void undo(struct viewer *viewer, bool all)
{
	bool any = false;
	while (viewer->edits.count && viewer->edits.steps[viewer->edits.count - 1].kind >= EDIT_HIDE && (all || !any))
		any = edits_remove(&viewer->edits, viewer->edits.steps[viewer->edits.count - 1].kind);
	if (any)
		viewer_rebuild(viewer);
	else
		viewer_say(viewer, "nothing is hidden");
}

static void undo_last(struct viewer *viewer)
{
	undo(viewer, false);
}

static void undo_all(struct viewer *viewer)
{
	undo(viewer, true);
}

/* ---- looks ---- */

static void next_colors(struct viewer *viewer)
{
	enum color_by last = viewer->graph->old ? BY_DELTA : BY_MODULE;
	viewer->scheme.by = viewer->scheme.by == last ? BY_PALETTE : (enum color_by)(viewer->scheme.by + 1);
	viewer_say(viewer, "%s", scheme_label(&viewer->scheme));
}

static void flip(struct viewer *viewer)
{
	viewer->icicle = !viewer->icicle;
	viewer_say(viewer, viewer->icicle ? "icicle: the root is on top" : "flame: the root is below");
}

static void combine(struct viewer *viewer)
{
	viewer->separate = !viewer->separate;
	viewer_say(viewer, viewer->separate ? "narrow frames are left out" : "narrow frames are combined");
}

static void order_siblings(struct viewer *viewer)
{
	viewer->heavy_first = !viewer->heavy_first;
	viewer_say(viewer, viewer->heavy_first ? "siblings by weight" : "siblings by name");
	viewer_rebuild(viewer);
}

static void freeze(struct viewer *viewer)
{
	if (viewer->live.fd < 0)
		viewer_say(viewer, "not live (--live)");
	else
		viewer->live.frozen = !viewer->live.frozen;
}

static void search_selected(struct viewer *viewer)
{
	struct text name = chosen_function(viewer);
	struct buffer copy = {0};
	buffer_add(&copy, name.at, name.size);
	if (name.size)
		prompt_search(viewer, copy.at, true);
	buffer_free(&copy);
}

static void show_calls(struct viewer *viewer)
{
	struct text name = chosen_function(viewer);
	if (name.size)
		pages_calls(viewer, name);
}

/* ---- others ---- */

static void next_match(struct viewer *viewer)
{
	viewer_next_match(viewer, false);
}

static void previous_match(struct viewer *viewer)
{
	viewer_next_match(viewer, true);
}

static void all_functions(struct viewer *viewer)
{
	buffer_clear(&viewer->filter);
	pages_functions(viewer);
}

static void ask_search(struct viewer *viewer)
{
	prompt_open(viewer, PROMPT_SEARCH);
}

static void ask_save(struct viewer *viewer)
{
	prompt_open(viewer, PROMPT_SAVE);
}

static void redraw(struct viewer *viewer)
{
	viewer->redraw = true;
}

static void quit(struct viewer *viewer)
{
	viewer->quit = true;
}

/* ---- which key does what ---- */

struct binding {
	enum key_kind kind;
	uint32_t letter; /* K_CHARACTER */
	void (*act)(struct viewer *viewer);
};

/* In the graph. */
static const struct binding graph_keys[] = {
	{K_UP, 0, up},
	{K_DOWN, 0, down},
	{K_LEFT, 0, left},
	{K_RIGHT, 0, right},
	{K_CHARACTER, 'k', up},
	{K_CHARACTER, 'j', down},
	{K_CHARACTER, 'h', left},
	{K_CHARACTER, 'l', right},
	{K_PAGE_UP, 0, page_up},
	{K_PAGE_DOWN, 0, page_down},
	{K_CHARACTER, 'b', page_up},
	{K_CHARACTER, 'f', page_down},
	{K_WHEEL_UP, 0, wheel_up},
	{K_WHEEL_DOWN, 0, wheel_down},
	{K_HOME, 0, to_top},
	{K_END, 0, to_bottom},
	{K_CHARACTER, 'g', to_top},
	{K_CHARACTER, 'G', to_bottom},
	{K_ENTER, 0, zoom},
	{K_ESCAPE, 0, back},
	{K_BACKSPACE, 0, back},
	{K_RIGHT_CLICK, 0, back},
	{K_CHARACTER, 'r', viewer_reset},
	{K_CHARACTER, '0', viewer_reset},
	{K_CHARACTER, '/', ask_search},
	{K_CHARACTER, '#', search_selected},
	{K_CHARACTER, 'n', next_match},
	{K_CHARACTER, 'N', previous_match},
	{K_TAB, 0, all_functions},
	{K_CHARACTER, 'd', pages_details},
	{K_CHARACTER, ' ', pages_details},
	{K_NONE, 0, NULL},
};

enum { CTRL_L = 'L' - '@' };

/* Everywhere, unless the page has another use for it. */
static const struct binding common_keys[] = {
	{K_CHARACTER, 'w', show_calls},
	{K_CHARACTER, 't', pages_threads},
	{K_CHARACTER, 'i', invert},
	{K_CHARACTER, 'o', only},
	{K_CHARACTER, 'x', hide},
	{K_CHARACTER, 'u', undo_last},
	{K_CHARACTER, 'U', undo_all},
	{K_CHARACTER, 'v', flip},
	{K_CHARACTER, 'L', order_siblings},
	{K_CHARACTER, 'c', combine},
	{K_CHARACTER, 'C', next_colors},
	{K_CHARACTER, 'z', freeze},
	{K_CHARACTER, 's', ask_save},
	{K_CHARACTER, '?', pages_help},
	{K_CHARACTER, CTRL_L, redraw},
	{K_CHARACTER, 'q', quit},
	{K_NONE, 0, NULL},
};

static bool follow(struct viewer *viewer, const struct binding *bindings, struct key key)
{
	for (const struct binding *binding = bindings; binding->act; binding++)
		if (binding->kind == key.kind && binding->letter == key.character) {
			binding->act(viewer);
			return true;
		}
	return false;
}

/* ---- lists ---- */

static bool table_key(struct viewer *viewer, struct key key)
{
	if (viewer->page != PAGE_FUNCTIONS || key.kind != K_CHARACTER)
		return false;
	if (key.character == '/') {
		prompt_open(viewer, PROMPT_FILTER);
		return true;
	}
	if (key.character < '1' || key.character > '4')
		return false;
	viewer->order = (enum order)(key.character - '1');
	pages_functions(viewer);
	return true;
}

static bool closes(const struct viewer *viewer, struct key key)
{
	return key.kind == K_ESCAPE || key.kind == K_BACKSPACE || key.kind == K_TAB || key.kind == K_RIGHT_CLICK ||
	       (viewer->page == PAGE_HELP && key.kind == K_CHARACTER && key.character == '?');
}

/* False if it is none of the list's keys. */
static bool page_key(struct viewer *viewer, struct key key)
{
	size_t before = viewer->list.cursor;
	if (table_key(viewer, key))
		return true;
	if (list_key(&viewer->list, key)) {
		if (key.kind == K_CLICK && viewer->list.cursor == before) /* clicked again */
			pages_choose(viewer);
		return true;
	}
	if (key.kind == K_ENTER)
		pages_choose(viewer);
	else if (closes(viewer, key))
		pages_close(viewer);
	else if (key.kind == K_CHARACTER && key.character == '#')
		pages_show(viewer);
	else
		return false;
	return true;
}

void keys_press(struct viewer *viewer, struct key key)
{
	viewer->message[0] = '\0';
	if (viewer->prompt != PROMPT_NONE)
		prompt_key(viewer, key);
	else if (viewer->page == PAGE_GRAPH && key.kind == K_CLICK)
		click(viewer, key);
	else if (viewer->page == PAGE_GRAPH ? !follow(viewer, graph_keys, key) : !page_key(viewer, key))
		follow(viewer, common_keys, key);
}
