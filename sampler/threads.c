#include "sampler/threads.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sampler/remote.h"
#include "sampler/walk.h"

enum { MOST_TASKS = 4096, PTHREAD_BYTES = 2304, GIL_BYTES = 256 };

uint64_t threads_find_gil(const struct target *target)
{
	uint64_t interpreters[256];
	size_t count = target_interpreters(target, interpreters, 256);
	if (target->layout.gil != GIL_INTERPRETER || !count)
		return 0;
	return remote_word(target->pid, interpreters[count - 1] + target->layout.interpreter.gil);
}

static bool get(const struct target *target, struct snapshot *snapshot, uint64_t address, void *to, size_t size)
{
	if (!snapshot)
		return remote_read(target->pid, address, to, size);
	const void *bytes = snapshot_peek(snapshot, address, size, 0, 0);
	if (bytes)
		memcpy(to, bytes, size);
	return bytes != NULL;
}

uint64_t threads_gil_holder(const struct target *target, uint64_t gil, struct snapshot *snapshot)
{
	const struct layout *layout = &target->layout;
	uint64_t holder = 0;
	if (layout->gil != GIL_INTERPRETER) {
		uint64_t place = layout->gil == GIL_VARIABLE ? target->current_thread
							     : target->runtime + layout->runtime.current_thread;
		return get(target, snapshot, place, &holder, sizeof holder) ? holder : 0;
	}
	unsigned char state[GIL_BYTES + 8];
	size_t size = (layout->gil_state.locked > layout->gil_state.last_holder ? layout->gil_state.locked
										: layout->gil_state.last_holder) +
		      8;
	int32_t locked;
	if (!gil || size > sizeof state || !get(target, snapshot, gil, state, size))
		return 0;
	memcpy(&locked, state + layout->gil_state.locked, sizeof locked);
	memcpy(&holder, state + layout->gil_state.last_holder, sizeof holder);
	return locked == 1 ? holder : 0;
}

/* ---- thread numbers ---- */

/* A thread as the kernel sees it: from here, and from inside its own PID namespace. */
struct task {
	pid_t outer, inner;
};

static pid_t inner_number(pid_t pid, pid_t tid)
{
	char path[64], line[512];
	pid_t inner = tid;
	snprintf(path, sizeof path, "/proc/%d/task/%d/status", (int)pid, (int)tid);
	FILE *file = fopen(path, "re");
	if (!file)
		return tid;
	while (fgets(line, sizeof line, file))
		if (strncmp(line, "NSpid:", 6) == 0) {
			const char *last = strrchr(line, '\t');
			inner = last ? (pid_t)atoi(last + 1) : tid;
			break;
		}
	fclose(file);
	return inner;
}

static size_t list_tasks(pid_t pid, struct task *tasks)
{
	char path[64];
	size_t count = 0;
	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	DIR *folder = opendir(path);
	if (!folder)
		return 0;
	for (struct dirent *entry; count < MOST_TASKS && (entry = readdir(folder)) != NULL;) {
		pid_t tid = (pid_t)atoi(entry->d_name);
		if (tid > 0)
			tasks[count++] = (struct task){tid, inner_number(pid, tid)};
	}
	closedir(folder);
	return count;
}

static pid_t outer_number(pid_t pid, pid_t inner)
{
	static struct task tasks[MOST_TASKS];
	static size_t count;
	static pid_t of;
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; of == pid && i < count; i++)
			if (tasks[i].inner == inner)
				return tasks[i].outer;
		if (round == 0) {
			count = list_tasks(pid, tasks);
			of = pid;
		}
	}
	return 0;
}

/* Up to 3.10 a thread state has only pthread_self(): the address of libc's structure, which holds the number somewhere.
 * The place is where the main thread's structure has the process's own number. */
static bool find_tid_offset(struct target *target, uint64_t self)
{
	unsigned char bytes[PTHREAD_BYTES];
	if (!remote_read(target->pid, self, bytes, sizeof bytes))
		return false;
	for (uint32_t at = 0; at + 4 <= sizeof bytes; at += 4) {
		int32_t number;
		memcpy(&number, bytes + at, sizeof number);
		if (number > 0 && outer_number(target->pid, number)) {
			target->tid_offset = at;
			return true;
		}
	}
	return false;
}

pid_t threads_number(struct target *target, struct snapshot *snapshot, uint64_t thread)
{
	const unsigned char *state = walk_thread(target, snapshot, thread);
	uint64_t self, native;
	int32_t number = 0;
	if (!state)
		return 0;
	if (target->layout.thread.native_id) {
		memcpy(&native, state + target->layout.thread.native_id, sizeof native);
		return native > 0 && native < INT32_MAX ? outer_number(target->pid, (pid_t)native) : 0;
	}
	memcpy(&self, state + target->layout.thread.thread_id, sizeof self);
	if (!target->tid_offset && !find_tid_offset(target, self))
		return 0;
	if (!remote_read(target->pid, self + target->tid_offset, &number, sizeof number) || number <= 0)
		return 0;
	return outer_number(target->pid, number);
}

bool threads_is_running(pid_t pid, pid_t tid)
{
	char path[64], text[512];
	snprintf(path, sizeof path, "/proc/%d/task/%d/stat", (int)pid, (int)tid);
	FILE *file = fopen(path, "re");
	if (!file)
		return false;
	size_t size = fread(text, 1, sizeof text - 1, file);
	fclose(file);
	text[size] = '\0';
	const char *behind = strrchr(text, ')');
	return behind && behind[1] == ' ' && behind[2] == 'R';
}
