/* Processes that make profiles' folders, one profile after the other, until one of them ends it. */
#ifndef REPORT_WORKER_H
#define REPORT_WORKER_H

#include <sys/types.h>

#include "common/hash.h"
#include "render/report/profile.h"
#include "render/report/settings.h"

struct worker {
	pid_t pid;               /* 0: there is no process */
	int channel;             /* to the process: numbers of profiles; from it: what came of them */
	int messages;            /* a file in memory: what the process says */
	struct profile *profile; /* that it works on, or NULL */
};

/* What all workers need to know. */
struct workers {
	const struct settings *settings;
	struct hash128 hash; /* of the settings */
	struct profile *profiles;
	struct worker *items;
	size_t count;
};

/* Gives it a profile, and a process if it has none. */
void worker_give(const struct workers *workers, struct worker *worker, struct profile *profile);
/* When its channel can be read: gives its profile the key and the record, or the error. True if it was made anew. */
bool worker_take(struct worker *worker);
/* Ends the process. */
void worker_end(struct worker *worker);

#endif
