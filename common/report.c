#include "common/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int report_level;
bool report_any;
static const char *program = "?";

void report_program(const char *name)
{
	const char *slash = strrchr(name, '/');
	program = slash ? slash + 1 : name;
}

/* One write for the whole line, so that lines of several threads do not mix. */
static void say(const char *kind, const char *format, va_list args)
{
	char line[2048];
	int start = snprintf(line, sizeof line, "%s: %s", program, kind);
	if (start < 0 || (size_t)start >= sizeof line)
		return;
	vsnprintf(line + start, sizeof line - (size_t)start, format, args);
	for (char *c = line; *c; c++) /* pieces of input must not reach the terminal's control */
		if (((unsigned char)*c < ' ' && *c != '\t') || *c == 0x7f)
			*c = '?';
	fprintf(stderr, "%s\n", line);
}

void report_error(const char *format, ...)
{
	va_list args;
	report_any = true;
	va_start(args, format);
	say("", format, args);
	va_end(args);
}

void report_warning(const char *format, ...)
{
	report_any = true;
	if (report_level < 0)
		return;
	va_list args;
	va_start(args, format);
	say("warning: ", format, args);
	va_end(args);
}

void report_info(const char *format, ...)
{
	if (report_level < 1)
		return;
	va_list args;
	va_start(args, format);
	say("", format, args);
	va_end(args);
}

void die(int status, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say("", format, args);
	va_end(args);
	exit(status);
}
