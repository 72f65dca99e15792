#include "render/view/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <ncurses.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

enum { ESCAPE_DELAY = 25 }; /* ms: longer than the bytes of one key take, shorter than a person notices */

static struct {
	volatile sig_atomic_t open, resumed;
	pid_t owner; /* children that save a file must not touch the terminal */
	FILE *keys;
	SCREEN *screen;
	WINDOW *pad; /* reading a key from a pad draws nothing */
	struct termios modes;
	char restore[128]; /* what puts the screen back */
	size_t restore_size;
	int errors, real_errors; /* stderr while open: a file in memory; and the one outside */
	off_t said;              /* how much of `errors` was shown */
} terminal;

/* ---- giving it back: all of it may be called in a signal handler ---- */

static void write_all(int fd, const char *at, size_t size)
{
	while (size) {
		ssize_t n = write(fd, at, size);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			break;
		if (n > 0) {
			at += n;
			size -= (size_t)n;
		}
	}
}

static void release_errors(void)
{
	char block[1024];
	ssize_t n;
	dup2(terminal.real_errors, STDERR_FILENO);
	lseek(terminal.errors, terminal.said, SEEK_SET);
	while ((n = read(terminal.errors, block, sizeof block)) > 0)
		write_all(STDERR_FILENO, block, (size_t)n);
}

static void restore(void)
{
	if (!terminal.open || getpid() != terminal.owner)
		return;
	terminal.open = 0;
	write_all(STDOUT_FILENO, terminal.restore, terminal.restore_size);
	tcsetattr(STDOUT_FILENO, TCSADRAIN, &terminal.modes);
	release_errors();
}

static void on_deadly(int number)
{
	restore();
	signal(number, SIG_DFL);
	raise(number);
}

static void on_continue(int number)
{
	(void)number;
	terminal.resumed = 1;
}

static void catch_signals(void)
{
	static const int deadly[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
	for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
		signal(deadly[i], on_deadly);
	struct sigaction resume = {.sa_handler = on_continue};
	sigaction(SIGCONT, &resume, NULL);
}

void terminal_close(void)
{
	if (!terminal.open || getpid() != terminal.owner)
		return;
	endwin();
	restore();
}

/* ---- taking it over ---- */

/* A capability without its padding ("$<5>"). */
static void add_capability(const char *name)
{
	const char *value = tigetstr(name);
	if (!value || value == (const char *)-1)
		return;
	size_t size = strcspn(value, "$");
	if (terminal.restore_size + size > sizeof terminal.restore)
		return;
	memcpy(terminal.restore + terminal.restore_size, value, size);
	terminal.restore_size += size;
}

static void prepare_restore(void)
{
	static const char start[] = "\033[0m\033[?1006l\033[?1000l";
	memcpy(terminal.restore, start, sizeof start - 1);
	terminal.restore_size = sizeof start - 1;
	add_capability("rmkx");
	add_capability("cnorm");
	add_capability("rmcup");
}

static void keep_errors(void)
{
	terminal.errors = memfd_create("messages", MFD_CLOEXEC);
	terminal.real_errors = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10);
	if (terminal.errors >= 0)
		dup2(terminal.errors, STDERR_FILENO);
}

static bool can_address_cells(void)
{
	int error;
	return setupterm(NULL, STDOUT_FILENO, &error) == OK && tigetstr("cup") && tigetstr("cup") != (char *)-1;
}

bool terminal_open(void)
{
	const char *term = getenv("TERM");
	if (!term || !*term || strcmp(term, "dumb") == 0 || !isatty(STDOUT_FILENO) || !can_address_cells())
		return false;
	terminal.keys = isatty(STDIN_FILENO) ? stdin : fopen("/dev/tty", "r+e");
	if (!terminal.keys || tcgetattr(STDOUT_FILENO, &terminal.modes) != 0)
		return false;
	set_escdelay(ESCAPE_DELAY);
	terminal.screen = newterm(NULL, stdout, terminal.keys);
	if (!terminal.screen)
		return false;
	prepare_restore();
	terminal.owner = getpid();
	terminal.open = 1;
	atexit(terminal_close);
	catch_signals();
	cbreak();
	noecho();
	curs_set(0);
	refresh();
	terminal.pad = newpad(1, 1);
	keypad(terminal.pad, TRUE);
	nodelay(terminal.pad, TRUE);
	mousemask(BUTTON1_PRESSED | BUTTON3_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	mouseinterval(0);
	keep_errors();
	return true;
}

/* ---- keys ---- */

static struct key mouse_key(void)
{
	MEVENT event;
	if (getmouse(&event) != OK)
		return (struct key){.kind = K_OTHER};
	struct key key = {.kind = K_OTHER, .x = event.x, .y = event.y};
	if (event.bstate & BUTTON1_PRESSED)
		key.kind = K_CLICK;
	else if (event.bstate & BUTTON3_PRESSED)
		key.kind = K_RIGHT_CLICK;
	else if (event.bstate & BUTTON4_PRESSED)
		key.kind = K_WHEEL_UP;
	else if (event.bstate & BUTTON5_PRESSED)
		key.kind = K_WHEEL_DOWN;
	return key;
}

static struct key function_key(wint_t code)
{
	static const struct {
		wint_t code;
		enum key_kind kind;
	} keys[] = {{KEY_UP, K_UP}, {KEY_DOWN, K_DOWN}, {KEY_LEFT, K_LEFT}, {KEY_RIGHT, K_RIGHT},
		{KEY_PPAGE, K_PAGE_UP}, {KEY_NPAGE, K_PAGE_DOWN}, {KEY_HOME, K_HOME}, {KEY_END, K_END},
		{KEY_ENTER, K_ENTER}, {KEY_BACKSPACE, K_BACKSPACE}, {KEY_RESIZE, K_RESIZE}};
	if (code == KEY_MOUSE)
		return mouse_key();
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (keys[i].code == code)
			return (struct key){.kind = keys[i].kind};
	return (struct key){.kind = K_OTHER};
}

struct key terminal_key(void)
{
	wint_t code;
	int result = wget_wch(terminal.pad, &code);
	if (result == ERR)
		return (struct key){.kind = K_NONE};
	if (result == KEY_CODE_YES)
		return function_key(code);
	switch (code) {
	case '\n':
	case '\r':
		return (struct key){.kind = K_ENTER};
	case '\t':
		return (struct key){.kind = K_TAB};
	case 27:
		return (struct key){.kind = K_ESCAPE};
	case 8:
	case 127:
		return (struct key){.kind = K_BACKSPACE};
	}
	return (struct key){.kind = K_CHARACTER, .character = code};
}

int terminal_fd(void)
{
	return fileno(terminal.keys);
}

int terminal_colors(void)
{
	return tigetnum("colors");
}

void terminal_size(int *width, int *height)
{
	*width = COLS;
	*height = LINES;
}

void terminal_write(const struct buffer *bytes)
{
	write_all(STDOUT_FILENO, bytes->at, bytes->size);
}

bool terminal_resumed(void)
{
	bool resumed = terminal.resumed;
	terminal.resumed = 0;
	return resumed;
}

const char *terminal_message(void)
{
	static char line[512];
	char block[4096];
	ssize_t n;
	line[0] = '\0';
	while ((n = pread(terminal.errors, block, sizeof block - 1, terminal.said)) > 0) {
		terminal.said += n;
		block[n] = '\0';
		while (n && block[n - 1] == '\n')
			block[--n] = '\0';
		const char *last = strrchr(block, '\n');
		snprintf(line, sizeof line, "%.*s", (int)sizeof line - 1, last ? last + 1 : block);
	}
	return line;
}
