/* flameview: folded stacks as a flame graph in the terminal. */
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/opt.h"
#include "common/report.h"
#include "render/view/dump.h"
#include "render/view/input.h"
#include "render/view/session.h"
#include "render/view/terminal.h"

static struct {
	const char *colors, *depth, *search, *thread, *only, *baseline, *title;
	struct opt_list hidden;
	long width;
	bool dump, live, inverted, reverse, heavy_first;
} asked;

static struct viewer viewer = {.count_name = "samples", .live = {.fd = -1}};

static const struct opt options[] = {
	{0, "dump", OPT_FLAG, &asked.dump, NULL,
		"Print the graph as text and leave; so does output that goes to no terminal, and TERM=dumb.", NULL, 0,
		false},
	{'w', "width", OPT_INTEGER, &asked.width, "COLUMNS", "Of --dump. Default: the terminal's, or 80.", NULL, 10,
		false},
	{0, "live", OPT_FLAG, &asked.live, NULL,
		"Standard input still grows: show what has come, and draw anew when more comes.", NULL, 0, false},
	{0, "baseline", OPT_STRING, &asked.baseline, "FILE", "Show what changed since the stacks in FILE.", NULL, 0,
		false},
	{0, NULL, OPT_HEADING, NULL, NULL, "What is shown first (keys change it):", NULL, 0, false},
	{'i', "inverted", OPT_FLAG, &asked.inverted, NULL, "Icicle graph: the root on top.", NULL, 0, false},
	{0, "reverse", OPT_FLAG, &asked.reverse, NULL, "Leaf first: who is called, by whom.", NULL, 0, false},
	{0, "thread", OPT_STRING, &asked.thread, "NAME", "Only stacks with this root frame.", NULL, 0, false},
	{0, "only", OPT_STRING, &asked.only, "NAME", "Only stacks with this frame, from it on.", NULL, 0, false},
	{0, "hide", OPT_LIST, &asked.hidden, "NAME",
		"Without these frames: their weight goes to the callers (may be repeated).", NULL, 0, false},
	{0, "search", OPT_STRING, &asked.search, "REGEX", "Mark the frames that match.", NULL, 0, false},
	{0, "heavy-first", OPT_FLAG, &asked.heavy_first, NULL, "Siblings by weight, not by name.", NULL, 0, false},
	{0, "title", OPT_STRING, &asked.title, "TEXT", "Heading. Default: the name of the file.", NULL, 0, false},
	{0, "countname", OPT_STRING, &viewer.count_name, "TEXT", "What is counted. Default: samples.", NULL, 0, false},
	{0, NULL, OPT_HEADING, NULL, NULL, "Colours:", NULL, 0, false},
	{'c', "colors", OPT_CHOICE, &asked.colors, "NAME",
		"safe (for the colour-blind), module, diff, or a palette of flamerender. Default: hot, or diff.",
		scheme_names, 0, false},
	{0, "color-depth", OPT_CHOICE, &asked.depth, "DEPTH",
		"none, 16, 256 or 24bit. Default: what the terminal can do (TERM, COLORTERM, NO_COLOR).",
		paint_depth_names, 0, false},
	{0, NULL, OPT_HEADING, NULL, NULL, "All programs:", NULL, 0, false},
	{0},
};

static const struct opt_program program = {
	.name = "flameview",
	.summary = "Shows folded stacks as a flame graph in the terminal; ? lists its keys.",
	.usage = "[options] [FILE ...]",
	.examples = "  flameview stacks.folded\n"
		    "  perf script | stackcollapse-perf | flameview\n"
		    "  pysample --stream -p PID | flameview --live\n"
		    "  flameview --baseline before.folded after.folded\n",
	.options = options,
};

static struct stacks *read_stacks(char **paths, size_t count, bool *good)
{
	char *baseline[] = {(char *)asked.baseline};
	if (asked.live) {
		live_open(&viewer.live, STDIN_FILENO);
		return stacks_new(false);
	}
	struct stacks *stacks = input_read(paths, count, good);
	if (asked.baseline)
		stacks = input_compare(input_read(baseline, 1, good), stacks);
	bool empty = !(stacks_total(stacks) > 0) && !stacks->old;
	if (empty)
		die(EXIT_FAILED, "no stack counts found: is the input folded text (frame;frame COUNT)?");
	return stacks;
}

static void add_edits(void)
{
	if (asked.thread)
		edits_add(&viewer.edits, EDIT_THREAD, text_of(asked.thread));
	if (asked.reverse)
		edits_add(&viewer.edits, EDIT_INVERT, text_of(""));
	for (size_t i = 0; i < asked.hidden.count; i++)
		edits_add(&viewer.edits, EDIT_HIDE, text_of(asked.hidden.items[i]));
	if (asked.only)
		edits_add(&viewer.edits, EDIT_ONLY, text_of(asked.only));
}

static void start_search(void)
{
	char why[300];
	if (asked.search && !search_set(&viewer.search, asked.search, false, why, sizeof why))
		die(EXIT_USAGE, "--search %s: %s", asked.search, why);
}

static void settle(char **paths, size_t count)
{
	bool piped = count == 0 || strcmp(paths[0], "-") == 0;
	if (asked.live && count && (count > 1 || !piped))
		die(EXIT_USAGE, "--live reads standard input, no files");
	if (asked.live && asked.baseline)
		die(EXIT_USAGE, "--live and --baseline do not go together");
	if (count == 0 && isatty(STDIN_FILENO))
		die(EXIT_USAGE, "nothing to show: name a file, or pipe folded stacks in (try --help)");
	viewer.title = asked.title ? asked.title : piped ? "stdin" : paths[0];
	viewer.icicle = asked.inverted;
	viewer.heavy_first = asked.heavy_first;
	start_search();
	add_edits();
}

/* The width asked for, or that of the terminal, or 80. */
static int dump_width(void)
{
	enum { MOST = 10000 };
	struct winsize size;
	const char *columns = getenv("COLUMNS");
	int from_environment = columns ? atoi(columns) : 0;
	if (asked.width)
		return asked.width < MOST ? (int)asked.width : MOST;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		return size.ws_col;
	return from_environment >= 10 && from_environment < MOST ? from_environment : 80;
}

/* Text for a program has no colours unless they are asked for. */
static void dump(void)
{
	const char *term = getenv("TERM");
	bool plain = !isatty(STDOUT_FILENO) || !term || strcmp(term, "dumb") == 0;
	viewer.depth = asked.depth ? paint_depth_of(asked.depth) : plain ? DEPTH_NONE : paint_depth(8);
	while (viewer.live.fd >= 0 && (live_take(&viewer.live, viewer.base) || !viewer.live.ended))
		if (live_wants(&viewer.live))
			live_read(&viewer.live);
	viewer_rebuild(&viewer);
	dump_write(&viewer, dump_width());
}

int main(int argc, char **argv)
{
	bool good = true;
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	cells_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	size_t count = opt_parse(&program, argc, argv);
	settle(argv, count);
	viewer.base = read_stacks(argv, count, &good);
	viewer.scheme = scheme_of(asked.colors ? asked.colors : viewer.base->old ? "diff" : "hot");
	if (asked.dump || !terminal_open()) {
		dump();
	} else {
		viewer.depth = asked.depth ? paint_depth_of(asked.depth) : paint_depth(terminal_colors());
		viewer_rebuild(&viewer);
		session_run(&viewer);
		terminal_close();
	}
	viewer_free(&viewer);
	return good ? EXIT_DONE : EXIT_FAILED;
}
