#include "render/report/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/report.h"

char *file_path(const char *folder, const char *name)
{
	struct buffer path = {0};
	buffer_add_format(&path, "%s/%s", folder, name);
	return path.at;
}

void file_folder(const char *path)
{
	char *part = mem_copy_string(path);
	for (size_t i = 1; i < strlen(path); i++) {
		if (path[i] != '/')
			continue;
		part[i] = '\0';
		mkdir(part, 0777);
		part[i] = '/';
	}
	if (mkdir(part, 0777) != 0 && errno != EEXIST)
		die(EXIT_FAILED, "%s: cannot be made: %s", path, strerror(errno));
	free(part);
}

bool file_read(const char *path, struct buffer *out)
{
	struct stat info;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool good = fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
	while (good) {
		size_t room = (size_t)info.st_size > out->size ? (size_t)info.st_size - out->size + 1 : 65536;
		out->at = mem_grow(out->at, &out->capacity, out->size + room + 1, 1);
		ssize_t count = read(fd, out->at + out->size, room);
		if (count <= 0) {
			good = count == 0;
			break;
		}
		out->size += (size_t)count;
	}
	if (good)
		out->at[out->size] = '\0';
	if (fd >= 0)
		close(fd);
	return good;
}
