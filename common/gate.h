/* Conditions on the change between two profiles, for --fail-if: "self(work)>+5%". */
#ifndef COMMON_GATE_H
#define COMMON_GATE_H

#include "common/text.h"

struct gate {
	const char *text; /* as it was given */
	bool total;       /* "total(...)", else "self(...)" */
	struct text name; /* of the function; "*": any */
	bool relative;    /* a sign stood before the limit: it is a change, else it is the new value */
	bool percent;     /* shares of the whole in percent (changes: in points), else weights */
	bool below;       /* "<": fails if it is less */
	double limit;
};

/* Reads KIND(NAME)>LIMIT: kind self or total; > or <; the limit with + or - is a change, with % it is in percent of all
 * samples. Wrong ones end the program with status 2. */
struct gate gate_parse(const char *text);

/* What a function weighs in the old and in the new profile, and what these weigh in all; old_sum 0: there is no old
 * one. */
struct gate_weights {
	double old, old_sum, new, new_sum;
};
/* True if the condition holds; adds a line to `out` that says so. A change only counts if it is sure at `noise`. */
bool gate_holds(const struct gate *gate, struct text name, const struct gate_weights *weights, double noise,
	struct buffer *out);
/* True if the two shares differ by more than `noise` standard errors of the difference of two binomial shares: weights
 * are taken as numbers of samples. */
bool gate_is_sure(const struct gate_weights *weights, double noise);

#endif
