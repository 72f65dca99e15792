/* Cutting a line into its parts, from the left. What was cut is passed over; where a function says false, nothing is.
 */
#ifndef CONVERT_CUT_H
#define CONVERT_CUT_H

#include "common/text.h"

/* Passes over blanks and tabs; says how many. */
size_t cut_blanks(struct text *rest);
/* Passes over `start`; false if the text does not start with it. */
bool cut_start(struct text *rest, const char *start);
/* Takes a number at the start; false if there is none or it does not fit 64 bits. */
bool cut_integer(struct text *rest, uint64_t *value);
/* Takes what stands before the first `stop`, and passes over that too; false if there is no `stop`. */
bool cut_until(struct text *rest, const char *stop, struct text *part);
/* The next word, without the blanks around it; empty at the end. */
struct text cut_word(struct text *rest);

/* What stands before the first `c` in the text: all of it if there is none. */
struct text text_before(struct text text, char c);

#endif
