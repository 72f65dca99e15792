/* The threads that we trace, so that they can be stopped for a moment. */
#ifndef SAMPLER_STOPPING_H
#define SAMPLER_STOPPING_H

#include "sampler/proc.h"
#include "sampler/target.h"

/* A thread that we trace. */
struct seized {
	uint64_t thread; /* its state */
	pid_t tid;
	uint64_t identity; /* see threads_identity */
};

struct stopping {
	const struct process *process; /* whose threads */
	struct seized *list;
	size_t count, capacity;
	bool fell_back; /* threads cannot be stopped: a message was printed */
};

/* A thread that stands. */
struct standing {
	pid_t tid;
	int status;        /* for trace_resume */
	uint64_t identity; /* of the thread that was meant: its state may be another's by now */
};

/* Stops the thread with this state, which is traced from now on. False if it is gone or cannot be traced. */
bool stopping_stop(struct stopping *stopping, struct target *target, uint64_t thread, struct standing *standing);
/* The next stopping_stop finds out anew which thread has this state. */
void stopping_forget(struct stopping *stopping, uint64_t thread);
/* Lets all threads go. */
void stopping_free(struct stopping *stopping);

#endif
