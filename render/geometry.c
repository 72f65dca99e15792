#include "render/geometry.h"

#include <math.h>
#include <stdio.h>

#include "render/palette_map.h"

struct geometry geometry_of(const struct flame *flame, const struct view *view)
{
	double font = view->font_size;
	double above = 3 * font, below = 2 * font + 10, between = view->subtitle ? 2 * font : 0;
	struct geometry geometry = {.width = view->width, .title_y = 2 * font, .subtitle_y = 4 * font};
	geometry.height = (flame->depth_max + 1.0) * view->frame_height + above + below + between;
	geometry.top = above + between;
	geometry.bottom = geometry.height - below;
	geometry.details_y = geometry.height - below / 2;
	geometry.px_per_count = flame->total > 0 ? (view->width - 2 * SIDE_MARGIN) / flame->total : 0;
	return geometry;
}

struct box geometry_box(const struct geometry *geometry, const struct view *view, const struct flame_frame *frame)
{
	struct box box = {.x1 = SIDE_MARGIN + frame->start * geometry->px_per_count,
		.x2 = SIDE_MARGIN + frame->end * geometry->px_per_count};
	if (view->inverted) {
		box.y1 = geometry->top + frame->depth * view->frame_height;
		box.y2 = geometry->top + (frame->depth + 1.0) * view->frame_height - 1;
	} else {
		box.y1 = geometry->bottom - (frame->depth + 1.0) * view->frame_height + 1;
		box.y2 = geometry->bottom - frame->depth * view->frame_height;
	}
	return box;
}

struct text frame_label(struct text name)
{
	if (name.size >= 4 && memcmp(name.at + name.size - 4, "_[", 2) == 0 && name.at[name.size - 1] == ']' &&
		strchr("kwij", name.at[name.size - 2]) && name.at[name.size - 2])
		name.size -= 4;
	return name;
}

struct color frame_color(const struct flame *flame, const struct view *view, const struct flame_frame *frame)
{
	bool separator = text_is(frame->name, "--") || text_is(frame->name, "-");
	if (view->coloring.by_width && !separator)
		return palette_width_color(flame->total > 0 ? (frame->end - frame->start) / flame->total : 0);
	if (frame->compared && !separator)
		return palette_delta_color(view->negate ? -frame->delta : frame->delta, flame->max_delta);
	struct color color = palette_color(&view->coloring, frame->name);
	return view->palette_map && !separator ? palette_map_color(view->palette_map, frame->name, color) : color;
}

/* A whole number with commas: 1234567 -> 1,234,567 */
size_t frame_count(const struct view *view, const struct flame_frame *frame, char out[FRAME_NUMBERS_SIZE])
{
	char digits[TEXT_NUMBER_SIZE];
	size_t size = text_from_number(digits, rint((frame->end - frame->start) * view->factor)), used = 0;
	if (size <= 3) {
		memcpy(out, digits, 3);
		return size;
	}
	for (size_t i = 0; i < size; i++) {
		out[used++] = digits[i];
		bool is_digit = digits[i] >= '0' && digits[i] <= '9';
		if (is_digit && i + 1 < size && (size - i - 1) % 3 == 0)
			out[used++] = ',';
	}
	return used;
}

/* As printf's "%.2f%%", at most 50 characters. */
static size_t put_percent(char *out, double percent)
{
	double hundredths = percent * 100;
	if (!(hundredths >= 0 && hundredths < 1e8) || fabs(hundredths - (double)(int)hundredths - 0.5) < 1e-6)
		return (size_t)snprintf(out, 50, "%.2f%%", percent);
	unsigned number = (unsigned)(hundredths + 0.5);
	size_t size = text_from_integer(out, number / 100);
	out[size++] = '.';
	out[size++] = (char)('0' + number / 10 % 10);
	out[size++] = (char)('0' + number % 10);
	out[size++] = '%';
	return size;
}

size_t frame_share(const struct flame *flame, const struct view *view, const struct flame_frame *frame,
	char out[FRAME_NUMBERS_SIZE])
{
	double count = rint((frame->end - frame->start) * view->factor), whole = flame->total * view->factor;
	if (frame->depth == 0) {
		memcpy(out, "100%", 4);
		return 4;
	}
	size_t size = put_percent(out, whole > 0 ? (count < 1e300 ? 100 * count / whole : 100 * (count / whole)) : 0);
	if (frame->compared) {
		double delta = view->negate ? -frame->delta : frame->delta;
		double percent = whole > 0 ? 100 * delta / whole : 0; /* not times factor: as flamegraph.pl */
		out[size++] = ';';
		out[size++] = ' ';
		if (percent > 0)
			out[size++] = '+';
		size += put_percent(out + size, percent);
	}
	return size;
}

void left_out_text(const struct flame *flame, struct buffer *out)
{
	if (flame->narrow)
		buffer_add_format(out, "%llu frame%s too narrow to be shown, with all above %s",
			(unsigned long long)flame->narrow, flame->narrow == 1 ? " is" : "s are",
			flame->narrow == 1 ? "it" : "them");
	if (flame->deep)
		buffer_add_format(out, "%s%llu are deeper than --max-depth", flame->narrow ? ", " : "",
			(unsigned long long)flame->deep);
}
