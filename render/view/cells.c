#include "render/view/cells.h"

#include <stdlib.h>
#include <wchar.h>

#include "common/mem.h"

bool cells_utf8 = true;

void cells_resize(struct cells *cells, int width, int height)
{
	cells->width = width > 1 ? width : 1;
	cells->height = height > 1 ? height : 1;
	cells->at = mem_resize(cells->at, (size_t)cells->width * (size_t)cells->height, sizeof *cells->at);
	cells_clear(cells);
}

static const struct cell blank = {.bytes = " ", .size = 1};

void cells_clear(struct cells *cells)
{
	for (size_t i = 0; i < (size_t)cells->width * (size_t)cells->height; i++)
		cells->at[i] = blank;
}

void cells_free(struct cells *cells)
{
	free(cells->at);
	*cells = (struct cells){0};
}

struct cell *cells_at(struct cells *cells, int y, int x)
{
	if (x < 0 || y < 0 || x >= cells->width || y >= cells->height)
		return NULL;
	return &cells->at[(size_t)y * (size_t)cells->width + (size_t)x];
}

void cells_put(struct cells *cells, int y, int x, const char *character, struct style style)
{
	struct cell *cell = cells_at(cells, y, x);
	if (!cell)
		return;
	*cell = blank;
	cell->size = (uint8_t)strnlen(character, CELL_BYTES);
	memcpy(cell->bytes, character, cell->size);
	cell->style = style;
}

void cells_fill(struct cells *cells, int y, int x, int end, struct style style)
{
	for (x = x > 0 ? x : 0; x < end && x < cells->width; x++)
		cells_put(cells, y, x, " ", style);
}

/* ---- text ---- */

/* Direction marks, joiners and tags change how others are shown: they are not let through. */
static bool is_format(uint32_t code)
{
	return code == 0xAD || code == 0x61C || (code >= 0x200B && code <= 0x200F) ||
	       (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
	       (code >= 0xFFF9 && code <= 0xFFFB) || (code >= 0xE0000 && code <= 0xE007F);
}

/* The next character as it may be shown, and its columns (0: combines with the one before). */
static uint32_t next_shown(const char **at, const char *end, int *columns)
{
	uint32_t code = utf8_next(at, end);
	if (code == '\t')
		code = ' ';
	if (code < 0x20 || (code >= 0x7F && code < 0xA0) || is_format(code))
		code = 0xFFFD;
	if (!cells_utf8 && code >= 0x7F)
		code = '?';
	*columns = code < 0x7F ? 1 : wcwidth((wchar_t)code);
	if (*columns < 0) {
		code = 0xFFFD;
		*columns = 1;
	}
	return code;
}

size_t text_columns(struct text text)
{
	const char *at = text.at, *end = text.at + text.size;
	size_t sum = 0;
	int columns;
	while (at < end) {
		next_shown(&at, end, &columns);
		sum += (size_t)columns;
	}
	return sum;
}

size_t text_fit(struct text text, size_t room, size_t *columns)
{
	const char *at = text.at, *end = text.at + text.size;
	*columns = 0;
	while (at < end) {
		const char *before = at;
		int more;
		next_shown(&at, end, &more);
		if (*columns + (size_t)more > room && before > text.at)
			return (size_t)(before - text.at);
		*columns += (size_t)more;
	}
	return text.size;
}

/* A mark that combines with the character before it; dropped if the cell is full. */
static void combine(struct cells *cells, int y, int x, const char *bytes, size_t size)
{
	struct cell *cell = cells_at(cells, y, x);
	if (cell && cell->size == 0)
		cell = cells_at(cells, y, x - 1);
	if (!cell || cell->size + size > CELL_BYTES)
		return;
	memcpy(cell->bytes + cell->size, bytes, size);
	cell->size = (uint8_t)(cell->size + size);
}

static int put_all(struct cells *cells, int y, int x, struct text text, struct style style)
{
	const char *at = text.at, *end = text.at + text.size;
	int start = x, columns;
	while (at < end) {
		char bytes[5] = {0};
		size_t size = utf8_put(bytes, next_shown(&at, end, &columns));
		if (columns == 0 && x > start)
			combine(cells, y, x - 1, bytes, size);
		if (columns > 0)
			cells_put(cells, y, x, bytes, style);
		if (columns == 2)
			cells_put(cells, y, x + 1, "", style);
		x += columns;
	}
	return x;
}

int cells_text(struct cells *cells, int y, int x, int end, struct text text, struct style style)
{
	size_t columns;
	if (end > cells->width)
		end = cells->width;
	if (x >= end || y < 0 || y >= cells->height)
		return x;
	size_t room = (size_t)(end - x), fits = text_fit(text, room, &columns);
	if (fits == text.size && columns <= room)
		return put_all(cells, y, x, text, style);
	if (room > 1) {
		fits = text_fit(text, room - 1, &columns);
		if (columns <= room - 1)
			x = put_all(cells, y, x, (struct text){text.at, fits}, style);
	}
	cells_put(cells, y, x, cells_utf8 ? "…" : "~", style);
	return x + 1;
}

int cells_string(struct cells *cells, int y, int x, int end, const char *string, struct style style)
{
	return cells_text(cells, y, x, end, text_of(string), style);
}
