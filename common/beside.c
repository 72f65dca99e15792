#include "common/beside.h"

#include <string.h>
#include <unistd.h>

const char *program_beside(const char *name, char room[BESIDE_SIZE])
{
	enum { LONGEST = 4096 };
	ssize_t size = readlink("/proc/self/exe", room, LONGEST);
	char *slash = size > 0 ? memrchr(room, '/', (size_t)size) : NULL;
	if (!slash || slash + 1 + strlen(name) >= room + BESIDE_SIZE)
		return name;
	strcpy(slash + 1, name);
	return access(room, X_OK) == 0 ? room : name;
}
