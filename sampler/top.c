#include "sampler/top.h"

#include <fcntl.h>
#include <locale.h>
#include <ncurses.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

#include "common/report.h"

enum { MOST_FILTER = 64, HEAD_LINES = 5, ESCAPE = 27 };
static const double INTERVAL_SECONDS = 1;

struct top {
	struct top_table *table;
	struct top_state state;
	FILE *keys;
	SCREEN *screen;
	double turned; /* when the last interval ended */
	bool changed;  /* something that is not on the screen yet */
	bool lines, helps, typing, quits;
	enum top_column column;
	int first; /* row on top */
	size_t rows;
	char filter[MOST_FILTER], typed[MOST_FILTER];
	int errors, real_errors; /* stderr while open: a file in memory; and the one outside */
};

/* ---- the terminal ---- */

static struct top *open_top;

static void give_back(void)
{
	char block[1024];
	ssize_t size;
	struct top *top = open_top;
	if (!top)
		return;
	open_top = NULL;
	endwin();
	dup2(top->real_errors, STDERR_FILENO);
	lseek(top->errors, 0, SEEK_SET);
	while ((size = read(top->errors, block, sizeof block)) > 0)
		if (write(STDERR_FILENO, block, (size_t)size) < 0)
			break;
}

static void keep_errors(struct top *top)
{
	top->errors = memfd_create("messages", MFD_CLOEXEC);
	top->real_errors = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10);
	if (top->errors >= 0)
		dup2(top->errors, STDERR_FILENO);
}

struct top *top_open(struct top_table *table)
{
	struct top *top = mem_zero(1, sizeof *top);
	setlocale(LC_CTYPE, "");
	top->table = table;
	top->column = TOP_OWN_TIME;
	top->changed = true;
	top->keys = isatty(STDIN_FILENO) ? stdin : fopen("/dev/tty", "r+e");
	const char *term = getenv("TERM");
	if (term && strcmp(term, "dumb") != 0 && isatty(STDOUT_FILENO) && top->keys)
		top->screen = newterm(NULL, stdout, top->keys);
	if (!top->screen)
		die(EXIT_FAILED, "--top needs a terminal");
	keep_errors(top);
	open_top = top;
	atexit(give_back);
	set_escdelay(25);
	cbreak();
	noecho();
	curs_set(0);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	return top;
}

void top_close(struct top *top)
{
	give_back();
	delscreen(top->screen);
	if (top->keys != stdin)
		fclose(top->keys);
	close(top->errors);
	close(top->real_errors);
	free(top);
}

/* ---- drawing ---- */

/* Text from the program may hold anything: what is not printable is shown as '?'. Cut at the right edge. */
static void put_text(int y, int x, struct text text)
{
	const char *at = text.at, *end = text.at + text.size;
	move(y, x);
	while (at < end) {
		wchar_t c = (wchar_t)utf8_next(&at, end);
		int width = wcwidth(c);
		if (width < 0) {
			c = L'?';
			width = 1;
		}
		if (x + width > COLS)
			return;
		addnwstr(&c, 1);
		x += width;
	}
}

static void put_format(int y, int x, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void put_format(int y, int x, const char *format, ...)
{
	char line[512];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	put_text(y, x, text_of(line));
}

static double percent(double part, unsigned long all)
{
	return all ? 100 * part / (double)all : 0;
}

static void draw_head(const struct top *top)
{
	const struct top_state *state = &top->state;
	const struct top_table *table = top->table;
	put_text(0, 0, text_of(state->title));
	put_format(1, 0, "%s%lu sample%s at %g per second, %lu late, %lu failed%s",
		state->ended ? "the program has ended; " : "", table->samples, plural(table->samples), state->rate,
		state->late, state->failed, state->unstopped ? ", read without a stop" : "");
	put_format(2, 0, "GIL: %.1f%%  Active: %.1f%%  Threads: %u",
		percent((double)table->shares.gil, table->shares.samples),
		percent((double)table->shares.active, table->shares.samples), table->threads);
	if (top->typing)
		put_format(3, 0, "Filter: %s_", top->typed);
	else if (*top->filter)
		put_format(3, 0, "Filter: %s", top->filter);
}

static void draw_columns(const struct top *top)
{
	static const char *const titles[] = {"  %Own", "  %Total", "   OwnTime", " TotalTime"};
	int x = 0;
	attron(A_REVERSE);
	mvhline(4, 0, ' ', COLS);
	for (int i = 0; i < 4; i++) {
		if (i == (int)top->column)
			attron(A_BOLD);
		put_text(4, x, text_of(titles[i]));
		attroff(A_BOLD);
		x += (int)strlen(titles[i]);
	}
	put_text(4, x + 2, text_of(top->lines ? "Function (file:line)" : "Function (file)"));
	attroff(A_REVERSE);
}

static void draw_rows(struct top *top, int height)
{
	const struct top_row **rows = top_table_sorted(
		top->table, top->lines, top->column, top->typing ? top->typed : top->filter, &top->rows);
	unsigned long samples = top->table->shares.samples;
	if (top->first > (int)top->rows - height)
		top->first = (int)top->rows - height;
	if (top->first < 0)
		top->first = 0;
	for (int y = 0; y < height && (size_t)(top->first + y) < top->rows; y++) {
		const struct top_row *row = rows[top->first + y];
		put_format(HEAD_LINES + y, 0, "%6.1f%%%7.1f%%%9.2fs%9.2fs", percent(row->own, samples),
			percent(row->total, samples), row->own_time, row->total_time);
		put_text(HEAD_LINES + y, 36, top_table_name(top->table, top->lines, row));
	}
	free(rows);
}

static void draw_help(void)
{
	static const char *const help[] = {
		"1  sort by %Own: of the last second's samples, those that end in it",
		"2  sort by %Total: those that hold it",
		"3  sort by OwnTime: since the beginning, or since R",
		"4  sort by TotalTime",
		"L  lines or functions",
		"R  reset: forget what was counted",
		"/  filter: only names that hold a text (Enter takes it, Esc clears it)",
		"Up Down PgUp PgDn Home  scroll",
		"q  quit",
		"",
		"GIL: samples in which a thread holds it. Active: in which one runs.",
		"A share is of samples: of several threads it can be over 100%.",
		"Any key goes back to the table.",
	};
	for (size_t i = 0; i < sizeof help / sizeof *help; i++)
		put_text(HEAD_LINES + (int)i, 1, text_of(help[i]));
}

static void draw(struct top *top)
{
	int height = LINES - HEAD_LINES - 1;
	erase();
	draw_head(top);
	draw_columns(top);
	if (top->helps)
		draw_help();
	else
		draw_rows(top, height > 0 ? height : 0);
	mvhline(LINES - 1, 0, ' ', COLS);
	put_text(LINES - 1, 0, text_of("1-4 sort  L lines/functions  R reset  / filter  ? help  q quit"));
	refresh();
	top->changed = false;
}

/* ---- keys ---- */

static void type_key(struct top *top, wint_t key, bool function)
{
	size_t size = strlen(top->typed);
	if (key == ESCAPE || key == '\n' || key == '\r' || (function && key == KEY_ENTER)) {
		strcpy(top->filter, key == ESCAPE ? "" : top->typed);
		top->typing = false;
	} else if (key == 127 || key == 8 || (function && key == KEY_BACKSPACE)) {
		while (size && (top->typed[--size] & 0xC0) == 0x80)
			;
		top->typed[size] = '\0';
	} else if (!function && key >= ' ' && size + 5 < sizeof top->typed) {
		top->typed[size + utf8_put(top->typed + size, (uint32_t)key)] = '\0';
	}
}

static void scroll_key(struct top *top, wint_t key)
{
	int page = LINES > HEAD_LINES + 2 ? LINES - HEAD_LINES - 2 : 1;
	int steps = key == KEY_UP ? -1 : key == KEY_DOWN ? 1 : key == KEY_PPAGE ? -page : key == KEY_NPAGE ? page : 0;
	top->first = key == KEY_HOME ? 0 : top->first + steps;
}

static void press(struct top *top, wint_t key)
{
	if (top->helps) {
		top->helps = false;
		return;
	}
	switch (key) {
	case '1':
	case '2':
	case '3':
	case '4':
		top->column = (enum top_column)(key - '1');
		break;
	case 'l':
	case 'L':
		top->lines = !top->lines;
		top->first = 0;
		break;
	case 'r':
	case 'R':
		top_table_reset(top->table);
		break;
	case '/':
		top->typing = true;
		strcpy(top->typed, top->filter);
		break;
	case ESCAPE:
		*top->filter = '\0';
		break;
	case '?':
	case 'x':
	case 'X':
	case 'h':
		top->helps = true;
		break;
	case 'q':
	case 'Q':
		top->quits = true;
		break;
	case 'L' & 0x1F: /* Ctrl-L */
		clearok(curscr, TRUE);
		break;
	}
}

static void read_keys(struct top *top)
{
	wint_t key;
	for (int kind; (kind = get_wch(&key)) != ERR; top->changed = true)
		if (top->typing)
			type_key(top, key, kind == KEY_CODE_YES);
		else if (kind == KEY_CODE_YES)
			scroll_key(top, key);
		else
			press(top, key);
}

bool top_tick(struct top *top, const struct top_state *state, double now)
{
	read_keys(top);
	if (!state->ended && now - top->turned >= INTERVAL_SECONDS) {
		top_table_interval_ends(top->table);
		top->turned = now;
		top->changed = true;
	}
	if (state->ended != top->state.ended)
		top->changed = true;
	top->state = *state;
	if (top->changed)
		draw(top);
	return !top->quits;
}
