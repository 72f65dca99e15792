/* What every function of a profile weighs, beside what it weighed in the baseline. */
#ifndef REPORT_FUNCTIONS_H
#define REPORT_FUNCTIONS_H

#include "render/callgraph.h"

struct function {
	struct text name, file;
	double self, total;
	double old_self, old_total; /* in the baseline */
	uint32_t number;            /* in the call graph; UINT32_MAX: gone */
};

/* All functions; texts are the stacks'. */
struct functions {
	struct function *items; /* heaviest self first, then total, then by name */
	size_t count;
	double sum, old_sum; /* weights of the profiles; old_sum 0: there is no baseline */
};

/* `old` may be NULL. */
struct functions functions_of(const struct callgraph *graph, double sum, struct callgraph *old, double old_sum);
void functions_free(struct functions *functions);

/* Change of the share, in points (percent of all). */
double function_self_change(const struct functions *functions, const struct function *function);
double function_total_change(const struct functions *functions, const struct function *function);

/* True if two shares differ by more than `noise` standard errors of the difference of two binomial shares: weights are
 * taken as numbers of samples. */
bool change_is_sure(double old, double old_sum, double now, double sum, double noise);

#endif
