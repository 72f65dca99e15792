/* A process and all that it starts: each Python among them that is asked for has a sampler of its own. */
#ifndef SAMPLER_CHILDREN_H
#define SAMPLER_CHILDREN_H

#include "sampler/profile.h"
#include "sampler/sample.h"
#include "sampler/target.h"

struct family;

/* first: the process at the root, which need not be Python; wanted: patterns of --process (see roster_fits; names are
 * command lines). Everything given is kept. */
struct family *family_new(pid_t first, const struct sampling *sampling, const struct frame_naming *naming,
	const struct opt_list *wanted, struct profile *profile);
/* One sample of every process; new ones are looked for ten times a second. SAMPLE_TAKEN if any was, SAMPLE_GONE when
 * none is left. Each process's stacks stand below a frame `process PID:"command line"`, below those of the ones that
 * started it. */
enum sample_result family_take(struct family *family, double now);
/* True if any of them was Python. */
bool family_found(const struct family *family);
bool family_fell_back(const struct family *family);
void family_free(struct family *family);

#endif
