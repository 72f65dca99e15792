#include "render/report/pdf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/source.h"
#include "render/draw.h"
#include "render/report/files.h"
#include "render/report/load.h"
#include "render/report/page.h"
#include "render/report/paper.h"
#include "render/report/pictures.h"
#include "render/report/summary.h"

enum { CONTENT = PAPER_WIDTH - 2 * PAPER_MARGIN };      /* points */
enum { LARGE = 24, MIDDLE = 14, SMALL = 9, LINE = 14 }; /* points: letters, and a line of small ones */
enum { MOST_FAULTS = 20, TOP_FUNCTIONS = 12, GRAPH_ROWS = 60, GRAPH_HEIGHT = 290 }; /* the last in points */

/* A column of a table. */
struct column {
	const char *title;
	double x, width; /* points from the margin */
	bool right;
};

static void put_cell(struct paper *paper, const struct column *column, struct text text)
{
	paper_text(paper, text, PAPER_MARGIN + column->x, column->width, SMALL, column->right);
}

static void put_format(struct paper *paper, const struct column *column, const char *format, double value)
{
	char text[64];
	int size = snprintf(text, sizeof text, format, value);
	put_cell(paper, column, (struct text){text, (size_t)size});
}

static void put_weight(struct paper *paper, const struct settings *settings, const struct column *column, double weight)
{
	struct buffer text = {0};
	page_weight_text(&text, settings, weight);
	put_cell(paper, column, buffer_text(&text));
	buffer_free(&text);
}

static void put_titles(struct paper *paper, const struct column *columns, size_t count)
{
	for (size_t i = 0; i < count; i++)
		put_cell(paper, &columns[i], text_of(columns[i].title));
	paper_down(paper, LINE);
	paper_rule(paper);
	paper_down(paper, 3);
}

static void put_line(struct paper *paper, struct text text, double size)
{
	paper_text(paper, text, PAPER_MARGIN, CONTENT, size, false);
	paper_down(paper, size * 1.5);
}

/* ---- cover ---- */

static void put_fault(struct paper *paper, const struct profile *profile, const char *what, struct text why)
{
	struct buffer text = {0};
	buffer_add_format(&text, "%s: %s", profile->name, what);
	buffer_add(&text, why.at, why.size);
	put_line(paper, buffer_text(&text), SMALL);
	buffer_free(&text);
}

/* At most `left` lines; returns how many are left then. */
static size_t put_faults(struct paper *paper, const struct profile *profile, size_t left)
{
	struct text lines = profile->error ? text_of("") : profile->record.breaches, line;
	const char *at = lines.at, *end = lines.at + lines.size;
	bool incomplete = !profile->error && profile->record.incomplete;
	if (left && (profile->error || incomplete)) {
		put_fault(paper, profile, incomplete ? "incomplete: " : "broken: ", profile_message(profile));
		left--;
	}
	for (; left && next_line(&at, end, &line); left--)
		put_fault(paper, profile, "", line);
	return left;
}

static size_t count_broken(const struct profile *profiles, size_t count)
{
	size_t broken = 0;
	for (size_t i = 0; i < count; i++)
		broken += profiles[i].error != NULL;
	return broken;
}

static void put_cover(
	struct paper *paper, const struct settings *settings, const struct profile *profiles, size_t count)
{
	struct buffer text = {0};
	paper_down(paper, 120);
	put_line(paper, text_of(settings->title), LARGE);
	paper_down(paper, LINE);
	size_t broken = count_broken(profiles, count);
	buffer_add_format(&text, "%zu profile%s", count, plural(count));
	if (broken)
		buffer_add_format(&text, ", %zu broken", broken);
	put_line(paper, buffer_text(&text), MIDDLE);
	if (settings->baseline) {
		buffer_clear(&text);
		buffer_add_format(&text, "Compared to %s", settings->baseline);
		put_line(paper, buffer_text(&text), MIDDLE);
	}
	if (settings->date) {
		char date[64];
		struct tm tm;
		strftime(date, sizeof date, "%Y-%m-%d %H:%M UTC", gmtime_r(&settings->date, &tm));
		put_line(paper, text_of(date), MIDDLE);
	}
	for (size_t i = 0; i < settings->data_count; i++)
		put_line(paper, text_of(settings->data[i]), SMALL);
	paper_down(paper, LINE);
	size_t left = MOST_FAULTS;
	for (size_t i = 0; i < count; i++)
		left = put_faults(paper, &profiles[i], left);
	if (!left)
		put_line(paper, text_of("More is wrong: see index.html"), SMALL);
	buffer_free(&text);
}

/* ---- the table of profiles ---- */

static const struct column profile_columns[] = {{"Profile", 0, 210, false}, {"Total", 215, 75, true},
	{"Heaviest function (self)", 305, 190, false}, {"Share", 500, 45, true},
	{"Largest change of self", 560, 140, false}, {"Points", 705, 55, true}};

static void put_profile_row(struct paper *paper, const struct settings *settings, const struct profile *profile)
{
	const struct record *record = &profile->record;
	const struct function *changes[SUMMARY_CHANGES];
	struct functions functions = record_functions(record);
	put_cell(paper, &profile_columns[0], text_of(profile->name));
	if (profile->error)
		put_cell(paper, &profile_columns[2], text_of("broken"));
	else
		put_weight(paper, settings, &profile_columns[1], record->sum);
	if (record->count) {
		put_cell(paper, &profile_columns[2], record->items[0].name);
		put_format(paper, &profile_columns[3], "%.2f%%", 100 * record->items[0].self / record->sum);
		if (summary_changes(settings, record, changes)) {
			put_cell(paper, &profile_columns[4], changes[0]->name);
			put_format(paper, &profile_columns[5], "%+.2f", function_self_change(&functions, changes[0]));
		}
	}
	paper_down(paper, LINE);
}

static void put_profiles(
	struct paper *paper, const struct settings *settings, const struct profile *profiles, size_t count)
{
	size_t columns = settings->baseline ? 6 : 4;
	for (size_t i = 0; i < count; i++) {
		unsigned page = paper->page;
		if (i)
			paper_need(paper, LINE);
		else
			paper_new_page(paper);
		if (!i)
			paper_outline(paper, "Profiles");
		if (paper->page != page)
			put_titles(paper, profile_columns, columns);
		put_profile_row(paper, settings, &profiles[i]);
	}
}

/* ---- a profile ---- */

static void put_graph(struct paper *paper, const struct settings *settings, const struct stacks *stacks)
{
	struct view view = picture_view(settings, "");
	struct flame flame = picture_flame(stacks, &view, GRAPH_ROWS);
	struct geometry geometry = geometry_of(&flame, &view);
	double scale = fmin(CONTENT / geometry.width, GRAPH_HEIGHT / geometry.height);
	cairo_save(paper->cairo);
	cairo_translate(paper->cairo, PAPER_MARGIN + (CONTENT - geometry.width * scale) / 2, paper->y);
	cairo_scale(paper->cairo, scale, scale);
	cairo_rectangle(paper->cairo, 0, 0, geometry.width, geometry.height);
	cairo_clip(paper->cairo);
	draw_graph(paper->cairo, &flame, &view, &geometry);
	cairo_restore(paper->cairo);
	cairo_select_font_face(paper->cairo, "Verdana", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
	paper_down(paper, geometry.height * scale + LINE);
	flame_free(&flame);
}

static void put_functions(struct paper *paper, const struct settings *settings, const struct record *record)
{
	static const struct column columns[] = {{"Function", 0, 300, false}, {"File", 305, 215, false},
		{"Self", 525, 65, true}, {"Self %", 595, 50, true}, {"Total", 650, 60, true},
		{"Total %", 712, 50, true}};
	put_titles(paper, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < record->count && i < TOP_FUNCTIONS; i++) {
		const struct function *function = &record->items[i];
		put_cell(paper, &columns[0], function->name);
		put_cell(paper, &columns[1], function->file);
		put_weight(paper, settings, &columns[2], function->self);
		put_format(paper, &columns[3], "%.2f%%", 100 * function->self / record->sum);
		put_weight(paper, settings, &columns[4], function->total);
		put_format(paper, &columns[5], "%.2f%%", 100 * function->total / record->sum);
		paper_down(paper, LINE);
	}
}

static bool put_profile(struct paper *paper, const struct settings *settings, const struct profile *profile)
{
	struct buffer text = {0};
	char *path = file_path(profile->folder, "stacks.folded.gz");
	bool whole;
	struct stacks *stacks = load_profile(path, settings->ordered, &whole);
	free(path);
	if (!stacks)
		return false;
	paper_new_page(paper);
	paper_outline(paper, profile->name);
	put_line(paper, text_of(profile->name), MIDDLE);
	page_count_text(&text, settings, profile->record.sum);
	buffer_add_string(&text, ", ");
	page_number_text(&text, (double)profile->record.stacks);
	buffer_add_format(&text, " different stack%s", plural(profile->record.stacks));
	put_line(paper, buffer_text(&text), SMALL);
	put_graph(paper, settings, stacks);
	put_functions(paper, settings, &profile->record);
	stacks_free(stacks);
	buffer_free(&text);
	return true;
}

bool pdf_write(const struct settings *settings, const struct profile *profiles, size_t count)
{
	struct sink sink;
	struct paper paper;
	char *path = file_path(settings->output, "report.pdf");
	bool good = draw_has_fonts();
	if (!good)
		return false;
	sink_open(&sink, path);
	paper_open(&paper, &sink, settings->title, settings->date);
	put_cover(&paper, settings, profiles, count);
	put_profiles(&paper, settings, profiles, count);
	for (size_t i = 0; i < count; i++)
		if (!profiles[i].error)
			good &= put_profile(&paper, settings, &profiles[i]);
	good &= paper_close(&paper);
	if (good)
		sink_close(&sink);
	else
		sink_discard(&sink);
	free(path);
	return good;
}
