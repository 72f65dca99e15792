/* flamerender: folded stacks to pictures and profiles. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "common/folded.h"
#include "common/opt.h"
#include "common/report.h"
#include "render/collapse.h"
#include "render/edit.h"
#include "render/hint.h"
#include "render/nameattr.h"
#include "render/palette_map.h"
#include "render/writers.h"
#include "render/xml.h"

/* Options that are not part of the view as they stand. */
static struct {
	const char *output, *format, *collapse, *bgcolors, *min_width, *name_attributes;
	bool hash, random, deterministic, consistent, reverse, no_script, truncate_right;
	long max_depth;
	struct edit edit;
} asked;

enum { MOST_PX = 1000000 };

static struct view view = {
	.count_name = "samples",
	.name_type = "Function:",
	.notes = "",
	.width = 1200,
	.frame_height = 16,
	.font_type = "Verdana",
	.font_size = 12,
	.font_width = 0.59,
	.factor = 1,
	.scale = 1,
	.sort = "name",
	.search_color = "#e600e6",
	.ui_color = "#000000",
	.coloring = {.palette = "hot"},
};

static const char *const orders[] = {"name", "total", "input", NULL};
static const char *const units[] = {"none", "ns", "us", "ms", "s", "bytes", NULL};

static const struct opt options[] = {
	{'o', "output", OPT_STRING, &asked.output, "FILE",
		"Write to FILE, whole or not at all; its suffix chooses the format. Default: standard output.", NULL, 0,
		false},
	{0, "format", OPT_STRING, &asked.format, "NAME",
		"svg, svgz, png, pdf, html, speedscope, cpuprofile, pprof, trace, firefox, d3, callgrind, pstats, "
		"jsonl, folded, top or tree. Default: svg.",
		NULL, 0, false},
	{0, "collapse", OPT_STRING, &asked.collapse, "NAME",
		"The input is no folded text: put it through stackcollapse-NAME first; auto: through stackcollapse.",
		NULL, 0, false},
	{0, NULL, OPT_HEADING, NULL, NULL, "Texts:", NULL, 0, false},
	{0, "title", OPT_STRING, &view.title, "TEXT", "Heading. Default: Flame Graph (Flame Chart, Icicle Graph).",
		NULL, 0, false},
	{0, "subtitle", OPT_STRING, &view.subtitle, "TEXT", "Second line.", NULL, 0, false},
	{0, "countname", OPT_STRING, &view.count_name, "TEXT", "What is counted. Default: samples.", NULL, 0, false},
	{0, "nametype", OPT_STRING, &view.name_type, "TEXT", "What frames are. Default: Function:", NULL, 0, false},
	{0, "notes", OPT_STRING, &view.notes, "TEXT", "Put a comment into the file.", NULL, 0, false},
	{0, NULL, OPT_HEADING, NULL, NULL, "Layout:", NULL, 0, false},
	{0, "width", OPT_NUMBER, &view.width, "PX", "Width of the picture. Default: 1200.", NULL, 40, false},
	{0, "height", OPT_NUMBER, &view.frame_height, "PX", "Height of a frame. Default: 16.", NULL, 2, false},
	{0, "minwidth", OPT_STRING, &asked.min_width, "PX",
		"Leave out narrower frames; with % in percent of the total. Default: 0.1.", NULL, 0, false},
	{'i', "inverted", OPT_FLAG, &view.inverted, NULL, "Icicle graph: the root on top.", NULL, 0, false},
	{0, "reverse", OPT_FLAG, &asked.reverse, NULL, "Merge stacks from the leaf: who is called, by whom.", NULL, 0,
		false},
	{0, "flamechart", OPT_FLAG, &view.flame_chart, NULL,
		"Keep the order of the input: time goes to the right. For data formats the input must be ordered "
		"folded text.",
		NULL, 0, false},
	{0, "sort", OPT_CHOICE, &view.sort, "NAME",
		"Order of siblings in pictures: name; total: the widest first; input: the first that came. Default: "
		"name.",
		orders, 0, false},
	{0, "total", OPT_NUMBER, &view.total, "N", "Width of the picture in counts, if more than there are.", NULL, 0,
		false},
	{0, "factor", OPT_NUMBER, &view.factor, "N", "Multiply the counts shown by N. Default: 1.", NULL, 0, false},
	{0, "base", OPT_LIST, &asked.edit.bases, "NAME", "Only stacks with this frame, from it on (may be repeated).",
		NULL, 0, false},
	{0, "max-depth", OPT_INTEGER, &asked.max_depth, "N", "Draw at most N frames above the root; 0: all.", NULL, 0,
		false},
	{0, "scale", OPT_NUMBER, &view.scale, "N",
		"PNG, PDF: how large; 2 pixels per px for sharp screens. Default: 1.", NULL, 0.1, false},
	{0, "unit", OPT_CHOICE, &view.unit, "NAME",
		"Data formats: what counts are: none (samples), ns, us, ms, s or bytes. Default: none; with "
		"--flamechart us.",
		units, 0, false},
	{0, "rate", OPT_NUMBER, &view.rate, "HZ",
		"cpuprofile, firefox, pstats: samples a second. Default: 100. speedscope with --flamechart: each stack "
		"as samples of 1/HZ s, as py-spy writes it; default: one that lasts as long.",
		NULL, 0.001, false},
	{0, NULL, OPT_HEADING, NULL, NULL, "Letters:", NULL, 0, false},
	{0, "fonttype", OPT_STRING, &view.font_type, "FONT", "Default: Verdana.", NULL, 0, false},
	{0, "fontsize", OPT_NUMBER, &view.font_size, "PX", "Default: 12.", NULL, 1, false},
	{0, "fontwidth", OPT_NUMBER, &view.font_width, "N", "Mean width of a letter in font sizes. Default: 0.59.",
		NULL, 0.01, false},
	{0, "truncate-text-right", OPT_FLAG, &asked.truncate_right, NULL, "Labels lose their end (the default).", NULL,
		0, true},
	{0, "truncate-text-left", OPT_FLAG, &view.truncate_left, NULL, "Labels that are too long lose their start.",
		NULL, 0, false},
	{0, NULL, OPT_HEADING, NULL, NULL, "Colours:", NULL, 0, false},
	{'c', "colors", OPT_CHOICE, &view.coloring.palette, "NAME",
		"hot, mem, io, wakeup, chain, java, js, perl, python, rust, red, green, blue, aqua, yellow, purple, "
		"orange, viridis, cividis (the last two for the colour-blind). "
		"Default: hot.",
		palette_names, 0, false},
	{0, "color", OPT_CHOICE, &view.coloring.palette, "NAME", "As --colors.", palette_names, 0, true},
	{0, "bgcolors", OPT_STRING, &asked.bgcolors, "NAME", "Background: yellow, blue, green, grey, #rrggbb.", NULL, 0,
		false},
	{0, "hash", OPT_FLAG, &asked.hash, NULL, "Names that begin alike get like colours.", NULL, 0, false},
	{0, "random", OPT_FLAG, &asked.random, NULL, "Colours by chance.", NULL, 0, false},
	{0, "deterministic", OPT_FLAG, &asked.deterministic, NULL, "Colours by another hash of the name.", NULL, 0,
		false},
	{0, "colordiffusion", OPT_FLAG, &view.coloring.by_width, NULL, "The wider, the redder.", NULL, 0, false},
	{0, "cp", OPT_FLAG, &asked.consistent, NULL, "Keep colours from graph to graph in ./palette.map.", NULL, 0,
		false},
	{0, "negate", OPT_FLAG, &view.negate, NULL, "Differential: blue is more.", NULL, 0, false},
	{0, "search", OPT_STRING, &view.search, "REGEX", "SVG, HTML: what is searched for when the graph is opened.",
		NULL, 0, false},
	{0, "search-color", OPT_STRING, &view.search_color, "#RRGGBB", "Of frames found. Default: #e600e6.", NULL, 0,
		false},
	{0, "uicolor", OPT_STRING, &view.ui_color, "#RRGGBB", "Of texts around the graph. Default: #000000.", NULL, 0,
		false},
	{0, "stroke-color", OPT_STRING, &view.stroke_color, "#RRGGBB", "Outline frames.", NULL, 0, false},
	{0, NULL, OPT_HEADING, NULL, NULL, "SVG:", NULL, 0, false},
	{0, "nameattr", OPT_STRING, &asked.name_attributes, "FILE",
		"Attributes by function: lines FUNC<TAB>key=value... (title, href, target, id, class, g_extra, "
		"a_extra).",
		NULL, 0, false},
	{0, "encoding", OPT_STRING, &view.encoding, "NAME", "Declare this encoding.", NULL, 0, false},
	{0, "no-javascript", OPT_FLAG, &asked.no_script, NULL, "Leave the script out.", NULL, 0, false},
	{0, NULL, OPT_HEADING, NULL, NULL, "All programs:", NULL, 0, false},
	{0},
};

static const struct opt_program program = {
	.name = "flamerender",
	.summary = "Draws folded stacks as a flame graph.",
	.usage = "[options] [FILE ...]",
	.examples = "  flamerender --title 'My program' < stacks.folded > graph.svg\n"
		    "  flamerender -o graph.png --scale 2 stacks.folded\n",
	.options = options,
};

/* ---- settling the view ---- */

static const struct writer *choose_writer(void)
{
	const struct writer *writer = writers[0];
	if (asked.format)
		writer = writer_by_name(asked.format);
	else if (asked.output && strcmp(asked.output, "-") != 0 && strchr(asked.output, '.'))
		writer = writer_by_path(asked.output);
	if (!writer && asked.format)
		die(EXIT_USAGE, "--format %s is unknown: %s are known", asked.format, writer_names());
	if (!writer)
		die(EXIT_USAGE, "%s: its suffix names no known format: choose one with --format", asked.output);
	return writer;
}

static void check_color(const char *option, const char *value)
{
	struct color color;
	if (value && !palette_hex(value, &color))
		die(EXIT_USAGE, "%s needs a colour as #rrggbb, not '%s'", option, value);
}

/* "0.1" px or "1%" of the total. */
static void settle_min_width(void)
{
	struct text text = text_of(asked.min_width ? asked.min_width : "0.1");
	if (text_ends(text, "%")) {
		view.min_width_percent = true;
		text.size--;
	}
	if (!text_number(text, false, &view.min_width))
		die(EXIT_USAGE, "--minwidth needs a number of px, or of percent with %%, not '%s'", asked.min_width);
}

static void settle_coloring(void)
{
	if (asked.hash)
		view.coloring.source = COLOR_HASH;
	if (asked.deterministic)
		view.coloring.source = COLOR_DETERMINISTIC;
	if (asked.random) {
		view.coloring.source = COLOR_RANDOM;
		srand48(time(NULL) ^ (long)getpid() << 16);
	}
	if (!palette_background(asked.bgcolors, view.coloring.palette, &view.background))
		die(EXIT_USAGE, "Unrecognized bgcolor option \"%s\": yellow, blue, green, grey and #rrggbb are known",
			asked.bgcolors);
	check_color("--search-color", view.search_color);
	check_color("--uicolor", view.ui_color);
	check_color("--stroke-color", view.stroke_color);
	asked.edit.chain = strcmp(view.coloring.palette, "chain") == 0;
}

static void settle_view(void)
{
	settle_min_width();
	settle_coloring();
	view.script = !asked.no_script;
	if (!view.title)
		view.title = view.flame_chart ? "Flame Chart" : view.inverted ? "Icicle Graph" : "Flame Graph";
	if (view.width > MOST_PX || view.frame_height > MOST_PX || view.font_size > MOST_PX)
		die(EXIT_USAGE, "--width, --height and --fontsize are at most %d px", MOST_PX);
	if (strpbrk(view.notes, "<>"))
		die(EXIT_USAGE, "Notes string can't contain < or >");
	if (view.encoding &&
		strspn(view.encoding, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") !=
			strlen(view.encoding))
		die(EXIT_USAGE, "--encoding needs a name such as utf-8, not '%s'", view.encoding);
	if (asked.consistent)
		view.palette_map = palette_map_read("palette.map");
	if (asked.name_attributes)
		view.nameattr = nameattr_read(asked.name_attributes);
}

static char *join_command(int argc, char **argv)
{
	struct buffer line = {0};
	for (int i = 0; i < argc; i++)
		buffer_add_format(&line, "%s%s", i ? " " : "", argv[i]);
	return line.at;
}

/* ---- input and output ---- */

/* The share of the total below which a frame is too narrow to be seen. */
static double min_share(void)
{
	if (view.min_width_percent)
		return view.min_width / 100;
	return view.min_width / (view.width - 20);
}

/* flamegraph.pl's picture for input without any count. */
static void write_empty_picture(void)
{
	struct sink sink;
	sink_open(&sink, asked.output);
	sink_format(&sink,
		"<?xml version=\"1.0\" standalone=\"no\"?>\n<svg version=\"1.1\" width=\"%g\" height=\"%g\" "
		"viewBox=\"0 0 %g %g\" xmlns=\"http://www.w3.org/2000/svg\">\n<text x=\"%g\" y=\"%g\" "
		"text-anchor=\"middle\" "
		"font-size=\"%g\" font-family=\"sans-serif\">ERROR: No valid input provided to "
		"flamerender.</text>\n</svg>\n",
		view.width, 5 * view.font_size, view.width, 5 * view.font_size, view.width / 2, 2 * view.font_size,
		view.font_size);
	sink_close(&sink);
}

static void read_stacks(struct stacks *stacks, struct source *source, bool whole)
{
	struct folded_rules rules = {.reverse = asked.reverse,
		.in_order = strcmp(view.sort, "input") == 0,
		.pairs = true,
		.skipped = {.quiet = true}};
	if (asked.edit.chain || asked.edit.bases.count) {
		rules.edit = edit_stack;
		rules.context = &asked.edit;
	}
	if (!whole)
		rules.prune = min_share() * (1 - 1e-9);
	folded_read(source, stacks, &rules);
	if (rules.skipped.count)
		report_warning("Ignored %lu lines with invalid format", rules.skipped.count);
}

static bool read_folded(struct stacks *stacks, char *const *paths, size_t count, bool whole, const char **converter)
{
	struct source *source = source_open(paths, count);
	*converter = hint_converter(source_peek(source, 4096));
	read_stacks(stacks, source, whole);
	return source_close(source);
}

static bool read_collapsed(struct stacks *stacks, char *const *paths, size_t count, bool whole)
{
	struct collapse collapse;
	char *pipe[] = {collapse.path};
	const char *format = strcmp(asked.collapse, "auto") == 0 ? NULL : asked.collapse;
	if (!collapse_start(&collapse, format, paths, count, view.flame_chart))
		return false;
	struct source *source = source_open(pipe, 1);
	read_stacks(stacks, source, whole);
	bool good = source_close(source);
	return collapse_end(&collapse) && good;
}

static void check_total(double sum)
{
	static const double exact = 9007199254740992; /* 2^53: a double holds all whole numbers up to it */
	if (sum > exact)
		report_warning("The counts sum to more than %.0f: they are not exact to the unit", exact);
	if (view.total > 0 && view.total < sum) {
		if (view.total / sum > 0.02)
			report_warning(
				"Specified --total %g is less than actual total %g, so ignored", view.total, sum);
		view.total = 0;
	}
}

static enum flame_order asked_order(void)
{
	if (strcmp(view.sort, "total") == 0)
		return FLAME_BY_TOTAL;
	return strcmp(view.sort, "input") == 0 ? FLAME_AS_MADE : FLAME_BY_NAME;
}

static bool write_graph(const struct writer *writer, const struct stacks *stacks, double sum, struct sink *sink)
{
	if (writer->write_stacks)
		return writer->write_stacks(stacks, &view, sink);
	double total = view.total > sum ? view.total : sum;
	struct flame_rules rules = {.order = asked_order(),
		.steps = view.flame_chart,
		.total = total,
		.min_width = writer->whole ? 0 : min_share() * total,
		.max_depth = (uint32_t)asked.max_depth};
	struct flame flame = flame_layout(stacks, rules);
	return writer->write(&flame, &view, sink);
}

int main(int argc, char **argv)
{
	view.command = join_command(argc, argv);
	size_t count = opt_parse(&program, argc, argv);
	const struct writer *writer = choose_writer();
	settle_view();

	struct stacks *stacks = stacks_new(view.flame_chart);
	const char *converter = NULL;
	bool good = asked.collapse ? read_collapsed(stacks, argv, count, writer->whole)
				   : read_folded(stacks, argv, count, writer->whole, &converter);
	double sum = stacks_total(stacks);
	if (!(sum > 0)) {
		if (strcmp(writer->suffix, ".svg") == 0)
			write_empty_picture();
		if (stacks->old)
			die(EXIT_FAILED, "ERROR: No stack counts found: of each stack the second count is 0");
		if (!converter)
			die(EXIT_FAILED, "ERROR: No stack counts found");
		die(EXIT_FAILED,
			"ERROR: No stack counts found: is the input folded text (frame;frame COUNT)? Other profiles go "
			"through %s first (or --collapse)",
			converter);
	}
	if (isinf(sum))
		die(EXIT_FAILED, "ERROR: The counts are too large: their sum is more than %g", DBL_MAX);
	if (sum < 100 && strcmp(view.count_name, "samples") == 0)
		report_warning("Stack count is low (%g). Did something go wrong?", sum);
	check_total(sum);

	struct sink sink;
	sink_open(&sink, asked.output);
	sink_compress(&sink, writer->compressed);
	if (!write_graph(writer, stacks, sum, &sink)) {
		sink_discard(&sink);
		return EXIT_FAILED;
	}
	sink_close(&sink);
	if (view.palette_map)
		palette_map_write(view.palette_map, "palette.map");
	return good ? EXIT_DONE : EXIT_FAILED;
}
