/* Conditions of --fail-if: "self(work)>+5%", as folddiff's. */
#ifndef REPORT_CONDITION_H
#define REPORT_CONDITION_H

#include "render/report/functions.h"

struct condition {
	const char *text; /* as it was given */
	bool total;       /* "total(...)", else "self(...)" */
	struct text name; /* of the function, or "name (file)"; "*": any */
	bool relative;    /* a sign stood before the limit: it is a change, else it is the new value */
	bool percent;     /* shares of the whole in percent (changes: in points), else weights */
	bool below;       /* "<": fails if it is less */
	double limit;
};

/* Reads KIND(NAME)>LIMIT. Wrong ones end the program with status 2. */
struct condition condition_parse(const char *text);
/* Adds a line to `out` for every function that breaks the condition: what it was and what it is. Changes need a
 * baseline (else nothing breaks), and only count if they are sure at `noise` standard errors. */
void condition_check(
	const struct condition *condition, const struct functions *functions, double noise, struct buffer *out);

#endif
