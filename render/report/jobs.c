#include "render/report/jobs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/report.h"
#include "render/report/condition.h"
#include "render/report/files.h"
#include "render/report/pictures.h"
#include "render/report/work.h"

enum { PROGRESS_WIDTH = 40, LONGEST_MESSAGE = 240 };

/* ---- keys ---- */

static struct hash128 mix(struct hash128 hash, const void *bytes, size_t size)
{
	struct hash128 more = hash_bytes128(bytes, size);
	return (struct hash128){hash_mix(hash.low, more.low), hash_mix(hash.high ^ 1, more.high)};
}

static struct hash128 mix_string(struct hash128 hash, const char *string)
{
	return mix(hash, string ? string : "", string ? strlen(string) : 0);
}

/* A file that cannot be read hashes as an empty one. */
static struct hash128 mix_file(struct hash128 hash, const char *path, struct buffer *room)
{
	buffer_clear(room);
	return path && file_read(path, room) ? mix(hash, room->at, room->size) : mix(hash, "", 0);
}

/* Of the program and all settings that a profile's folder depends on. */
static struct hash128 hash_settings(const struct settings *settings)
{
	struct buffer room = {0};
	struct hash128 hash = mix_file((struct hash128){1, 2}, "/proc/self/exe", &room);
	const char *const strings[] = {settings->title, settings->count_name, settings->source_root};
	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
		hash = mix_string(hash, strings[i]);
	for (size_t i = 0; i < settings->condition_count; i++)
		hash = mix_string(hash, settings->conditions[i].text);
	hash = mix(hash, &settings->noise, sizeof settings->noise);
	hash = mix(hash, &settings->single, sizeof settings->single);
	hash = mix(hash, &settings->ordered, sizeof settings->ordered);
	buffer_free(&room);
	return hash;
}

/* Bytes of a pipe are gone when they were hashed: what comes from one is always made anew. */
static bool has_key(const char *path)
{
	struct stat info;
	if (path && strcmp(path, "-") == 0)
		return false;
	return !path || stat(path, &info) != 0 || S_ISREG(info.st_mode);
}

static void set_key(struct profile *profile, struct hash128 hash, struct buffer *room)
{
	hash = mix_file(mix_string(hash, profile->name), profile->path, room);
	hash = mix_file(mix_string(hash, profile->baseline), profile->baseline, room);
	snprintf(profile->key, sizeof profile->key, "%016llx%016llx", (unsigned long long)hash.high,
		(unsigned long long)hash.low);
}

/* ---- processes ---- */

struct running {
	pid_t pid;
	int messages; /* a file in memory: what the process says */
	struct profile *profile;
};

/* Its record goes away first, so that a folder half made is not taken for a whole one. */
static void start(const struct settings *settings, struct profile *profile, struct running *running)
{
	char *record = file_path(profile->folder, "record");
	unlink(record);
	free(record);
	*running = (struct running){.messages = memfd_create("messages", MFD_CLOEXEC), .profile = profile};
	fflush(NULL);
	running->pid = running->messages < 0 ? -1 : fork();
	if (running->pid < 0)
		die(EXIT_FAILED, "no process can be started: %s", strerror(errno));
	if (running->pid == 0) {
		dup2(running->messages, STDERR_FILENO);
		_exit(work_profile(settings, profile) ? EXIT_DONE : EXIT_FAILED);
	}
}

/* The first line that it said. */
static char *read_message(const struct running *running, int status)
{
	char line[1024];
	struct buffer text = {0};
	ssize_t size = pread(running->messages, line, sizeof line - 1, 0);
	line[size > 0 ? size : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	struct text message = message_of(running->profile, text_of(line));
	if (WIFSIGNALED(status))
		buffer_add_format(&text, "ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (message.size > LONGEST_MESSAGE)
		buffer_add_format(&text, "%.*s...", LONGEST_MESSAGE, message.at);
	else
		buffer_add_string(&text, *message.at ? message.at : "failed");
	return text.at;
}

static void finish(struct running *running, int status)
{
	struct profile *profile = running->profile;
	bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	if (!good || !record_read(&profile->record, profile->folder, profile->key))
		profile->error = read_message(running, status);
	close(running->messages);
}

static struct running *wait_for_one(struct running *running, size_t count, int *status)
{
	for (;;) {
		pid_t pid = wait(status);
		if (pid < 0 && errno != EINTR)
			die(EXIT_FAILED, "waiting for a process failed: %s", strerror(errno));
		for (size_t i = 0; i < count; i++)
			if (pid > 0 && running[i].pid == pid)
				return &running[i];
	}
}

/* ---- all ---- */

static void show_progress(size_t done, size_t count)
{
	char bar[PROGRESS_WIDTH + 1] = {0};
	if (report_level < 0 || !isatty(STDERR_FILENO))
		return;
	for (size_t i = 0; i < PROGRESS_WIDTH; i++)
		bar[i] = i * count < done * PROGRESS_WIDTH ? '#' : '.';
	fprintf(stderr, done < count ? "\r[%s] %zu of %zu " : "\r\033[K", bar, done, count);
}

size_t jobs_run(const struct settings *settings, struct profile *profiles, size_t count, size_t jobs)
{
	struct running *running = mem_zero(jobs, sizeof *running);
	struct hash128 hash = hash_settings(settings);
	struct buffer room = {0};
	size_t active = 0, made = 0;
	for (size_t next = 0; next < count || active;) {
		while (next < count && active < jobs) {
			struct profile *profile = &profiles[next++];
			set_key(profile, hash, &room);
			bool known = !settings->source_root && has_key(profile->path) && has_key(profile->baseline);
			if (known && record_read(&profile->record, profile->folder, profile->key))
				continue;
			if (!made++)
				picture_prepare(settings);
			start(settings, profile, &running[active++]);
		}
		show_progress(next - active, count);
		if (!active)
			continue;
		int status;
		struct running *ended = wait_for_one(running, active, &status);
		finish(ended, status);
		*ended = running[--active];
	}
	show_progress(count, count);
	buffer_free(&room);
	free(running);
	return made;
}
