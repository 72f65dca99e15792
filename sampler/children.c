#include "sampler/children.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "common/mem.h"
#include "sampler/proc.h"

enum { MOST_MEMBERS = 4096 };
static const double SCAN_SECONDS = 0.1, FIRST_SCAN_SECONDS = 0.02, PATIENCE_SECONDS = 5;

struct member {
	pid_t pid;
	uint64_t process;        /* see proc_start_time */
	uint32_t base;           /* the node of its process frame */
	ino_t program;           /* what it runs: the file's number, 0: not known */
	double until;            /* Python is looked for in that program until then */
	bool wanted;             /* fits the patterns */
	struct sampler *sampler; /* NULL: not (yet) known to be Python */
	struct target target;    /* if it has a sampler */
};

struct family {
	pid_t first;
	struct member *members;
	size_t count, capacity;
	const struct sampling *sampling;
	const struct frame_naming *naming;
	const struct opt_list *wanted;
	struct profile *profile;
	double next_scan;
	bool fell_back, found;
};

/* process 12:"python app.py" */
static uint32_t process_node(struct stacks *stacks, uint32_t parent, pid_t pid)
{
	struct buffer name = {0};
	buffer_add_format(&name, "process %d:\"", (int)pid);
	proc_command_line(pid, &name);
	buffer_add_char(&name, '"');
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
	family->members[family->count++] = (struct member){.pid = pid,
		.process = proc_start_time(pid),
		.base = process_node(family->profile->stacks, parent, pid)};
}

struct family *family_new(pid_t first, const struct sampling *sampling, const struct frame_naming *naming,
	const struct opt_list *wanted, struct profile *profile)
{
	struct family *family = mem_zero(1, sizeof *family);
	family->first = first;
	family->sampling = sampling;
	family->naming = naming;
	family->wanted = wanted;
	family->profile = profile;
	add_member(family, first, 0);
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

/* False if it has ended; its number may be another process's then, that is none of ours. */
static bool is_there(const struct member *member)
{
	return member->process && proc_start_time(member->pid) == member->process;
}

static void drop(struct family *family, size_t number)
{
	if (family->members[number].sampler)
		sampler_free(family->members[number].sampler);
	family->members[number] = family->members[--family->count];
}

/* The file that a process runs. */
static ino_t program_of(pid_t pid)
{
	char path[64];
	struct stat status;
	snprintf(path, sizeof path, "/proc/%d/exe", (int)pid);
	return stat(path, &status) == 0 ? status.st_ino : 0;
}

/* It is new, or another program since it was last looked at. */
static void meet(struct family *family, struct member *member, ino_t program, double now)
{
	struct stacks *stacks = family->profile->stacks;
	struct buffer line = {0};
	buffer_add_string(&line, "");
	proc_command_line(member->pid, &line);
	member->wanted = roster_fits(family->wanted, member->pid, buffer_text(&line).at);
	buffer_free(&line);
	member->base = process_node(stacks, stacks->nodes[member->base].parent, member->pid);
	member->program = program;
	member->until = now + PATIENCE_SECONDS;
}

static void look_for_python(struct family *family, struct member *member, double now)
{
	char why[200];
	ino_t program = program_of(member->pid);
	if (program != member->program)
		meet(family, member, program, now);
	member->target = (struct target){.pid = member->pid};
	if (!member->wanted || now > member->until || target_locate(&member->target, why) != LOCATED)
		return;
	member->sampler =
		sampler_new(&member->target, family->sampling, family->naming, &family->profile->stacks->names);
	family->found = true;
}

/* Members that are added while the list is gone through are looked at, too. */
static void scan(struct family *family, double now)
{
	bool any = false;
	for (size_t i = 0; i < family->count; i++)
		if (is_there(&family->members[i]))
			find_children(family, i);
		else
			drop(family, i--);
	for (size_t i = 0; i < family->count; i++) {
		struct member *member = &family->members[i];
		if (!member->sampler)
			look_for_python(family, member, now);
		any |= member->sampler != NULL;
	}
	family->next_scan = now + (any ? SCAN_SECONDS : FIRST_SCAN_SECONDS);
}

/* ---- sampling ---- */

static enum sample_result take_member(struct family *family, struct member *member)
{
	family->profile->base = member->base;
	family->profile->target = &member->target;
	enum sample_result result = sampler_take(member->sampler, profile_take, family->profile);
	profile_end(family->profile, result);
	family->fell_back |= sampler_fell_back(member->sampler);
	if (result == SAMPLE_GONE) { /* it ended, or is another program now */
		sampler_free(member->sampler);
		member->sampler = NULL;
		member->program = 0;
	}
	return result;
}

enum sample_result family_take(struct family *family, double now)
{
	enum sample_result all = SAMPLE_GONE;
	if (now >= family->next_scan)
		scan(family, now);
	for (size_t i = 0; i < family->count; i++) {
		struct member *member = &family->members[i];
		bool waits = member->pid == family->first || now < member->until; /* for Python to appear in it */
		enum sample_result result = member->sampler ? take_member(family, member)
					    : waits         ? SAMPLE_IDLE
							    : SAMPLE_GONE;
		if (result < all)
			all = result;
	}
	return all;
}

bool family_found(const struct family *family)
{
	return family->found;
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
