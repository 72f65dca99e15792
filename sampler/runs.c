#include "sampler/runs.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sampler/image.h"

/* Files that are open for this, of all threads of all processes; some of what is allowed is left to others. */
static unsigned open_files;
enum { LEFT = 128 };

static bool is_room(void)
{
	struct rlimit limit;
	return getrlimit(RLIMIT_NOFILE, &limit) == 0 && open_files + LEFT < limit.rlim_cur;
}

void runs_watch(struct runs *runs, pid_t pid, pid_t tid)
{
	char path[64];
	if (runs->file || runs->hopeless || !is_room() || image_is_loaded() || image_is_recording())
		return;
	snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", (int)pid, (int)tid);
	runs->file = open(path, O_RDONLY | O_CLOEXEC) + 1;
	runs->hopeless = !runs->file;
	open_files += runs->file > 0;
	runs_changed(runs);
}

bool runs_changed(struct runs *runs)
{
	char line[sizeof runs->seen] = "";
	if (!runs->file)
		return true;
	ssize_t size = pread(runs->file - 1, line, sizeof line - 1, 0);
	if (size <= 0) {
		runs_forget(runs); /* it has ended */
		return true;
	}
	if (memcmp(line, runs->seen, sizeof line) == 0)
		return false;
	memcpy(runs->seen, line, sizeof line);
	return true;
}

void runs_forget(struct runs *runs)
{
	if (runs->file && close(runs->file - 1) == 0)
		open_files--;
	*runs = (struct runs){0};
}
