/* Messages to the user: one line each on stderr, "program: file:line: what is wrong: what to do". */
#ifndef COMMON_REPORT_H
#define COMMON_REPORT_H

#include <stdbool.h>

/* Exit statuses of every program. */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* How much is said: -1 nothing but fatal errors (-q), 0 problems only, 1 what is done (-v). */
extern int report_level;
/* Whether any error or warning was reported (or would have been without -q). */
extern bool report_any;

/* Sets the name that starts every line; keeps the pointer, cuts a leading directory. */
void report_program(const char *name);

/* An error that ends nothing by itself; always printed. */
void report_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A problem that was worked around; silent with -q. */
void report_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* What is being done; printed with -v only. */
void report_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Prints an error and leaves with the status given. */
_Noreturn void die(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
