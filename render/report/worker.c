#include "render/report/worker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/report.h"
#include "render/report/files.h"
#include "render/report/keys.h"
#include "render/report/work.h"

enum { LONGEST_MESSAGE = 120 };

/* What a worker says of a profile that went well. */
struct outcome {
	char key[sizeof(((struct profile *)0)->key)];
	bool made;
};

/* ---- in the process ---- */

/* Its record goes away first, so that a folder half made is not taken for a whole one. */
static bool make(const struct settings *settings, const struct profile *profile)
{
	char *record = file_path(profile->folder, "record");
	unlink(record);
	free(record);
	return work_profile(settings, profile);
}

static struct outcome work(const struct workers *workers, struct profile *profile)
{
	struct outcome outcome = {0};
	key_set(profile, workers->hash);
	outcome.made = !key_is_sure(workers->settings, profile) ||
		       !record_read(&profile->record, profile->folder, profile->key);
	record_free(&profile->record);
	if (outcome.made && !make(workers->settings, profile))
		_exit(EXIT_FAILED);
	memcpy(outcome.key, profile->key, sizeof outcome.key);
	return outcome;
}

static _Noreturn void run(const struct workers *workers, int channel)
{
	size_t number;
	while (recv(channel, &number, sizeof number, 0) == sizeof number) {
		struct outcome outcome = work(workers, &workers->profiles[number]);
		if (send(channel, &outcome, sizeof outcome, MSG_NOSIGNAL) < 0)
			break;
	}
	_exit(EXIT_DONE);
}

/* ---- at the other end ---- */

/* The process must not hold the others' channels: each ends when this end of its own is closed. */
static _Noreturn void begin(const struct workers *workers, const struct worker *worker, int channel)
{
	for (size_t i = 0; i < workers->count; i++)
		if (workers->items[i].pid)
			close(workers->items[i].channel);
	close(worker->channel);
	dup2(worker->messages, STDERR_FILENO);
	run(workers, channel);
}

static void start(const struct workers *workers, struct worker *worker)
{
	int ends[2] = {-1, -1}, messages = memfd_create("messages", MFD_CLOEXEC);
	fflush(NULL);
	if (messages < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		die(EXIT_FAILED, "no process can be started: %s", strerror(errno));
	*worker = (struct worker){.channel = ends[0], .messages = messages};
	pid_t pid = fork();
	if (pid < 0)
		die(EXIT_FAILED, "no process can be started: %s", strerror(errno));
	if (pid == 0)
		begin(workers, worker, ends[1]);
	worker->pid = pid;
	close(ends[1]);
}

void worker_give(const struct workers *workers, struct worker *worker, struct profile *profile)
{
	size_t number = (size_t)(profile - workers->profiles);
	if (!worker->pid)
		start(workers, worker);
	worker->profile = profile;
	if (ftruncate(worker->messages, 0) != 0 || lseek(worker->messages, 0, SEEK_SET) != 0)
		die(EXIT_FAILED, "a file in memory cannot be emptied: %s", strerror(errno));
	/* If it is gone, worker_take will see that. */
	send(worker->channel, &number, sizeof number, MSG_NOSIGNAL);
}

/* The first line that it said. */
static char *read_message(const struct worker *worker, int status)
{
	char line[1024];
	struct buffer text = {0};
	ssize_t size = pread(worker->messages, line, sizeof line - 1, 0);
	line[size > 0 ? size : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	struct text message = message_of(worker->profile, text_of(line));
	if (WIFSIGNALED(status))
		buffer_add_format(&text, "ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (message.size > LONGEST_MESSAGE)
		buffer_add_format(&text, "%.*s...", LONGEST_MESSAGE, message.at);
	else
		buffer_add_string(&text, *message.at ? message.at : "failed");
	return text.at;
}

static int end(struct worker *worker)
{
	int status = 0;
	close(worker->channel);
	while (waitpid(worker->pid, &status, 0) < 0)
		if (errno != EINTR)
			die(EXIT_FAILED, "waiting for a process failed: %s", strerror(errno));
	worker->pid = 0;
	return status;
}

bool worker_take(struct worker *worker)
{
	struct profile *profile = worker->profile;
	struct outcome outcome;
	if (recv(worker->channel, &outcome, sizeof outcome, 0) == sizeof outcome) {
		memcpy(profile->key, outcome.key, sizeof profile->key);
		if (!record_read(&profile->record, profile->folder, profile->key))
			profile->error = read_message(worker, 0);
	} else {
		profile->error = read_message(worker, end(worker));
		close(worker->messages);
		outcome.made = true;
	}
	worker->profile = NULL;
	return outcome.made;
}

void worker_end(struct worker *worker)
{
	if (!worker->pid)
		return;
	end(worker);
	close(worker->messages);
}
