/* A list over the whole window with a cursor: functions, combined frames, threads, callers, help. */
#ifndef RENDER_VIEW_LIST_H
#define RENDER_VIEW_LIST_H

#include "render/view/cells.h"
#include "render/view/terminal.h"

enum item_kind {
	ITEM_VALUE,   /* a function or frame with its numbers: can be chosen */
	ITEM_LINE,    /* just text */
	ITEM_HEADING, /* text that stands out */
};

struct item {
	enum item_kind kind;
	struct text name;   /* must outlive the item */
	double total, self; /* self is shown if the list has it */
	double old;         /* total before, if the list compares */
	uint32_t reference; /* what it stands for: a node, a name */
};

struct list {
	const char *title;
	struct item *items;
	size_t count, capacity;
	size_t cursor, top; /* the chosen item, the first one shown */
	bool with_self, compares;
	bool is_text; /* no item can be chosen: keys scroll */
	double whole; /* of which shares are told */
	int lines;    /* shown at once, set by drawing */
	int first_y;  /* where item `top` stands, set by drawing */
};

/* Empties it, with the cursor at the start; keeps its memory. */
void list_clear(struct list *list, const char *title, double whole);
void list_add(struct list *list, struct item item);
void list_free(struct list *list);
/* Draws it on the lines [y, end). */
void list_draw(struct list *list, struct cells *cells, int y, int end);
/* Moves the cursor if the key does that. */
bool list_key(struct list *list, struct key key);
/* The chosen item, NULL if it is no ITEM_VALUE. */
const struct item *list_chosen(const struct list *list);

#endif
