#include "common/map.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/report.h"

static char shrank_message[256];

/* Somebody made a file shorter while its end was read. */
static void file_shrank(int number)
{
	(void)number;
	ssize_t written = write(STDERR_FILENO, shrank_message, strlen(shrank_message));
	(void)written;
	_exit(EXIT_FAILED);
}

struct text map_file(int fd, size_t size)
{
	void *at = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (at == MAP_FAILED)
		return (struct text){NULL, 0};
	snprintf(shrank_message, sizeof shrank_message, "%.100s: a file was cut off while it was read\n",
		program_invocation_short_name);
	signal(SIGBUS, file_shrank);
	return (struct text){at, size};
}

void map_free(struct text map)
{
	if (map.at)
		munmap((char *)map.at, map.size);
}
