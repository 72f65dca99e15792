#include "render/view/numbers.h"

void put_count(struct buffer *out, double count)
{
	char digits[TEXT_NUMBER_SIZE];
	size_t size = text_from_number(digits, count), whole = strspn(digits, "-0123456789");
	if (strchr(digits, 'e'))
		whole = 0; /* beyond 2^53: as it is */
	for (size_t i = 0; i < size; i++) {
		bool group = i && i < whole && (whole - i) % 3 == 0 && digits[i - 1] != '-';
		if (group)
			buffer_add_char(out, ',');
		buffer_add_char(out, digits[i]);
	}
}

void put_change(struct buffer *out, double change)
{
	if (change > 0)
		buffer_add_char(out, '+');
	put_count(out, change);
}

void put_share(struct buffer *out, double part, double whole)
{
	if (whole > 0)
		buffer_add_format(out, "%.2f%%", 100 * part / whole);
	else
		buffer_add_char(out, '-');
}
