/* Conditions on the change between two profiles: "self(work)>+5%". */
#ifndef FOLD_GATE_H
#define FOLD_GATE_H

#include "convert/fold/functions.h"

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
/* Reports every function that breaks the condition; returns how many. A change is only counted if it is larger than
 * `noise` standard errors of the difference of two binomial shares (weights are taken as numbers of samples). */
size_t gate_check(const struct gate *gate, struct functions *before, struct functions *after, double noise);

#endif
