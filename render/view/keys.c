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
static int away(const struct viewer *viewer, bool up)
{
	return up == viewer->icicle ? -1 : 1;
}

static void page(struct viewer *viewer, bool up, long lines)
{
	viewer_scroll(viewer, away(viewer, up) * lines);
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

/* ---- letters ---- */

static void graph_letter(struct viewer *viewer, uint32_t letter)
{
	long rows = viewer_rows(viewer);
	switch (letter) {
	case 'h':
		viewer_move_along(viewer, -1);
		break;
	case 'l':
		viewer_move_along(viewer, 1);
		break;
	case 'k':
		viewer_move_depth(viewer, away(viewer, true));
		break;
	case 'j':
		viewer_move_depth(viewer, away(viewer, false));
		break;
	case 'f':
		page(viewer, false, rows);
		break;
	case 'b':
		page(viewer, true, rows);
		break;
	case 'g':
		page(viewer, true, UINT32_MAX);
		break;
	case 'G':
		page(viewer, false, UINT32_MAX);
		break;
	case 'r':
	case '0':
		viewer_reset(viewer);
		break;
	case '#':
		search_selected(viewer);
		break;
	case '/':
		prompt_open(viewer, PROMPT_SEARCH);
		break;
	case 'n':
		viewer_next_match(viewer, false);
		break;
	case 'N':
		viewer_next_match(viewer, true);
		break;
	case 'd':
	case ' ':
		pages_details(viewer);
		break;
	}
}

/* Letters that do the same everywhere; false if it is none of them. */
static bool common_letter(struct viewer *viewer, uint32_t letter)
{
	enum { CTRL_L = 'L' - '@' };
	switch (letter) {
	case 'q':
		viewer->quit = true;
		break;
	case 'w':
		show_calls(viewer);
		break;
	case 't':
		pages_threads(viewer);
		break;
	case 'i':
		invert(viewer);
		break;
	case 'v':
		flip(viewer);
		break;
	case 'o':
		edit_chosen(viewer, EDIT_ONLY);
		break;
	case 'x':
		edit_chosen(viewer, EDIT_HIDE);
		break;
	case 'u':
		undo(viewer, false);
		break;
	case 'U':
		undo(viewer, true);
		break;
	case 'L':
		order_siblings(viewer);
		break;
	case 'c':
		combine(viewer);
		break;
	case 'C':
		next_colors(viewer);
		break;
	case 'z':
		freeze(viewer);
		break;
	case 's':
		prompt_open(viewer, PROMPT_SAVE);
		break;
	case '?':
		pages_help(viewer);
		break;
	case CTRL_L:
		viewer->redraw = true;
		break;
	default:
		return false;
	}
	return true;
}

/* ---- pages ---- */

static void graph_key(struct viewer *viewer, struct key key)
{
	switch (key.kind) {
	case K_UP:
	case K_DOWN:
		viewer_move_depth(viewer, away(viewer, key.kind == K_UP));
		break;
	case K_LEFT:
	case K_RIGHT:
		viewer_move_along(viewer, key.kind == K_LEFT ? -1 : 1);
		break;
	case K_PAGE_UP:
	case K_PAGE_DOWN:
		page(viewer, key.kind == K_PAGE_UP, viewer_rows(viewer));
		break;
	case K_WHEEL_UP:
	case K_WHEEL_DOWN:
		page(viewer, key.kind == K_WHEEL_UP, 3);
		break;
	case K_HOME:
	case K_END:
		page(viewer, key.kind == K_HOME, UINT32_MAX);
		break;
	case K_ENTER:
		zoom(viewer);
		break;
	case K_ESCAPE:
	case K_BACKSPACE:
	case K_RIGHT_CLICK:
		back(viewer);
		break;
	case K_CLICK:
		click(viewer, key);
		break;
	case K_TAB:
		pages_functions(viewer);
		break;
	case K_CHARACTER:
		graph_letter(viewer, key.character);
		break;
	default:
		break;
	}
}

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

static void page_key(struct viewer *viewer, struct key key)
{
	size_t before = viewer->list.cursor;
	bool click_again = key.kind == K_CLICK && list_key(&viewer->list, key) && viewer->list.cursor == before;
	if (table_key(viewer, key) || (key.kind != K_CLICK && list_key(&viewer->list, key)))
		return;
	bool closes = key.kind == K_ESCAPE || key.kind == K_BACKSPACE || key.kind == K_TAB || key.kind == K_RIGHT_CLICK;
	if (key.kind == K_ENTER || click_again)
		pages_choose(viewer);
	else if (closes || (viewer->page == PAGE_HELP && key.character == '?'))
		pages_close(viewer);
	else if (key.kind == K_CHARACTER && key.character == '#')
		pages_show(viewer);
}

void keys_press(struct viewer *viewer, struct key key)
{
	viewer->message[0] = '\0';
	if (viewer->prompt != PROMPT_NONE)
		prompt_key(viewer, key);
	else if (key.kind == K_CHARACTER && common_letter(viewer, key.character))
		return;
	else if (viewer->page == PAGE_GRAPH)
		graph_key(viewer, key);
	else
		page_key(viewer, key);
}
