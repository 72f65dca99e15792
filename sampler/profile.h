/* What the samples add up to. */
#ifndef SAMPLER_PROFILE_H
#define SAMPLER_PROFILE_H

#include <sys/types.h>

#include "common/sink.h"
#include "common/stacks.h"
#include "sampler/roster.h"
#include "sampler/top_table.h"

struct profile_rules {
	bool ordered;          /* keep the time order; the first frame is the process, or with `threads` the thread */
	bool threads;          /* a root frame for each thread */
	bool weigh_time;       /* weights are microseconds, else samples */
	bool no_idle;          /* leave out moments in which nothing ran */
	struct roster *roster; /* names of threads and which are asked for; or NULL: all, without names */
	struct top_table *top; /* or NULL: count there instead, for --top */
	struct sink *pairs;    /* or NULL: write pyflame's --flamechart lines (a time, then a stack) there instead of
				  counting */
};

/* A thread's lane in ordered profiles. */
struct profile_lane {
	uint32_t node;
	bool seen; /* in the sample that is being taken */
};

struct profile {
	struct profile_rules rules;
	struct stacks *stacks;
	const struct target *target; /* whose threads are sampled */
	uint32_t base;               /* the node below which stacks are counted: a process's */
	uint32_t idle, track;        /* names: (idle); the process */
	double began, last;          /* times of the first sample's beginning and of the last sample, seconds */
	double weight;               /* of the sample that is being taken */
	long long stamp;             /* its time, microseconds since 1970 */
	bool any;                    /* it has a stack that is asked for */
	unsigned long cut;           /* stacks whose moving end is missing */
	struct profile_lane *lanes;
	size_t lane_count, lane_capacity;
	struct buffer label; /* room for a thread's frame */
};

/* Keeps the pointers. */
struct profile profile_new(const struct target *target, const struct profile_rules *rules, double now);
/* A sample begins. */
void profile_begin(struct profile *profile, double now);
/* One of its stacks: for sampler_take, context is the profile. */
void profile_take(const struct sampled *sampled, void *context);
/* The sample is over. */
void profile_end(struct profile *profile, enum sample_result result);
/* Writes what was counted since the last time, and forgets the counts. */
void profile_flush(struct profile *profile, struct sink *sink);
/* The number of different stacks. */
size_t profile_stacks(const struct profile *profile);
void profile_free(struct profile *profile);

#endif
