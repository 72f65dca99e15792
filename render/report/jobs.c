#include "render/report/jobs.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/report.h"
#include "render/report/keys.h"
#include "render/report/worker.h"

enum { PROGRESS_WIDTH = 40 };

static void show_progress(size_t done, size_t count)
{
	char bar[PROGRESS_WIDTH + 1] = {0};
	if (report_level < 0 || !isatty(STDERR_FILENO))
		return;
	for (size_t i = 0; i < PROGRESS_WIDTH; i++)
		bar[i] = i * count < done * PROGRESS_WIDTH ? '#' : '.';
	fprintf(stderr, done < count ? "\r[%s] %zu of %zu " : "\r\033[K", bar, done, count);
}

/* One that is through with its profile; `waits` has room for all of them. */
static struct worker *wait_for_one(const struct workers *workers, struct pollfd *waits)
{
	for (size_t i = 0; i < workers->count; i++)
		waits[i] = (struct pollfd){
			.fd = workers->items[i].profile ? workers->items[i].channel : -1, .events = POLLIN};
	for (;;) {
		if (poll(waits, workers->count, -1) < 0 && errno != EINTR)
			die(EXIT_FAILED, "waiting for a process failed: %s", strerror(errno));
		for (size_t i = 0; i < workers->count; i++)
			if (waits[i].revents)
				return &workers->items[i];
	}
}

static size_t give(const struct workers *workers, size_t next, size_t count)
{
	for (size_t i = 0; i < workers->count && next < count; i++)
		if (!workers->items[i].profile)
			worker_give(workers, &workers->items[i], &workers->profiles[next++]);
	return next;
}

size_t jobs_run(const struct settings *settings, struct profile *profiles, size_t count, size_t jobs)
{
	struct workers workers = {.settings = settings,
		.hash = key_of_settings(settings),
		.profiles = profiles,
		.items = mem_zero(jobs, sizeof *workers.items),
		.count = jobs};
	struct pollfd *waits = mem_zero(jobs, sizeof *waits);
	size_t made = 0, next = 0;
	for (size_t done = 0; done < count; done++) {
		next = give(&workers, next, count);
		show_progress(done, count);
		made += worker_take(wait_for_one(&workers, waits));
	}
	show_progress(count, count);
	for (size_t i = 0; i < jobs; i++)
		worker_end(&workers.items[i]);
	free(workers.items);
	free(waits);
	return made;
}
