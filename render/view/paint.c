#include "render/view/paint.h"

#include <stdlib.h>

/* ---- what the terminal can do ---- */

const char *const paint_depth_names[] = {"none", "16", "256", "24bit", NULL};

enum color_depth paint_depth_of(const char *name)
{
	int depth = DEPTH_NONE;
	while (strcmp(paint_depth_names[depth], name) != 0)
		depth++;
	return (enum color_depth)depth;
}

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);
	return value && *value;
}

enum color_depth paint_depth(int colors)
{
	const char *term = getenv("TERM"), *color_term = getenv("COLORTERM");
	if (is_set("NO_COLOR"))
		return DEPTH_NONE;
	if (color_term && (strcmp(color_term, "truecolor") == 0 || strcmp(color_term, "24bit") == 0))
		return DEPTH_TRUE;
	if (colors > 256 || (term && text_ends(text_of(term), "-direct")))
		return DEPTH_TRUE;
	if (colors >= 256 || (term && strstr(term, "256color")))
		return DEPTH_256;
	return colors >= 8 ? DEPTH_16 : DEPTH_NONE;
}

/* ---- colours ---- */

static int distance(struct color a, struct color b)
{
	int r = a.r - b.r, g = a.g - b.g, blue = a.b - b.b;
	return 3 * r * r + 6 * g * g + 2 * blue * blue; /* about as the eye sees it */
}

/* The 6 x 6 x 6 cube of xterm's 256 colours, or its ramp of greys, whatever is nearer. */
static int color_256(struct color color)
{
	static const uint8_t steps[] = {0, 95, 135, 175, 215, 255};
	const uint8_t parts[] = {color.r, color.g, color.b};
	int near[3];
	for (int i = 0; i < 3; i++) {
		near[i] = 0;
		for (int s = 1; s < 6; s++)
			if (abs(parts[i] - steps[s]) < abs(parts[i] - steps[near[i]]))
				near[i] = s;
	}
	int grey = ((color.r + color.g + color.b) / 3 - 3) / 10;
	grey = grey < 0 ? 0 : grey > 23 ? 23 : grey;
	uint8_t level = (uint8_t)(8 + 10 * grey);
	struct color cube = {steps[near[0]], steps[near[1]], steps[near[2]]}, ramp = {level, level, level};
	if (distance(color, ramp) < distance(color, cube))
		return 232 + grey;
	return 16 + 36 * near[0] + 6 * near[1] + near[2];
}

/* xterm's own values of the 16 colours; terminals differ. */
static int color_16(struct color color)
{
	static const struct color colors[16] = {{0, 0, 0}, {205, 0, 0}, {0, 205, 0}, {205, 205, 0}, {0, 0, 238},
		{205, 0, 205}, {0, 205, 205}, {229, 229, 229}, {127, 127, 127}, {255, 0, 0}, {0, 255, 0}, {255, 255, 0},
		{92, 92, 255}, {255, 0, 255}, {0, 255, 255}, {255, 255, 255}};
	int best = 0;
	for (int i = 1; i < 16; i++)
		if (distance(color, colors[i]) < distance(color, colors[best]))
			best = i;
	return best;
}

static void add_color(struct buffer *out, struct color color, bool paper, enum color_depth depth)
{
	int index;
	switch (depth) {
	case DEPTH_TRUE:
		buffer_add_format(out, ";%d;2;%d;%d;%d", paper ? 48 : 38, color.r, color.g, color.b);
		break;
	case DEPTH_256:
		buffer_add_format(out, ";%d;5;%d", paper ? 48 : 38, color_256(color));
		break;
	case DEPTH_16:
		index = color_16(color);
		buffer_add_format(out, ";%d", (index < 8 ? 30 + index : 82 + index) + (paper ? 10 : 0));
		break;
	case DEPTH_NONE:
		break;
	}
}

void paint_style(struct buffer *out, struct style style, enum color_depth depth)
{
	static const struct {
		uint8_t attribute, code;
	} codes[] = {{CELL_BOLD, 1}, {CELL_DIM, 2}, {CELL_UNDERLINE, 4}, {CELL_REVERSE, 7}};
	buffer_add_string(out, "\033[0");
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (style.attributes & codes[i].attribute)
			buffer_add_format(out, ";%d", codes[i].code);
	if (style.has_ink)
		add_color(out, style.ink, false, depth);
	if (style.has_paper)
		add_color(out, style.paper, true, depth);
	buffer_add_char(out, 'm');
}

/* ---- cells ---- */

static bool same_style(struct style a, struct style b)
{
	if (a.has_ink != b.has_ink || a.has_paper != b.has_paper || a.attributes != b.attributes)
		return false;
	return (!a.has_ink || memcmp(&a.ink, &b.ink, sizeof a.ink) == 0) &&
	       (!a.has_paper || memcmp(&a.paper, &b.paper, sizeof a.paper) == 0);
}

static bool same_cell(const struct cell *a, const struct cell *b)
{
	return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0 && same_style(a->style, b->style);
}

static const struct cell *row_of(const struct cells *cells, int y)
{
	return cells->at + (size_t)y * (size_t)cells->width;
}

void paint_line(struct buffer *out, const struct cells *cells, int y, enum color_depth depth)
{
	const struct cell *row = row_of(cells, y);
	int end = cells->width;
	struct style now = {0};
	while (end > 0 && row[end - 1].size == 1 && row[end - 1].bytes[0] == ' ' && !row[end - 1].style.has_paper)
		end--;
	for (int x = 0; x < end; x++) {
		if (depth != DEPTH_NONE && !same_style(row[x].style, now))
			paint_style(out, now = row[x].style, depth);
		buffer_add(out, row[x].bytes, row[x].size);
	}
	if (!same_style(now, (struct style){0}))
		buffer_add_string(out, "\033[0m");
	buffer_add_char(out, '\n');
}

/* A wide character and the empty cell behind it change together. */
static bool changed(const struct cell *now, const struct cell *before, int x, int width)
{
	if (!same_cell(&now[x], &before[x]))
		return true;
	if (x + 1 < width && (now[x + 1].size == 0 || before[x + 1].size == 0) &&
		!same_cell(&now[x + 1], &before[x + 1]))
		return true;
	return now[x].size == 0 && x > 0 && !same_cell(&now[x - 1], &before[x - 1]);
}

void paint_changes(
	struct buffer *out, const struct cells *cells, const struct cells *shown, bool all, enum color_depth depth)
{
	struct style now = {0};
	buffer_add_string(out, "\033[0m");
	for (int y = 0; y < cells->height; y++) {
		const struct cell *row = row_of(cells, y), *before = row_of(shown, y);
		int cursor = -1;
		for (int x = 0; x < cells->width; x++) {
			if (!all && !changed(row, before, x, cells->width))
				continue;
			if (cursor != x)
				buffer_add_format(out, "\033[%d;%dH", y + 1, x + 1);
			if (!same_style(row[x].style, now))
				paint_style(out, now = row[x].style, depth);
			buffer_add(out, row[x].bytes, row[x].size);
			cursor = x + 1;
		}
	}
	buffer_add_string(out, "\033[0m");
}
