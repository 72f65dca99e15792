/* Python's marshal format (versions 0 to 5), as far as plain data goes. */
#ifndef CONVERT_MARSHAL_H
#define CONVERT_MARSHAL_H

#include "common/text.h"

struct marshal;

/* Reads one value, which fills the data. NULL, with a message that names the file and the place, if it is broken. Texts
 * point into the data. */
struct marshal *marshal_read(struct text data, const char *file);
void marshal_free(struct marshal *marshal);

/* Values are numbers; that of the whole is this one: */
enum { MARSHAL_ROOT = 0 };
/* How many items a tuple or list has; of a dictionary keys and values in turn. 0 for others. */
size_t marshal_count(const struct marshal *marshal, uint32_t value);
/* One of them; must be there. */
uint32_t marshal_item(const struct marshal *marshal, uint32_t value, size_t index);
/* A number's value; 0 for others. */
double marshal_number(const struct marshal *marshal, uint32_t value);
/* A string's text; at is NULL for others. */
struct text marshal_text(const struct marshal *marshal, uint32_t value);

#endif
