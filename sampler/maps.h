/* The target's memory map, /proc/PID/maps. */
#ifndef SAMPLER_MAPS_H
#define SAMPLER_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/sink.h"

struct mapping {
	uint64_t start, end, offset; /* offset in the file */
	bool readable, writable, executable;
	uint64_t device, inode; /* 0: no file */
	char *path;             /* as the kernel names it, without " (deleted)"; NULL: no file */
};

struct maps {
	struct mapping *list; /* by address */
	size_t count, capacity;
};

/* False, with errno, if the map cannot be read. */
bool maps_read(pid_t pid, struct maps *maps);
/* Adds a mapping as a line of /proc/PID/maps tells it (which may be changed); false if it is none. */
bool maps_add_line(struct maps *maps, char *line);
/* Writes such a line. */
void maps_write_line(const struct mapping *mapping, struct sink *sink);
void maps_free(struct maps *maps);
/* Opens the file behind a mapping, whatever mount namespace or root the target has, and deleted or not: tries
 * map_files, exe, /proc/PID/root and the path itself, and takes the one with the right device and inode. -1 if there is
 * none. */
int maps_open(pid_t pid, const struct mapping *mapping);

#endif
