/* Lines of comma-separated values. */
#ifndef CONVERT_CSV_H
#define CONVERT_CSV_H

#include "common/text.h"

/* Cuts the next field off the line; blanks before it are counted, not kept. It may be quoted ("" in it is a quote);
 * what it says then goes to `out` (emptied before) and the field lives there, else in the line. False at the end of the
 * line. */
bool csv_field(struct text *line, struct buffer *out, struct text *field, size_t *blanks);

/* The number of the column with that heading, or -1. */
int csv_column(struct text heading_line, const char *heading);

#endif
