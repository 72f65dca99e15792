/* When to sample. */
#ifndef SAMPLER_CLOCK_H
#define SAMPLER_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Seconds of the monotonic clock, without the time in which we were stopped. */
double clock_now(void);
/* So much of it does not count; may be called by a signal's handler. */
void clock_leave_out(double seconds);

/* Signals that end the sampling, noted instead of killing us: SIGINT, SIGTERM, SIGHUP (those that are ignored stay so).
 * All are blocked but inside clock_sleep. */
void clock_catch_signals(void);
/* The number of the signal that asked for the end; 0: none did. */
int clock_signal(void);
/* Signals as they were: for a child between fork and exec, and after sampling. */
void clock_restore_signals(void);

/* Sleeps until the time, or a signal that ends. If the time is over already, those are looked for once in a
 * millisecond. */
void clock_sleep(double until);

/* The times of samples: the first at once, then one in each interval, at a random place in it (against beating with
 * periodic work) or at its start. */
struct schedule {
	double start, interval; /* seconds; interval 0: at once, always */
	bool jitter;
	uint64_t number; /* of the next interval */
	uint64_t late;   /* intervals that had passed before their sample could be taken */
	uint64_t random;
};
void schedule_begin(struct schedule *schedule, double interval, bool jitter);
/* The time of the next sample. Intervals that are over already are counted as late and left out. */
double schedule_next(struct schedule *schedule);

#endif
