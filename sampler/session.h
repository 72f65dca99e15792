/* Sampling over time: what is sampled when, where it goes, and how it went. */
#ifndef SAMPLER_SESSION_H
#define SAMPLER_SESSION_H

#include "sampler/children.h"
#include "sampler/clock.h"
#include "sampler/dump.h"
#include "sampler/profile.h"
#include "sampler/top.h"

struct tally {
	unsigned long taken, idle, failed;
	double began, ended;
};

/* What is sampled, and where it goes. */
struct session {
	struct sampler *sampler; /* or: */
	struct family *family;
	struct profile profile;
	struct dump *dump; /* or NULL */
	struct schedule schedule;
	struct tally tally;
	struct sink *stream; /* --stream: written once a second; or NULL */
	struct top *top;     /* --top; or NULL */
	const char *title;   /* what it shows */
	bool nonstop;        /* no thread is stopped */
	bool unstopped;      /* after session_run: samples were taken without a stop, asked for or not */
	bool progress;       /* shown on standard error */
	double shown, streamed;
};

/* Takes samples until the time (of clock_now) is over, the program ends or a signal asks for the end; `once`: just one.
 */
void session_run(struct session *session, double until, bool once);
/* Prints how it went to the file (NULL: standard error). stats: "text", "json" or NULL (a line for those who see it).
 */
void session_summary(const struct session *session, const char *stats, const char *path);

#endif
