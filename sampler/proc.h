/* What /proc says of a process, as text that fits into a frame; nothing is known of one that an image stands for. */
#ifndef SAMPLER_PROC_H
#define SAMPLER_PROC_H

#include <sys/types.h>

#include "common/text.h"

/* Appends its command line, a blank between two words; nothing if it has none. */
void proc_command_line(pid_t pid, struct buffer *out);
/* Appends the path of the program that it runs. */
void proc_program(pid_t pid, struct buffer *out);
/* The end of a path of a Python file that it uses: from the outermost folder on that belongs to the file's package (has
 * an
 * __init__.py). */
const char *proc_package_path(pid_t pid, const char *path);
/* A process, and no other one that gets its number when it has ended. */
struct process {
	pid_t pid;
	uint64_t start; /* see proc_start_time */
	int file;       /* its pidfd; -1: the kernel has none */
};
struct process proc_hold(pid_t pid);
/* False if it has ended. */
bool proc_is_there(const struct process *process);
void proc_release(struct process *process);
/* When it began, in the kernel's ticks: no two processes of the same number have the same. 0 if it is gone or a zombie.
 */
uint64_t proc_start_time(pid_t pid);
/* How many seconds ago that was. */
double proc_age(pid_t pid);
/* The fields of a stat file of /proc from the state (a letter) on, which stand behind the program's name in brackets;
 * they live in `room`. NULL if it cannot be read. */
const char *proc_stat(const char *path, char *room, size_t size);
/* Appends the kernel's name of a thread. */
void proc_thread_name(pid_t pid, pid_t tid, struct buffer *out);

#endif
