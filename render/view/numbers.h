/* Counts and shares as people read them. */
#ifndef RENDER_VIEW_NUMBERS_H
#define RENDER_VIEW_NUMBERS_H

#include "common/text.h"

/* 1234567.5 -> "1,234,567.5" */
void put_count(struct buffer *out, double count);
/* "+12" or "-12" or "0" */
void put_change(struct buffer *out, double change);
/* Of 1, 0.1234 -> "12.34%"; "-" if the whole is 0. */
void put_share(struct buffer *out, double part, double whole);

#endif
