#include "sampler/maps.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/text.h"
#include "sampler/image.h"

/* 7f1e80000000-7f1e80021000 r-xp 00001000 fe:00 1234   /usr/lib/libpython3.11.so.1.0 */
static bool parse_line(char *line, struct mapping *mapping)
{
	unsigned long long start, end, offset, inode;
	unsigned major_number, minor_number;
	char rights[5];
	int path = 0;
	if (sscanf(line, "%llx-%llx %4s %llx %x:%x %llu %n", &start, &end, rights, &offset, &major_number,
		    &minor_number, &inode, &path) < 7)
		return false;
	*mapping = (struct mapping){.start = start, .end = end, .offset = offset, .inode = inode};
	mapping->readable = rights[0] == 'r';
	mapping->writable = rights[1] == 'w';
	mapping->executable = rights[2] == 'x';
	mapping->device = makedev(major_number, minor_number);
	char *name = line + path, *deleted;
	name[strcspn(name, "\n")] = '\0';
	if (name[0] != '/')
		return true;
	if ((deleted = strstr(name, " (deleted)")) != NULL && !deleted[10])
		*deleted = '\0';
	mapping->path = mem_copy_string(name);
	return true;
}

bool maps_add_line(struct maps *maps, char *line)
{
	maps->list = mem_grow(maps->list, &maps->capacity, maps->count + 1, sizeof *maps->list);
	if (!parse_line(line, &maps->list[maps->count]))
		return false;
	maps->count++;
	return true;
}

void maps_write_line(const struct mapping *mapping, struct sink *sink)
{
	sink_format(sink, "%llx-%llx %c%c%cp %llx %x:%x %llu", (unsigned long long)mapping->start,
		(unsigned long long)mapping->end, mapping->readable ? 'r' : '-', mapping->writable ? 'w' : '-',
		mapping->executable ? 'x' : '-', (unsigned long long)mapping->offset, major(mapping->device),
		minor(mapping->device), (unsigned long long)mapping->inode);
	sink_format(sink, " %s\n", mapping->path ? mapping->path : "");
}

bool maps_read(pid_t pid, struct maps *maps)
{
	char path[64], *line = NULL;
	size_t room = 0;
	*maps = (struct maps){0};
	if (image_is_loaded()) {
		image_maps(maps);
		return true;
	}
	snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
	FILE *file = fopen(path, "re");
	if (!file)
		return false;
	while (getline(&line, &room, file) > 0)
		maps_add_line(maps, line);
	free(line);
	fclose(file);
	return true;
}

void maps_free(struct maps *maps)
{
	for (size_t i = 0; i < maps->count; i++)
		free(maps->list[i].path);
	free(maps->list);
	*maps = (struct maps){0};
}

/* Opens it if it is the file that is mapped. The device is not compared: overlay file systems show another one. */
static int open_same(const char *path, const struct mapping *mapping)
{
	struct stat info;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_ino == mapping->inode)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

int maps_open(pid_t pid, const struct mapping *mapping)
{
	struct buffer path = {0};
	int fd = -1;
	buffer_add_format(&path, "/proc/%d/map_files/%llx-%llx", (int)pid, (unsigned long long)mapping->start,
		(unsigned long long)mapping->end);
	fd = open_same(path.at, mapping);
	if (fd < 0) {
		buffer_clear(&path);
		buffer_add_format(&path, "/proc/%d/exe", (int)pid);
		fd = open_same(path.at, mapping);
	}
	if (fd < 0) {
		buffer_clear(&path);
		buffer_add_format(&path, "/proc/%d/root%s", (int)pid, mapping->path);
		fd = open_same(path.at, mapping);
	}
	if (fd < 0)
		fd = open_same(mapping->path, mapping);
	buffer_free(&path);
	return fd;
}
