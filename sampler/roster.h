/* Who is who among the sampled threads: names, and which of them are asked for. */
#ifndef SAMPLER_ROSTER_H
#define SAMPLER_ROSTER_H

#include "common/opt.h"
#include "common/text.h"
#include "sampler/sample.h"
#include "sampler/target.h"

struct member_thread {
	pid_t pid, tid;
	uint64_t identity; /* pthread_self() */
	struct buffer name;
	bool wanted;   /* fits one of the patterns */
	bool certain;  /* the name is the one that threading has for it */
	unsigned seen; /* how often, until the name is certain */
};

/* True if the number or the name fits one of the patterns, or if there are none. A pattern of digits is a number,
 * others are the shell's (*, ?, [a-z]). */
bool roster_fits(const struct opt_list *patterns, pid_t number, const char *name);

struct roster;

/* patterns: of --thread; empty: all threads are wanted. Kept. only_python: other threads than the first that threading
 * does not know have no name. */
struct roster *roster_new(const struct opt_list *patterns, bool only_python);
/* The thread of a stack, valid until the next call. Its name is threading.Thread.name; else "MainThread" for a
 * process's first thread, and the kernel's name for another one (threading is asked again now and then). */
const struct member_thread *roster_find(
	struct roster *roster, const struct target *target, const struct sampled *sampled);
void roster_free(struct roster *roster);

#endif
