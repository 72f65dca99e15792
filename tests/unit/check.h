/* Checks of unit tests: a failed one is printed with its place, the program goes on and ends with status 1. */
#ifndef TESTS_UNIT_CHECK_H
#define TESTS_UNIT_CHECK_H

#include <math.h>
#include <stdio.h>
#include <string.h>

static int check_failures;
static int check_count;

/* A check of a condition; `what` names the table row or the fact. */
static inline void check_that(int good, const char *what, const char *file, int line)
{
	check_count++;
	if (good)
		return;
	check_failures++;
	printf("%s:%d: %s\n", file, line, what);
}

static inline void check_text(
	const char *got, size_t size, const char *expected, const char *what, const char *file, int line)
{
	check_count++;
	if (size == strlen(expected) && (!size || memcmp(got, expected, size) == 0))
		return;
	check_failures++;
	printf("%s:%d: %s: expected '%s', got '%.*s'\n", file, line, what, expected, (int)size, got);
}

static inline void check_number(double got, double expected, const char *what, const char *file, int line)
{
	check_count++;
	if (got == expected)
		return;
	check_failures++;
	printf("%s:%d: %s: expected %.17g, got %.17g\n", file, line, what, expected, got);
}

#define CHECK(condition, what) check_that((condition) != 0, what, __FILE__, __LINE__)
/* Text with a size, or a C string, against a C string. */
#define CHECK_TEXT(at, size, expected, what) check_text(at, size, expected, what, __FILE__, __LINE__)
#define CHECK_STRING(got, expected, what) check_text(got, strlen(got), expected, what, __FILE__, __LINE__)
#define CHECK_NUMBER(got, expected, what) check_number(got, expected, what, __FILE__, __LINE__)

/* The end of main: no check at all is a failure too. */
static inline int check_end(void)
{
	if (check_failures)
		printf("%d of %d checks failed\n", check_failures, check_count);
	return check_failures || !check_count;
}

#endif
