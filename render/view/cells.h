/* A grid of character cells in memory, and text made fit for it: what names hold can never reach the terminal as
 * anything but a printable character. */
#ifndef RENDER_VIEW_CELLS_H
#define RENDER_VIEW_CELLS_H

#include "common/text.h"
#include "render/palette.h"

enum cell_attributes { CELL_BOLD = 1, CELL_DIM = 2, CELL_REVERSE = 4, CELL_UNDERLINE = 8 };

/* Colours count only if they are set; else it is the terminal's own. */
struct style {
	struct color ink, paper;
	bool has_ink, has_paper;
	uint8_t attributes;
};

/* Some UTF-8 bytes: a character and marks combined with it. A wide one has an empty cell (size 0) behind it. */
enum { CELL_BYTES = 12 };
struct cell {
	char bytes[CELL_BYTES];
	uint8_t size;
	struct style style;
};

struct cells {
	int width, height;
	struct cell *at; /* row by row */
};

/* Makes it that large, at least 1 x 1, and empty. All zero is the start; the memory is the grid's. */
void cells_resize(struct cells *cells, int width, int height);
/* Makes all cells blank. */
void cells_clear(struct cells *cells);
void cells_free(struct cells *cells);

/* NULL outside of the grid. */
struct cell *cells_at(struct cells *cells, int y, int x);

/* Blanks (columns x to end, without end) in that style. All that falls outside of the grid is cut, here and below. */
void cells_fill(struct cells *cells, int y, int x, int end, struct style style);
/* One character of ours. */
void cells_put(struct cells *cells, int y, int x, const char *character, struct style style);
/* The text from column x on, not beyond `end`; what does not fit is cut and ends in "…". Returns the column behind. */
int cells_text(struct cells *cells, int y, int x, int end, struct text text, struct style style);
int cells_string(struct cells *cells, int y, int x, int end, const char *string, struct style style);

/* Columns the text takes. */
size_t text_columns(struct text text);
/* How many of its bytes fit into so many columns (at least one character, so that loops end); *columns is what they
 * take. */
size_t text_fit(struct text text, size_t room, size_t *columns);

/* False: the terminal knows ASCII only (the locale is not UTF-8), other characters are shown as '?'. Set once. */
extern bool cells_utf8;

#endif
