/* Taking samples: the stacks of one moment. */
#ifndef SAMPLER_SAMPLE_H
#define SAMPLER_SAMPLE_H

#include "sampler/codecache.h"
#include "sampler/snapshot.h"
#include "sampler/walk.h"

struct sampling {
	bool nonstop;     /* read without stopping the thread */
	bool all_threads; /* every thread, not just the one that holds the GIL; free-threaded: not just those that run
			   */
	bool gc;          /* a frame <GC> where garbage is being collected */
	bool exceptions;  /* a frame <exception NAME> while one is raised or handled */
	bool only_exceptions; /* leave out threads in which none is */
	bool no_idle;         /* leave out what does not run */
	bool states;          /* whether threads run is wanted */
	bool numbers;         /* the kernel's thread numbers are wanted even of one thread alone */
	bool frameless;       /* threads that have no Python frames, too */
	bool whole;           /* nonstop: a stack whose moving end is not certain is none */
	bool consistent;      /* free-threaded builds: stop all threads that run before the first is read */
};

/* One stack of a sample, root last; names are numbers in the sampler's table. */
struct sampled {
	uint64_t thread; /* address of its thread state */
	pid_t tid;       /* 0: not asked for, or not found */
	bool holds_gil;
	bool cut;              /* nonstop: its end moved too fast to be read, and is missing */
	bool active;           /* it runs; known if states are wanted, or no_idle */
	const uint32_t *names; /* leaf first */
	size_t count;
};

enum sample_result {
	SAMPLE_TAKEN,
	SAMPLE_IDLE,   /* no thread holds the GIL */
	SAMPLE_FAILED, /* could not be read, or (nonstop) changed all the time */
	SAMPLE_GONE,   /* the process has ended */
};

struct sampler;

/* names: where the frames' texts go. */
struct sampler *sampler_new(const struct target *target, const struct sampling *sampling,
	const struct frame_naming *naming, struct intern *names);
/* One sample: calls `take` for each of its stacks. */
enum sample_result sampler_take(
	struct sampler *sampler, void (*take)(const struct sampled *, void *context), void *context);
/* True if threads could not be stopped as asked, so that they are read without (a message was printed once). */
bool sampler_fell_back(const struct sampler *sampler);
/* Lets all threads go. */
void sampler_free(struct sampler *sampler);

#endif
