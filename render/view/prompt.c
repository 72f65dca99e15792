#include "render/view/prompt.h"

#include <stdio.h>

#include "render/view/pages.h"

void prompt_open(struct viewer *viewer, enum prompt prompt)
{
	viewer->prompt = prompt;
	buffer_clear(&viewer->typed);
	if (prompt == PROMPT_FILTER)
		buffer_add(&viewer->typed, buffer_text(&viewer->filter).at, viewer->filter.size);
}

void prompt_search(struct viewer *viewer, const char *pattern, bool exact)
{
	struct search *search = &viewer->search;
	char why[300];
	if (!search_set(search, pattern, exact, why, sizeof why)) {
		viewer_say(viewer, "%s: %s", pattern, why);
		return;
	}
	search_graph(search, viewer->graph);
	search_weigh(search, viewer->graph, viewer->at.zoom);
	if (search->pattern && !search_hits(search, viewer->graph, viewer->at.selected))
		viewer_next_match(viewer, false);
}

static void save(struct viewer *viewer, const char *path)
{
	char why[400];
	if (save_start(&viewer->save, viewer->graph, viewer->at.zoom, path, &viewer->scheme, viewer->icicle,
		    viewer->title, why, sizeof why))
		viewer_say(viewer, "saving %s ...", path);
	else
		viewer_say(viewer, "%s", why);
}

static void filter(struct viewer *viewer)
{
	buffer_clear(&viewer->filter);
	buffer_add(&viewer->filter, buffer_text(&viewer->typed).at, viewer->typed.size);
	pages_functions(viewer);
}

static void finish(struct viewer *viewer)
{
	enum prompt prompt = viewer->prompt;
	const char *typed = buffer_text(&viewer->typed).at;
	viewer->prompt = PROMPT_NONE;
	if (prompt == PROMPT_SEARCH)
		prompt_search(viewer, typed, false);
	else if (prompt == PROMPT_SAVE && *typed)
		save(viewer, typed);
}

static void erase_last(struct buffer *typed)
{
	while (typed->size && ((unsigned char)typed->at[typed->size - 1] & 0xC0) == 0x80)
		typed->at[--typed->size] = '\0';
	if (typed->size)
		typed->at[--typed->size] = '\0';
}

static void type(struct buffer *typed, uint32_t character)
{
	enum { CTRL_U = 'U' - '@' };
	char bytes[4];
	if (character == CTRL_U)
		buffer_clear(typed);
	else if (character >= ' ')
		buffer_add(typed, bytes, utf8_put(bytes, character));
}

void prompt_key(struct viewer *viewer, struct key key)
{
	switch (key.kind) {
	case K_ENTER:
		finish(viewer);
		return;
	case K_ESCAPE:
		viewer->prompt = PROMPT_NONE;
		return;
	case K_BACKSPACE:
		erase_last(&viewer->typed);
		break;
	case K_CHARACTER:
		type(&viewer->typed, key.character);
		break;
	default:
		return;
	}
	if (viewer->prompt == PROMPT_FILTER)
		filter(viewer); /* the table follows while it is typed */
}
