#include "render/report/time_map.h"

#include <math.h>
#include <stdlib.h>

#include "common/mem.h"
#include "render/report/page.h"

enum { COLUMNS = 120, MOST_THREADS = 30, MOST_FUNCTIONS = 30, LEVELS = 10 };
enum { LABEL_WIDTH = 240, CELL_WIDTH = 8, ROW_HEIGHT = 18, LABEL_LENGTH = 36, TITLE_LENGTH = 200 };
enum { MOST_TICKS = 8, LABEL_ROOM = 30 }; /* LABEL_ROOM: px that half a tick's label needs */

struct map_row {
	struct text name, file; /* file: of functions, if it is known */
	double cells[COLUMNS];  /* weight in each part of the time */
	double sum;
	uint64_t seen; /* number of the last step it stood in */
};

struct map {
	struct map_row *threads, *functions; /* by name of the stacks / by function of the call graph */
	double *clocks;                      /* by name of the stacks */
	double length;                       /* of the longest clock */
};

/* ---- filling ---- */

/* The thread (first frame) of every node, as the number of its name. */
static uint32_t *threads_of(const struct stacks *stacks)
{
	uint32_t *threads = mem_zero(stacks->count, sizeof *threads);
	for (uint32_t node = 1; node < stacks->count; node++) {
		uint32_t parent = stacks->nodes[node].parent;
		threads[node] = parent ? threads[parent] : stacks->nodes[node].name;
	}
	return threads;
}

static void add_span(struct map_row *row, double start, double weight, double length)
{
	double part = length / COLUMNS, end = start + weight;
	row->sum += weight;
	for (int column = (int)(start / part); column < COLUMNS && column * part < end; column++)
		row->cells[column] += fmin(end, (column + 1) * part) - fmax(start, column * part);
}

static void add_step(struct map *map, const struct analysis *analysis, size_t place, uint32_t thread)
{
	const struct stacks *stacks = analysis->stacks;
	struct stacks_step step = stacks->steps[place];
	double start = map->clocks[thread];
	map->clocks[thread] += step.weight;
	if (!stacks->nodes[step.node].parent)
		return; /* it ran nothing */
	add_span(&map->threads[thread], start, step.weight, map->length);
	for (uint32_t node = step.node; stacks->nodes[node].parent; node = stacks->nodes[node].parent) {
		struct map_row *row = &map->functions[analysis->graph.function_of[stacks->nodes[node].name]];
		if (row->seen != place + 1)
			add_span(row, start, step.weight, map->length);
		row->seen = place + 1;
	}
}

static struct map fill(const struct analysis *analysis)
{
	const struct stacks *stacks = analysis->stacks;
	uint32_t names = stacks->names.count, functions = analysis->graph.names.count;
	struct map map = {.threads = mem_zero(names + 1, sizeof *map.threads),
		.functions = mem_zero(functions + 1, sizeof *map.functions),
		.clocks = mem_zero(names + 1, sizeof *map.clocks)};
	uint32_t *threads = threads_of(stacks);
	for (uint32_t i = 0; i < names; i++)
		map.threads[i].name = stacks->names.names[i];
	for (uint32_t i = 0; i < functions; i++)
		map.functions[i] = (struct map_row){
			.name = analysis->graph.functions[i].name, .file = analysis->graph.functions[i].file};
	for (size_t i = 0; i < stacks->step_count; i++)
		map.clocks[threads[stacks->steps[i].node]] += stacks->steps[i].weight;
	for (uint32_t i = 0; i < names; i++) {
		map.length = fmax(map.length, map.clocks[i]);
		map.clocks[i] = 0;
	}
	for (size_t i = 0; i < stacks->step_count && map.length > 0; i++)
		if (stacks->steps[i].node)
			add_step(&map, analysis, i, threads[stacks->steps[i].node]);
	free(threads);
	return map;
}

/* ---- drawing ---- */

static int compare(const void *left, const void *right)
{
	const struct map_row *a = left, *b = right;
	if (a->sum != b->sum)
		return a->sum < b->sum ? 1 : -1;
	int order = text_compare(a->name, b->name);
	return order ? order : text_compare(a->file, b->file);
}

static size_t choose_rows(struct map_row *rows, size_t count, size_t most)
{
	size_t chosen = 0;
	qsort(rows, count, sizeof *rows, compare);
	while (chosen < count && chosen < most && rows[chosen].sum > 0)
		chosen++;
	return chosen;
}

/* The row's title: all of its name. */
static void put_title(struct sink *sink, const struct map_row *row)
{
	page_text(sink, page_letters(row->name, TITLE_LENGTH));
	if (!row->file.size)
		return;
	sink_char(sink, ' ');
	page_text(sink, page_letters(row->file, TITLE_LENGTH));
}

static struct text last_part(struct text path)
{
	const char *slash = path.size ? memrchr(path.at, '/', path.size) : NULL;
	return slash ? (struct text){slash + 1, path.size - (size_t)(slash + 1 - path.at)} : path;
}

/* The name and the file without its folders, cut after some letters. */
static void put_label(struct sink *sink, const struct map_row *row, int y)
{
	struct buffer label = {0};
	struct text file = last_part(row->file), shown;
	buffer_add(&label, row->name.at, row->name.size);
	if (file.size) {
		buffer_add_char(&label, ' ');
		buffer_add(&label, file.at, file.size);
	}
	shown = page_letters(buffer_text(&label), LABEL_LENGTH);
	sink_format(sink, "<text x=\"0\" y=\"%d\">", y + ROW_HEIGHT - 5);
	page_text(sink, shown);
	sink_string(sink, shown.size < label.size ? "\xE2\x80\xA6<title>" : "<title>");
	put_title(sink, row);
	sink_string(sink, "</title></text>\n");
	buffer_free(&label);
}

static int level_of(const struct map_row *row, int column, double length)
{
	double share = row->cells[column] / (length / COLUMNS);
	return row->cells[column] > 0 ? (int)fmax(1, fmin(LEVELS, round(share * LEVELS))) : 0;
}

static void put_cells(struct sink *sink, const struct settings *settings, const struct map_row *row, int start, int end,
	int level, double length, int y)
{
	struct buffer span = {0};
	page_weight_text(&span, settings, start * length / COLUMNS);
	buffer_add_string(&span, " to ");
	page_weight_text(&span, settings, end * length / COLUMNS);
	sink_format(sink,
		"<rect class=\"cell\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill-opacity=\"%.1f\"><title>",
		LABEL_WIDTH + start * CELL_WIDTH, y, (end - start) * CELL_WIDTH, ROW_HEIGHT - 2,
		(double)level / LEVELS);
	put_title(sink, row);
	sink_string(sink, ", ");
	page_text(sink, buffer_text(&span));
	sink_format(sink, ": %d%%</title></rect>\n", level * 100 / LEVELS);
	buffer_free(&span);
}

/* Neighbours of the same level are one rectangle. */
static void put_row(struct sink *sink, const struct settings *settings, const struct map_row *row, double length, int y)
{
	put_label(sink, row, y);
	sink_format(sink, "<rect class=\"back\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n", LABEL_WIDTH, y,
		COLUMNS * CELL_WIDTH, ROW_HEIGHT - 2);
	for (int start = 0, end; start < COLUMNS; start = end) {
		int level = level_of(row, start, length);
		for (end = start + 1; end < COLUMNS && level_of(row, end, length) == level; end++)
			continue;
		if (level)
			put_cells(sink, settings, row, start, end, level, length, y);
	}
}

/* The step of at most MOST_TICKS ticks: 1, 2 or 5 times a power of ten. */
static double tick_step(double length)
{
	double step = pow(10, floor(log10(length / MOST_TICKS)));
	static const double factors[] = {1, 2, 5};
	for (int i = 0; i < 3; i++)
		if (length / (step * factors[i]) <= MOST_TICKS)
			return step * factors[i];
	return step * 10;
}

static void put_axis(struct sink *sink, const struct settings *settings, double length, int y)
{
	const double step = tick_step(length), width = COLUMNS * CELL_WIDTH;
	for (int i = 0; i * step <= length * (1 + 1e-9); i++) {
		struct buffer text = {0};
		double x = LABEL_WIDTH + width * i * step / length, room = LABEL_WIDTH + width - x;
		page_weight_text(&text, settings, i * step);
		sink_format(sink,
			"<rect class=\"tick\" x=\"%.1f\" y=\"%d\" width=\"1\" height=\"4\"/><text x=\"%.1f\" y=\"%d\" "
			"text-anchor=\"%s\">",
			fmin(x, LABEL_WIDTH + width - 1), y, x, y + ROW_HEIGHT - 2,
			i == 0              ? "start"
			: room < LABEL_ROOM ? "end"
					    : "middle");
		page_text(sink, buffer_text(&text));
		sink_string(sink, "</text>\n");
		buffer_free(&text);
	}
}

static void put_rows(struct sink *sink, const struct settings *settings, const struct map_row *rows, size_t count,
	double length, const char *title)
{
	int height = ((int)count + 1) * ROW_HEIGHT + 2;
	if (!count)
		return;
	sink_format(sink,
		"<h3>%s</h3>\n<div class=\"scroll\"><svg class=\"heat\" viewBox=\"0 0 %d %d\" role=\"img\" "
		"aria-label=\"%s over time\">\n",
		title, LABEL_WIDTH + COLUMNS * CELL_WIDTH, height, title);
	for (size_t i = 0; i < count; i++)
		put_row(sink, settings, &rows[i], length, (int)i * ROW_HEIGHT);
	put_axis(sink, settings, length, (int)count * ROW_HEIGHT);
	sink_string(sink, "</svg></div>\n");
}

void time_map_section(struct sink *sink, const struct subject *subject)
{
	const struct settings *settings = subject->settings;
	const struct analysis *analysis = subject->now;
	if (!settings->ordered)
		return;
	struct map map = fill(analysis);
	size_t threads = choose_rows(map.threads, analysis->stacks->names.count, MOST_THREADS);
	size_t functions = choose_rows(map.functions, analysis->graph.names.count, MOST_FUNCTIONS);
	page_section(sink, subject->prefix, "time", "Time");
	put_rows(sink, settings, map.threads, threads, map.length, "Threads");
	put_rows(sink, settings, map.functions, functions, map.length, "Functions");
	page_section_end(sink);
	free(map.threads);
	free(map.functions);
	free(map.clocks);
}
