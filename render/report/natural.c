#include "render/report/natural.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static size_t digits_at(const char *at)
{
	return strspn(at, "0123456789");
}

/* Of two runs of digits, of any length; moves both behind them. */
static int compare_numbers(const char **a, const char **b)
{
	*a += strspn(*a, "0");
	*b += strspn(*b, "0");
	size_t size_a = digits_at(*a), size_b = digits_at(*b);
	int order = size_a != size_b ? (size_a < size_b ? -1 : 1) : memcmp(*a, *b, size_a);
	*a += size_a;
	*b += size_b;
	return order;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

int natural_compare(const char *a, const char *b)
{
	const char *at_a = a, *at_b = b;
	int order = 0;
	while (!order && *at_a && *at_b)
		order = is_digit(*at_a) && is_digit(*at_b) ? compare_numbers(&at_a, &at_b)
							   : lower(*at_a++) - lower(*at_b++);
	if (!order)
		order = (*at_a != '\0') - (*at_b != '\0');
	return order ? order : strcmp(a, b);
}
