#include "render/geometry.h"

#include <math.h>

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
static void put_grouped(struct buffer *out, double value)
{
	char digits[TEXT_NUMBER_SIZE];
	size_t size = text_from_number(digits, value);
	for (size_t i = 0; i < size; i++) {
		buffer_add_char(out, digits[i]);
		bool all_digits = digits[i] >= '0' && digits[i] <= '9';
		if (all_digits && i + 1 < size && (size - i - 1) % 3 == 0)
			buffer_add_char(out, ',');
	}
}

/* As printf's %.2f, with a sign for what is more. */
static void put_percent(struct buffer *out, double percent)
{
	double hundredths = percent * 100, whole = floor(hundredths);
	if (percent < 0 || percent >= 1e6 || fabs(hundredths - whole - 0.5) < 1e-6) {
		buffer_add_format(out, "%.2f", percent);
		return;
	}
	unsigned long number = (unsigned long)(hundredths + 0.5);
	char text[] = {'.', (char)('0' + number / 10 % 10), (char)('0' + number % 10), '%'};
	char digits[TEXT_NUMBER_SIZE];
	buffer_add(out, digits, text_from_number(digits, (double)(number / 100)));
	buffer_add(out, text, 3);
}

void frame_numbers(
	const struct flame *flame, const struct view *view, const struct flame_frame *frame, struct buffer *out)
{
	double count = rint((frame->end - frame->start) * view->factor), whole = flame->total * view->factor;
	put_grouped(out, count);
	buffer_add_char(out, ' ');
	buffer_add_string(out, view->count_name);
	buffer_add_string(out, ", ");
	if (frame->depth == 0) {
		buffer_add_string(out, "100%");
		return;
	}
	put_percent(out, whole > 0 ? 100 * count / whole : 0);
	buffer_add_char(out, '%');
	if (frame->compared) {
		double delta = view->negate ? -frame->delta : frame->delta;
		double percent = whole > 0 ? 100 * delta / whole : 0; /* not times factor: as flamegraph.pl */
		buffer_add_string(out, percent > 0 ? "; +" : "; ");
		put_percent(out, percent);
		buffer_add_char(out, '%');
	}
}

void left_out_text(const struct flame *flame, struct buffer *out)
{
	if (flame->narrow)
		buffer_add_format(out, "%llu frames are too narrow to be shown", (unsigned long long)flame->narrow);
	if (flame->deep)
		buffer_add_format(out, "%s%llu are deeper than --max-depth", flame->narrow ? ", " : "",
			(unsigned long long)flame->deep);
}
