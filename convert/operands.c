#include "convert/operands.h"

#include <string.h>

#include "common/mem.h"

/* A format sees its input as a source, not as operands. But the system hands the command line to constructors as it
 * does to main, and opt_parse moves operands to the front of argv: they end where argv is still as it was. */
static char **now, **before;

__attribute__((constructor)) static void keep(int argc, char **argv)
{
	now = argv;
	before = mem_alloc(((size_t)argc + 1) * sizeof *before);
	memcpy(before, argv, ((size_t)argc + 1) * sizeof *before);
}

char *const *operands(size_t *count)
{
	for (*count = 0; now[*count] && now[*count] != before[*count]; ++*count)
		continue;
	return now;
}
