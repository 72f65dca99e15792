/* A process and all that it starts: each Python among them has a sampler of its own. */
#ifndef SAMPLER_CHILDREN_H
#define SAMPLER_CHILDREN_H

#include "sampler/profile.h"
#include "sampler/sample.h"
#include "sampler/target.h"

struct family;

/* `target` is the first process, located. Everything given is kept. */
struct family *family_new(const struct target *target, const struct sampling *sampling,
	const struct frame_naming *naming, struct profile *profile);
/* One sample of every process; new ones are looked for ten times a second. SAMPLE_TAKEN if any was, SAMPLE_GONE when
 * none is left. Each process's stacks stand below a frame `process PID:"command line"`, below those of the ones that
 * started it. */
enum sample_result family_take(struct family *family, double now);
bool family_fell_back(const struct family *family);
void family_free(struct family *family);

#endif
