/* common/opt: the parser, on tables of command lines. Wrong use ends the process: it is tried in a child. */
#include "common/opt.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "common/report.h"

static bool flag, other, rest;
static const char *title, *palette;
static long height;
static double width;
static struct opt_list names;
static const char *const palettes[] = {"hot", "mem", NULL};

static const struct opt options[] = {
	{'f', "flag", OPT_FLAG, &flag, NULL, "A flag.", NULL, 0, false},
	{'x', "flamechart", OPT_FLAG, &other, NULL, "Another.", NULL, 0, false},
	{0, "title", OPT_STRING, &title, "TEXT", "A string.", NULL, 0, false},
	{'p', "palette", OPT_CHOICE, &palette, "NAME", "A choice.", palettes, 0, false},
	{'n', "height", OPT_INTEGER, &height, "N", "A whole number.", NULL, 1, false},
	{0, "width", OPT_NUMBER, &width, "N", "A number.", NULL, 0, false},
	{0, "name", OPT_LIST, &names, "NAME", "A list.", NULL, 0, false},
	{'t', "trace", OPT_REST, &rest, NULL, "All behind it is a command.", NULL, 0, false},
	{0},
};
static const struct opt_program program = {"prog", "Does things.", "[options] [FILE ...]", NULL, options, NULL, false};

/* Splits a command line at blanks and parses it; operands are joined in `left`. */
static void parse(const char *line, char left[200])
{
	static char copy[200];
	static char name[] = "prog";
	char *argv[20] = {name};
	int argc = 1;
	flag = other = rest = false;
	title = palette = NULL;
	height = 0;
	width = 0;
	names.count = 0;
	snprintf(copy, sizeof copy, "%s", line);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	size_t count = opt_parse(&program, argc, argv);
	left[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		strcat(left, argv[i]);
		strcat(left, i + 1 < count ? "," : "");
	}
}

static const struct {
	const char *line, *left;
	bool flag, other, rest;
	const char *title, *palette;
	long height;
	double width;
	size_t names;
} good[] = {
	{"a b", "a,b", false, false, false, NULL, NULL, 0, 0, 0},
	{"--flag a --title x b", "a,b", true, false, false, "x", NULL, 0, 0, 0},
	{"--title=x=y", "", false, false, false, "x=y", NULL, 0, 0, 0},
	{"-title x", "", false, false, false, "x", NULL, 0, 0, 0},
	{"-title=x", "", false, false, false, "x", NULL, 0, 0, 0},
	{"--ti x", "", false, false, false, "x", NULL, 0, 0, 0},
	{"--TITLE x", "", false, false, false, "x", NULL, 0, 0, 0},
	{"-fx", "", true, true, false, NULL, NULL, 0, 0, 0},
	{"-fn3", "", true, false, false, NULL, NULL, 3, 0, 0},
	{"-fn 3", "", true, false, false, NULL, NULL, 3, 0, 0},
	{"-p mem --width 1.5", "", false, false, false, NULL, "mem", 0, 1.5, 0},
	{"--name a --name b", "", false, false, false, NULL, NULL, 0, 0, 2},
	{"a -- --flag", "a,--flag", false, false, false, NULL, NULL, 0, 0, 0},
	{"-f -t cmd -x --flag", "cmd,-x,--flag", true, false, true, NULL, NULL, 0, 0, 0},
	{"- a", "-,a", false, false, false, NULL, NULL, 0, 0, 0},
};

static const struct {
	const char *line;
	int status;
	const char *message; /* what stderr (or stdout, with status 0) begins with */
} ends[] = {
	{"--nothing", 2, "prog: there is no option '--nothing': see 'prog --help'"},
	{"-z", 2, "prog: there is no option '-z'"},
	{"--fla", 2, "prog: option '--fla' is ambiguous"},
	{"--title", 2, "prog: --title needs a value (TEXT)"},
	{"--height 1.5", 2, "prog: --height needs a whole number, not '1.5'"},
	{"--height x", 2, "prog: --height needs a whole number, not 'x'"},
	{"--height 0", 2, "prog: --height must be at least 1"},
	{"--width -1", 2, "prog: --width must be at least 0"},
	{"--width 1x", 2, "prog: --width needs a number, not '1x'"},
	{"--flag=yes", 2, "prog: option --flag takes no value"},
	{"--palette grue", 2, "prog: --palette must be one of hot, mem, not 'grue'"},
	{"--help", 0, "usage: prog [options] [FILE ...]"},
	{"--version", 0, "prog 0."},
};

static void check_ends(void)
{
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		char left[200], said[4000] = "";
		int pipes[2], status = 0;
		CHECK(pipe(pipes) == 0, "pipe");
		pid_t child = fork();
		if (child == 0) {
			dup2(pipes[1], STDOUT_FILENO);
			dup2(pipes[1], STDERR_FILENO);
			parse(ends[i].line, left);
			_exit(99);
		}
		close(pipes[1]);
		size_t size = 0;
		for (ssize_t n; (n = read(pipes[0], said + size, sizeof said - 1 - size)) > 0;)
			size += (size_t)n;
		close(pipes[0]);
		waitpid(child, &status, 0);
		CHECK_NUMBER(WEXITSTATUS(status), ends[i].status, ends[i].line);
		CHECK_TEXT(said, strlen(ends[i].message) < size ? strlen(ends[i].message) : size, ends[i].message,
			ends[i].line);
	}
}

int main(void)
{
	char left[200];
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		parse(good[i].line, left);
		CHECK_STRING(left, good[i].left, good[i].line);
		CHECK(flag == good[i].flag && other == good[i].other && rest == good[i].rest, good[i].line);
		CHECK_STRING(title ? title : "", good[i].title ? good[i].title : "", good[i].line);
		CHECK_STRING(palette ? palette : "", good[i].palette ? good[i].palette : "", good[i].line);
		CHECK_NUMBER((double)height, (double)good[i].height, good[i].line);
		CHECK_NUMBER(width, good[i].width, good[i].line);
		CHECK_NUMBER((double)names.count, (double)good[i].names, good[i].line);
	}
	check_ends();
	free(names.items);
	return check_end();
}
