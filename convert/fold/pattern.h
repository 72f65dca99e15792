/* Regular expressions (PCRE2) that are asked again and again about the same names. */
#ifndef FOLD_PATTERN_H
#define FOLD_PATTERN_H

#include "common/text.h"

struct pattern;

/* ignore_case and fixed (no metacharacters) as grep's -i and -F. Wrong ones end the program with status 2, naming
 * `option`. */
struct pattern *pattern_new(const char *option, const char *expression, bool ignore_case, bool fixed);
/* sed's s/EXPRESSION/REPLACEMENT/[gi]; any character may stand for the slash; \1 or $1 is what group 1 matched. */
struct pattern *pattern_new_rename(const char *option, const char *rule);
void pattern_free(struct pattern *pattern);

/* True if it matches anywhere in the name. `number` is the name's number (see intern), by which the answer is kept. */
bool pattern_matches(struct pattern *pattern, struct text name, uint32_t number);
/* Appends the name with what matches replaced. */
void pattern_rename(struct pattern *pattern, struct text name, struct buffer *out);

#endif
