/* One profile read and counted, as its pages need it. */
#ifndef REPORT_ANALYSIS_H
#define REPORT_ANALYSIS_H

#include "render/report/functions.h"
#include "render/report/settings.h"

struct analysis {
	struct stacks *stacks;
	struct callgraph graph;
	double sum;     /* of all weights */
	uint64_t count; /* of different stacks with a weight */
	bool whole;     /* all of the file could be read */
	uint32_t depth; /* of the deepest stack, in frames */
};

/* False, after a message, if it cannot be read. */
bool analysis_read(struct analysis *analysis, const char *path, bool ordered);
void analysis_free(struct analysis *analysis);

#endif
