/* Sampling over time: what is sampled when, where it goes, and how it went. */
#ifndef SAMPLER_SESSION_H
#define SAMPLER_SESSION_H

#include "sampler/children.h"
#include "sampler/clock.h"
#include "sampler/dump.h"
#include "sampler/options.h"
#include "sampler/profile.h"
#include "sampler/top.h"

struct tally {
	unsigned long taken, idle, failed;
	double began, ended;
};

/* What is sampled, and where it goes. */
struct session {
	const struct options *options;
	struct target *target;
	struct profile profile;
	struct sink *direct; /* written while it is sampled; or NULL */
	struct dump *dump;   /* or NULL */
	struct top *top;     /* or NULL */
	const char *title;   /* what that shows */
	bool progress;       /* shown on standard error */
	/* The rest is session_run's. */
	struct sampler *sampler; /* or: */
	struct family *family;
	struct schedule schedule;
	struct tally tally;
	uint64_t process; /* see proc_start_time */
	double until;     /* the end */
	double shown, streamed;
	bool unstopped; /* samples were taken without a stop, asked for or not */
	bool found;     /* there was a Python program */
};

/* Takes samples until the time (of clock_now) is over, the program ends or a signal asks for the end; with
 * `seconds` 0 just one. */
void session_run(struct session *session);
/* Prints how it went to the file (NULL: standard error). stats: "text", "json" or NULL (a line for those who see it).
 * False, with a message, if it cannot be written. */
bool session_summary(const struct session *session, const char *stats, const char *path);

#endif
