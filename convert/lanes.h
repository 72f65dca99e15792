/* Root frames that say where a record comes from: its process and its thread. */
#ifndef CONVERT_LANES_H
#define CONVERT_LANES_H

#include "convert/converter.h"

/* What is known of where a record comes from; empty texts: not known. Ids are decimal text. */
struct lane {
	struct text process, pid, thread, tid;
};

/* The node below which the record's stack stands: the root itself, or frames "NAME (PID)" (--pid), "NAME" (--threads)
 * and "NAME (TID)" (--tid), "process PID" and "thread TID" where there is no name. With --ordered it is always one
 * frame, different for each thread, whose number goes to *thread. */
uint32_t lane_node(const struct run *run, struct stacks *stacks, const struct lane *lane, uint32_t *thread);

#endif
