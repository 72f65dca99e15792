/* The stacks of one moment, for reading. */
#ifndef SAMPLER_DUMP_H
#define SAMPLER_DUMP_H

#include "common/intern.h"
#include "common/sink.h"
#include "sampler/roster.h"

enum dump_form {
	DUMP_PLAIN,   /* "TID: Name" ("TID*: Name" holds the GIL), frames leaf first, a blank line between threads;
			 or whether it runs, if it has no frames */
	DUMP_PYFLAME, /* the same without names */
	DUMP_PYSPY,   /* "Thread TID (active+gil): "Name"", frames indented, the oldest thread first */
	DUMP_JSON,    /* an array of threads with their frames */
};

struct dump {
	enum dump_form form;
	const struct target *target;
	struct roster *roster;
	const struct intern *names;
	struct sink *sink;
	size_t threads; /* written so far */
	/* py-spy's form shows the threads in the order in which they were started: */
	struct buffer *texts;
	size_t count, capacity;
};

void dump_begin(const struct dump *dump);
/* For sampler_take; context is the dump. */
void dump_take(const struct sampled *sampled, void *context);
void dump_end(struct dump *dump);

#endif
