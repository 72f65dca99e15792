/* The terminal while the viewer runs: ncurses looks after its modes, keys and mouse; what is shown is written by
 * paint.h, since the windows of ncurses know no 24-bit colours on usual terminals. It is given back as it was whatever
 * ends the program. */
#ifndef RENDER_VIEW_TERMINAL_H
#define RENDER_VIEW_TERMINAL_H

#include <stddef.h>

#include "render/view/paint.h"

enum key_kind {
	K_NONE, /* no key was pressed */
	K_CHARACTER,
	K_UP,
	K_DOWN,
	K_LEFT,
	K_RIGHT,
	K_PAGE_UP,
	K_PAGE_DOWN,
	K_HOME,
	K_END,
	K_ENTER,
	K_ESCAPE,
	K_BACKSPACE,
	K_TAB,
	K_CLICK,       /* at column x, line y */
	K_RIGHT_CLICK, /* the same */
	K_WHEEL_UP,
	K_WHEEL_DOWN,
	K_RESIZE,
	K_OTHER,
};

struct key {
	enum key_kind kind;
	uint32_t character; /* K_CHARACTER */
	int x, y;
};

/* Takes the terminal over: output goes to standard output, keys come from standard input or, if that is no terminal,
 * from /dev/tty. From then on messages (stderr) are kept and shown when it is given back. False, and nothing done, if
 * there is no terminal that can show the graph. */
bool terminal_open(void);
/* Gives it back. Done at exit and before a deadly signal by itself. */
void terminal_close(void);
/* For poll: readable when keys are there. */
int terminal_fd(void);
struct key terminal_key(void);
/* Number of colours as terminfo says. */
int terminal_colors(void);
void terminal_size(int *width, int *height);
void terminal_write(const struct buffer *bytes);
/* True once after the program was stopped and goes on: all must be drawn again. */
bool terminal_resumed(void);
/* The last line said on stderr since the last call, "" if none was; lives until the next call. */
const char *terminal_message(void);

#endif
