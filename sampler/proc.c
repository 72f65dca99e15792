#include "sampler/proc.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <time.h>
#include <unistd.h>

#include "sampler/image.h"

static void add_file(const char *path, struct buffer *out)
{
	char bytes[4096];
	if (image_is_loaded())
		return; /* the process is not here */
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t size = file < 0 ? 0 : read(file, bytes, sizeof bytes);
	if (file >= 0)
		close(file);
	while (size > 0 && (bytes[size - 1] == '\0' || bytes[size - 1] == '\n'))
		size--;
	if (size < 0)
		size = 0;
	text_clean_frame(bytes, (size_t)size);
	buffer_add(out, bytes, (size_t)size);
}

void proc_command_line(pid_t pid, struct buffer *out)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
	add_file(path, out);
}

void proc_program(pid_t pid, struct buffer *out)
{
	char path[64], program[4096];
	snprintf(path, sizeof path, "/proc/%d/exe", (int)pid);
	ssize_t size = image_is_loaded() ? -1 : readlink(path, program, sizeof program);
	if (size > 0)
		buffer_add(out, program, (size_t)size);
}

void proc_thread_name(pid_t pid, pid_t tid, struct buffer *out)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/task/%d/comm", (int)pid, (int)tid);
	add_file(path, out);
}

const char *proc_package_path(pid_t pid, const char *path)
{
	const char *start = strrchr(path, '/');
	struct buffer probe = {0};
	if (!start || path[0] == '<')
		return path;
	while (start > path && !image_is_loaded()) {
		buffer_clear(&probe);
		buffer_add_format(&probe, "/proc/%d/root%.*s/__init__.py", (int)pid, (int)(start - path), path);
		if (access(probe.at, F_OK) != 0)
			break;
		const char *up = start - 1;
		while (up > path && *up != '/')
			up--;
		if (*up != '/')
			break;
		start = up;
	}
	buffer_free(&probe);
	return start + 1;
}

const char *proc_stat(const char *path, char *room, size_t size)
{
	FILE *file = fopen(path, "re");
	if (!file)
		return NULL;
	room[fread(room, 1, size - 1, file)] = '\0';
	fclose(file);
	const char *behind = strrchr(room, ')');
	return behind && behind[1] == ' ' && behind[2] ? behind + 2 : NULL;
}

/* The 22nd field of /proc/PID/stat; the third is the state. */
uint64_t proc_start_time(pid_t pid)
{
	char path[64], room[1024], letter;
	unsigned long long start;
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	const char *fields = proc_stat(path, room, sizeof room);
	if (!fields ||
		sscanf(fields, "%c%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s%*s %llu", &letter, &start) != 2)
		return 0;
	return letter == 'Z' || letter == 'X' ? 0 : start;
}

double proc_age(pid_t pid)
{
	struct timespec now;
	clock_gettime(CLOCK_BOOTTIME, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9 -
	       (double)proc_start_time(pid) / (double)sysconf(_SC_CLK_TCK);
}

struct process proc_hold(pid_t pid)
{
	if (image_is_loaded())
		return (struct process){.pid = pid, .file = -1};
	return (struct process){pid, proc_start_time(pid), pidfd_open(pid, 0)};
}

bool proc_is_there(const struct process *process)
{
	struct pollfd ended = {.fd = process->file, .events = POLLIN};
	if (image_is_loaded())
		return true;
	if (process->file < 0)
		return process->start && proc_start_time(process->pid) == process->start;
	return poll(&ended, 1, 0) <= 0;
}

void proc_release(struct process *process)
{
	if (process->file >= 0)
		close(process->file);
	process->file = -1;
}
