#include "sampler/children.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/mem.h"
#include "sampler/threads.h"

enum { MOST_TRIES = 20, MOST_MEMBERS = 4096 };
static const double SCAN_SECONDS = 0.1;

struct member {
	pid_t pid;
	uint32_t base;           /* the node of its process frame */
	struct sampler *sampler; /* NULL: not (yet) known to be Python */
	int tries;               /* to find Python in it */
};

struct family {
	struct member *members;
	size_t count, capacity;
	const struct sampling *sampling;
	const struct frame_naming *naming;
	struct profile *profile;
	double next_scan;
	bool fell_back;
};

/* process 12:"python app.py" */
static uint32_t process_node(struct stacks *stacks, uint32_t parent, pid_t pid)
{
	char path[64], line[1024];
	struct buffer name = {0};
	snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t size = file < 0 ? 0 : read(file, line, sizeof line);
	if (file >= 0)
		close(file);
	while (size > 0 && !line[size - 1])
		size--;
	for (ssize_t i = 0; i < size; i++)
		line[i] = line[i] == ';' ? ':' : (unsigned char)line[i] < ' ' ? ' ' : line[i];
	buffer_add_format(&name, "process %d:\"%.*s\"", (int)pid, (int)(size > 0 ? size : 0), line);
	uint32_t node = stacks_child(stacks, parent, stacks_name(stacks, name.at, name.size));
	buffer_free(&name);
	return node;
}

static void add_member(struct family *family, pid_t pid, uint32_t parent)
{
	for (size_t i = 0; i < family->count; i++)
		if (family->members[i].pid == pid)
			return;
	if (family->count == MOST_MEMBERS)
		return;
	family->members = mem_grow(family->members, &family->capacity, family->count + 1, sizeof *family->members);
	family->members[family->count++] =
		(struct member){.pid = pid, .base = process_node(family->profile->stacks, parent, pid)};
}

static void add_sampler(struct family *family, struct member *member, const struct target *target)
{
	/* It may have become another program since it was first seen. */
	uint32_t parent = family->profile->stacks->nodes[member->base].parent;
	member->base = process_node(family->profile->stacks, parent, member->pid);
	member->sampler = sampler_new(target, family->sampling, family->naming, &family->profile->stacks->names);
}

struct family *family_new(const struct target *target, const struct sampling *sampling,
	const struct frame_naming *naming, struct profile *profile)
{
	struct family *family = mem_zero(1, sizeof *family);
	family->sampling = sampling;
	family->naming = naming;
	family->profile = profile;
	add_member(family, target->pid, 0);
	add_sampler(family, &family->members[0], target);
	return family;
}

/* ---- who is there ---- */

/* Those that one thread started: numbers with blanks. */
static void read_children(struct family *family, pid_t pid, const char *tid, uint32_t base)
{
	char path[320];
	int child;
	snprintf(path, sizeof path, "/proc/%d/task/%s/children", (int)pid, tid);
	FILE *file = fopen(path, "re");
	if (!file)
		return;
	while (fscanf(file, "%d", &child) == 1)
		add_member(family, child, base);
	fclose(file);
}

static void find_children(struct family *family, size_t number)
{
	char path[64];
	pid_t pid = family->members[number].pid;
	uint32_t base = family->members[number].base;
	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	DIR *folder = opendir(path);
	if (!folder)
		return;
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
		if (entry->d_name[0] != '.')
			read_children(family, pid, entry->d_name, base);
	closedir(folder);
}

static bool is_there(pid_t pid)
{
	return kill(pid, 0) == 0 && threads_state(pid, pid) != 'Z';
}

/* Members that are added while the list is gone through are looked at, too. */
static void scan(struct family *family)
{
	for (size_t i = 0; i < family->count; i++)
		find_children(family, i);
	for (size_t i = 0; i < family->count; i++) {
		struct member *member = &family->members[i];
		struct target target = {.pid = member->pid};
		char why[200];
		if (member->sampler || member->tries >= MOST_TRIES)
			continue;
		member->tries++;
		if (target_locate(&target, why) == LOCATED)
			add_sampler(family, member, &target);
	}
	for (size_t i = 0; i < family->count; i++)
		if (!family->members[i].sampler && !is_there(family->members[i].pid))
			family->members[i--] = family->members[--family->count];
}

/* ---- sampling ---- */

enum sample_result family_take(struct family *family, double now)
{
	enum sample_result all = SAMPLE_GONE;
	if (now >= family->next_scan) {
		scan(family);
		family->next_scan = now + SCAN_SECONDS;
	}
	for (size_t i = 0; i < family->count; i++) {
		struct member *member = &family->members[i];
		if (!member->sampler) {
			all = all == SAMPLE_GONE ? SAMPLE_IDLE : all;
			continue;
		}
		family->profile->base = member->base;
		enum sample_result result = sampler_take(member->sampler, profile_take, family->profile);
		profile_end(family->profile, result);
		family->fell_back |= sampler_fell_back(member->sampler);
		if (result < all)
			all = result;
		if (result != SAMPLE_GONE)
			continue;
		sampler_free(member->sampler); /* it ended, or is another program now */
		member->sampler = NULL;
		member->tries = 0;
	}
	return all;
}

bool family_fell_back(const struct family *family)
{
	return family->fell_back;
}

void family_free(struct family *family)
{
	for (size_t i = 0; i < family->count; i++)
		if (family->members[i].sampler)
			sampler_free(family->members[i].sampler);
	free(family->members);
	free(family);
}
