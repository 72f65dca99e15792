/* What austin's two forms have in common. */
#ifndef CONVERT_AUSTIN_H
#define CONVERT_AUSTIN_H

#include "common/stacks.h"

/* The metrics of a sample. */
struct austin_values {
	bool has_time, has_memory, idle;
	double time;   /* microseconds */
	double memory; /* bytes; negative: freed */
};

/* The weight that --metric asks for; false if the sample does not have it. */
bool austin_weight(const struct austin_values *values, double *weight);
/* The name of the frame "file:function:line", without the line for --no-lines. */
uint32_t austin_frame(struct stacks *stacks, struct text frame);

#endif
