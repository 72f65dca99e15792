/* The stacks of one moment, for reading. */
#ifndef SAMPLER_DUMP_H
#define SAMPLER_DUMP_H

#include "common/intern.h"
#include "common/sink.h"
#include "sampler/sample.h"

enum dump_form {
	DUMP_PYFLAME, /* "TID:" ("TID*:" holds the GIL), frames leaf first, a blank line between threads */
	DUMP_PYSPY,   /* "Thread TID (active+gil)", frames indented */
	DUMP_JSON,    /* an array of threads with their frames */
};

struct dump {
	enum dump_form form;
	pid_t pid;
	unsigned minor; /* of the Python version 3.MINOR; 0: 2.7 */
	const struct intern *names;
	struct sink *sink;
	size_t threads; /* written so far */
};

void dump_begin(const struct dump *dump);
/* For sampler_take; context is the dump. */
void dump_take(const struct sampled *sampled, void *context);
void dump_end(const struct dump *dump);

#endif
