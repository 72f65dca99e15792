#include "render/view/list.h"

#include <stdlib.h>

#include "common/mem.h"
#include "render/view/numbers.h"

enum { LEAST_COUNT_COLUMNS = 9, SHARE_COLUMNS = 9 };

void list_clear(struct list *list, const char *title, double whole)
{
	struct item *items = list->items;
	size_t capacity = list->capacity;
	*list = (struct list){.title = title, .items = items, .capacity = capacity, .whole = whole, .lines = 1};
}

void list_add(struct list *list, struct item item)
{
	list->items = mem_grow(list->items, &list->capacity, list->count + 1, sizeof *list->items);
	list->items[list->count++] = item;
}

void list_free(struct list *list)
{
	free(list->items);
	*list = (struct list){0};
}

/* ---- drawing ---- */

/* The widest count is the whole, with two blanks before it. */
static int count_columns(const struct list *list)
{
	struct buffer text = {0};
	put_count(&text, list->whole);
	int columns = (int)text.size + 2;
	buffer_free(&text);
	return columns > LEAST_COUNT_COLUMNS ? columns : LEAST_COUNT_COLUMNS;
}

static int put_right(struct cells *cells, int y, int x, int columns, const struct buffer *text, struct style style)
{
	int start = x + columns - (int)text->size;
	cells_text(cells, y, start > x ? start : x, x + columns, buffer_text(text), style);
	return x + columns;
}

/* A count and its share of the whole. */
static int put_pair(const struct list *list, struct cells *cells, int y, int x, double count, struct style style)
{
	struct buffer text = {0};
	if (count == 0 && !style.attributes)
		style.attributes = CELL_DIM;
	put_count(&text, count);
	x = put_right(cells, y, x, count_columns(list), &text, style);
	buffer_clear(&text);
	put_share(&text, count, list->whole);
	x = put_right(cells, y, x, SHARE_COLUMNS, &text, style);
	buffer_free(&text);
	return x;
}

static int put_delta(const struct list *list, struct cells *cells, int y, int x, double change, struct style style)
{
	struct buffer text = {0};
	put_change(&text, change);
	x = put_right(cells, y, x, count_columns(list) + 1, &text, style);
	buffer_free(&text);
	return x;
}

static void draw_item(const struct list *list, struct cells *cells, int y, const struct item *item, bool chosen)
{
	struct style style = {.attributes = chosen ? CELL_REVERSE : 0};
	int x = 1;
	cells_fill(cells, y, 0, cells->width, style);
	if (item->kind == ITEM_HEADING)
		style.attributes |= CELL_BOLD;
	if (item->kind == ITEM_VALUE) {
		x = put_pair(list, cells, y, 0, item->total, style);
		if (list->with_self)
			x = put_pair(list, cells, y, x, item->self, style);
		if (list->compares)
			x = put_delta(list, cells, y, x, item->total - item->old, style);
		x += 2;
	}
	cells_text(cells, y, x, cells->width, item->name, style);
}

static void draw_title(const struct list *list, struct cells *cells, int y)
{
	struct style style = {.attributes = CELL_BOLD | CELL_UNDERLINE};
	int x = 0;
	cells_fill(cells, y, 0, cells->width, style);
	bool values = list->count && list->items[list->count - 1].kind == ITEM_VALUE;
	if (values) {
		int pair = count_columns(list) + SHARE_COLUMNS;
		x = pair;
		cells_string(cells, y, x - 5, x, "total", style);
		if (list->with_self) {
			x += pair;
			cells_string(cells, y, x - 4, x, "self", style);
		}
		if (list->compares) {
			x += count_columns(list) + 1;
			cells_string(cells, y, x - 6, x, "change", style);
		}
		x++;
	}
	cells_string(cells, y, x + 1, cells->width, list->title, style);
}

static void keep_cursor_shown(struct list *list)
{
	size_t lines = (size_t)list->lines;
	if (list->cursor >= list->count)
		list->cursor = list->count ? list->count - 1 : 0;
	if (list->cursor < list->top)
		list->top = list->cursor;
	if (list->cursor >= list->top + lines)
		list->top = list->cursor - lines + 1;
}

void list_draw(struct list *list, struct cells *cells, int y, int end)
{
	draw_title(list, cells, y);
	list->first_y = y + 1;
	list->lines = end - list->first_y > 1 ? end - list->first_y : 1;
	keep_cursor_shown(list);
	for (size_t i = list->top; i < list->count && i < list->top + (size_t)list->lines; i++)
		draw_item(list, cells, list->first_y + (int)(i - list->top), &list->items[i],
			i == list->cursor && !list->is_text);
	if (!list->count)
		cells_string(
			cells, list->first_y, 1, cells->width, "(nothing)", (struct style){.attributes = CELL_DIM});
}

/* ---- keys ---- */

static void move(struct list *list, long by)
{
	size_t from = !list->is_text ? list->cursor : by < 0 ? list->top : list->top + (size_t)list->lines - 1;
	long to = (long)from + by, last = (long)list->count - 1;
	list->cursor = (size_t)(to > last ? (last > 0 ? last : 0) : to < 0 ? 0 : to);
}

static void click(struct list *list, struct key key)
{
	size_t at = list->top + (size_t)(key.y - list->first_y);
	if (key.y >= list->first_y && key.y < list->first_y + list->lines && at < list->count)
		list->cursor = at;
}

static bool move_by_letter(struct list *list, uint32_t letter)
{
	static const struct {
		char letter;
		int lines, pages;
	} moves[] = {{'j', 1, 0}, {'k', -1, 0}, {'f', 0, 1}, {'b', 0, -1}};
	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
		if (letter == (unsigned char)moves[i].letter) {
			move(list, moves[i].lines + (long)moves[i].pages * list->lines);
			return true;
		}
	if (letter != 'g' && letter != 'G')
		return false;
	list->cursor = letter == 'g' || !list->count ? 0 : list->count - 1;
	return true;
}

bool list_key(struct list *list, struct key key)
{
	switch (key.kind) {
	case K_UP:
		move(list, -1);
		break;
	case K_DOWN:
		move(list, 1);
		break;
	case K_WHEEL_UP:
		move(list, -3);
		break;
	case K_WHEEL_DOWN:
		move(list, 3);
		break;
	case K_PAGE_UP:
		move(list, -list->lines);
		break;
	case K_PAGE_DOWN:
		move(list, list->lines);
		break;
	case K_HOME:
		list->cursor = 0;
		break;
	case K_END:
		list->cursor = list->count ? list->count - 1 : 0;
		break;
	case K_CLICK:
		click(list, key);
		break;
	case K_CHARACTER:
		return move_by_letter(list, key.character);
	default:
		return false;
	}
	return true;
}

const struct item *list_chosen(const struct list *list)
{
	if (list->cursor >= list->count || list->items[list->cursor].kind != ITEM_VALUE)
		return NULL;
	return &list->items[list->cursor];
}
