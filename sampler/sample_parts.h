/* Between the parts of the sampler: what one sample is made of. sample_read.c reads stacks,
 * sample_moving.c those that move meanwhile, sample_gil.c and sample_free.c stop threads for that, sample_asleep.c
 * spares what sleeps, sample_names.c names what was read, sample.c hands it on. */
#ifndef SAMPLER_SAMPLE_PARTS_H
#define SAMPLER_SAMPLE_PARTS_H

#include "sampler/calls.h"
#include "sampler/gil.h"
#include "sampler/proc.h"
#include "sampler/runs.h"
#include "sampler/sample.h"
#include "sampler/stopping.h"

enum { MOST_TRIES = 8, MOST_THREADS = 8192 };

/* What is kept of a thread from sample to sample. */
struct lane {
	uint64_t thread;          /* its state */
	uint64_t last;            /* the sample that used it last */
	struct snapshot snapshot; /* of a thread that is read by itself */
	struct snapshot copies;   /* of one that moves: of what is read again and again */
	uint64_t root, candidate; /* the frame at the bottom of its stack, for reading without a stop */
	int times;                /* how often the candidate was seen in a row */
	struct runs runs;
	uint64_t identity; /* whose they are */
	bool asleep;       /* since the stack below was read */
	uint64_t turn;     /* it cannot have moved since in this turn of the GIL; 0: it can */
	pid_t tid;
	uint32_t *names;
	size_t count, capacity;
};

/* What is known of a thread that does not run Python. */
enum rest {
	REST_NONE,
	REST_QUIET, /* it did not run since it was looked at last */
	REST_ASLEEP /* and slept then: its stack is that of its lane */
};

/* A stack of the sample that is being taken: frames[first], ... and as many names. */
struct pending {
	uint64_t thread, identity; /* see threads_identity */
	pid_t tid;
	bool named, runs;
	bool holds_gil, active, cut;
	enum rest rest;
	uint64_t turn; /* as the lane's */
	size_t first, count;
};

struct sampler {
	struct target target;
	struct process process;
	struct sampling sampling;
	struct codecache *cache;
	struct snapshot snapshot; /* consistent: of all that stands together */
	struct gils gils;
	struct pystack stack, later;
	struct calls calls;
	uint64_t random;
	struct frame_ref *frames; /* of the sample; */
	uint32_t *names;          /* their names; */
	uint64_t *codes;          /* room for as many code objects */
	size_t frame_count, frame_capacity, name_capacity, code_capacity;
	struct snapshot code_snapshot;
	unsigned careful; /* for so many stops code objects are looked at while the thread stands */
	struct pending *pending;
	size_t pending_count, pending_capacity;
	struct stopping stopping;
	struct standing *standing; /* consistent: who stands */
	struct lane *lanes;
	size_t lane_count, lane_capacity;
	size_t last_lane;  /* that was looked for: threads are gone through in the same order */
	uint64_t number;   /* of the sample */
	uint64_t *threads; /* the thread states of all interpreters */
	size_t thread_count;
};

/* What the sample is about, and whether a stack could not be read. */
struct taking {
	struct gil *gil; /* NULL: free-threaded */
	uint64_t holder; /* of the GIL, or 0 */
	bool failed;
};

/* ---- sample_read.c ---- */

/* What is kept of this thread. */
struct lane *sample_lane(struct sampler *sampler, uint64_t thread);
/* Adds the stack that is kept of the thread if that is of this turn of the GIL; else false. */
bool sample_kept(struct sampler *sampler, uint64_t thread, const struct gil_turn *turn);
/* Begins the next sample: forgets threads that were not seen for long. */
void sample_drop_lanes(struct sampler *sampler);
/* Adds the thread's stack to the sample. `standing`: the snapshot of what stands, which is named later; NULL if the
 * thread may move. `runs`: it runs Python. */
void sample_thread(
	struct sampler *sampler, uint64_t thread, struct snapshot *standing, bool runs, struct taking *taking);
/* Makes room for so many frames more. */
void sample_reserve(struct sampler *sampler, size_t count);
/* The thread's stack out of the snapshot, with what marks it; empty if it is not asked for. False if it is broken. */
bool sample_walk(struct sampler *sampler, struct snapshot *snapshot, uint64_t thread, bool runs, struct pystack *stack);
/* True if the thread that stands is still the one with this state. */
bool sample_is_same(
	struct sampler *sampler, struct snapshot *snapshot, uint64_t thread, const struct standing *standing);
/* A thread that is stopped again at once stands where it stood: it gets some time, more each time. */
void sample_move_on(int attempt);

/* ---- sample_moving.c: threads that are not stopped. What is read of a stack is of different moments, so it is
 * believed in two cases only: if one copy shows nothing but calls that are known, or as far as six copies agree, which
 * is how calls get known. ---- */

/* Reads the thread's stack into `stack`, names it behind frame_count. *cut: its moving end is missing. False if nothing
 * of it is certain. */
bool sample_moving(struct sampler *sampler, uint64_t thread, bool runs, bool *cut);

/* ---- sample_asleep.c: threads that sleep, or wait for the GIL, from sample to sample are not read again ---- */

/* Whether the thread ran since it was asked for last; to be asked before its stack is read. states: what was read of
 * the thread states; or NULL. */
enum rest sample_rest(struct sampler *sampler, uint64_t thread, struct snapshot *states);
/* Keeps the stack of a thread that does not run; it has its names and its number. */
void sample_keep(struct sampler *sampler, const struct pending *pending);
void sample_lane_free(struct lane *lane);

/* ---- sample_names.c ---- */

/* Turns frames into names; false if one of them is no code object. */
bool sample_name(struct sampler *sampler, struct snapshot *snapshot, const struct frame_ref *frames, size_t count,
	uint32_t *names);
/* Reads what tells the code objects of these frames apart into code_snapshot, with one call. */
void sample_fetch_codes(struct sampler *sampler, const struct frame_ref *frames, size_t count);
/* While the threads stand: names the stacks from this number on if a code object among them is new; true if that can
 * wait. */
bool sample_can_wait(struct sampler *sampler, size_t from, struct taking *taking);
/* They run again. If a code object is another one than when it was seen last, nobody knows which one it was when they
 * stood: the stacks are taken back, and the next ones are named in time. */
void sample_name_late(struct sampler *sampler, size_t from, struct taking *taking);

/* ---- sample_gil.c, sample_free.c: all stacks of the moment ---- */

void sample_with_gil(struct sampler *sampler, struct taking *taking);
void sample_free_threads(struct sampler *sampler, struct taking *taking);

#endif
