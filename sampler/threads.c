#include "sampler/threads.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sampler/image.h"
#include "sampler/proc.h"
#include "sampler/remote.h"

enum { MOST_TASKS = 4096, MOST_COMPARED = 16, PTHREAD_BYTES = 2304 };

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

size_t threads_list(pid_t pid, struct task *tasks, size_t most)
{
	char path[64];
	size_t count = 0;
	if (image_is_loaded())
		return image_tasks(tasks, most);
	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	DIR *folder = opendir(path);
	if (!folder)
		return 0;
	for (struct dirent *entry; count < most && (entry = readdir(folder)) != NULL;) {
		pid_t tid = (pid_t)atoi(entry->d_name);
		char state = tid > 0 ? threads_state(pid, tid) : 0;
		if (state)
			tasks[count++] = (struct task){tid, inner_number(pid, tid), state};
	}
	closedir(folder);
	return count;
}

/* The list of tasks is read anew when a number is not in it, or is in it but gone. */
static pid_t outer_number(pid_t pid, pid_t inner)
{
	static struct task tasks[MOST_TASKS];
	static size_t count;
	static pid_t of;
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; of == pid && i < count; i++)
			if (tasks[i].inner == inner && (round == 1 || image_is_loaded() || tasks[i].outer == inner ||
							       kill(tasks[i].outer, 0) == 0))
				return tasks[i].outer;
		if (round == 0) {
			count = threads_list(pid, tasks, MOST_TASKS);
			of = pid;
		}
	}
	return 0;
}

/* ---- up to 3.10: only pthread_self(), the address of libc's structure, which holds the number somewhere ---- */

static pid_t number_at(const struct target *target, uint64_t self, uint32_t offset)
{
	int32_t number = 0;
	if (!remote_read(target->pid, self + offset, &number, sizeof number) || number <= 0)
		return 0;
	return outer_number(target->pid, number);
}

/* All threads have their own number there. */
static bool is_tid_offset(const struct target *target, const uint64_t *selves, size_t count, uint32_t offset)
{
	pid_t numbers[MOST_COMPARED];
	for (size_t i = 0; i < count; i++) {
		numbers[i] = number_at(target, selves[i], offset);
		for (size_t j = 0; j < i; j++)
			if (numbers[j] == numbers[i])
				return false;
		if (!numbers[i])
			return false;
	}
	return true;
}

static size_t list_selves(const struct target *target, uint64_t *selves)
{
	uint64_t interpreters[1], threads[MOST_COMPARED];
	size_t count = 0;
	if (target_interpreters(target, interpreters, 1) == 1)
		count = target_threads(target, interpreters[0], threads, MOST_COMPARED);
	for (size_t i = 0; i < count; i++)
		selves[i] = remote_word(target->pid, threads[i] + target->layout.thread.thread_id);
	return count;
}

/* glibc has it at 720 on x86-64 and 208 on aarch64; other libraries are searched. */
static bool find_tid_offset(struct target *target)
{
	static const uint32_t usual[] = {720, 208};
	uint64_t selves[MOST_COMPARED];
	size_t count = list_selves(target, selves);
	for (size_t i = 0; count && i < sizeof usual / sizeof *usual; i++)
		if (is_tid_offset(target, selves, count, usual[i])) {
			target->tid_offset = usual[i];
			return true;
		}
	for (uint32_t at = 4; count && at < PTHREAD_BYTES; at += 4)
		if (is_tid_offset(target, selves, count, at)) {
			target->tid_offset = at;
			return true;
		}
	return false;
}

uint64_t threads_identity(const struct target *target, const unsigned char *state)
{
	uint64_t identity;
	uint32_t place =
		target->layout.thread.native_id ? target->layout.thread.native_id : target->layout.thread.thread_id;
	memcpy(&identity, state + place, sizeof identity);
	return identity;
}

bool threads_is_attached(const struct target *target, const unsigned char *state)
{
	int32_t value;
	memcpy(&value, state + target->layout.thread.state, sizeof value);
	return value == 1;
}

pid_t threads_number_of(struct target *target, uint64_t identity)
{
	if (target->layout.thread.native_id)
		return identity > 0 && identity < INT32_MAX ? outer_number(target->pid, (pid_t)identity) : 0;
	if (!target->tid_offset && !find_tid_offset(target))
		return 0;
	return number_at(target, identity, target->tid_offset);
}

pid_t threads_number(struct target *target, uint64_t thread, uint64_t *identity)
{
	uint32_t native = target->layout.thread.native_id;
	*identity = remote_word(target->pid, thread + (native ? native : target->layout.thread.thread_id));
	return threads_number_of(target, *identity);
}

char threads_state(pid_t pid, pid_t tid)
{
	char path[64], room[512];
	if (image_is_loaded())
		return image_task_state(tid);
	snprintf(path, sizeof path, "/proc/%d/task/%d/stat", (int)pid, (int)tid);
	const char *fields = proc_stat(path, room, sizeof room);
	return fields ? *fields : 0;
}
