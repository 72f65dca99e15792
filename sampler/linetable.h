/* Which line an instruction belongs to. */
#ifndef SAMPLER_LINETABLE_H
#define SAMPLER_LINETABLE_H

#include <stddef.h>

#include "sampler/layout.h"

/* From this byte of the bytecode on, the line is `line` (0: none). */
struct line_start {
	uint32_t byte;
	int32_t line;
};

struct line_table {
	struct line_start *starts; /* by byte */
	size_t count, capacity;
};

/* Decodes a code object's table (co_lnotab, co_linetable). Malformed ends are left out. */
void line_table_decode(
	enum line_kind kind, const unsigned char *bytes, size_t size, int32_t first_line, struct line_table *table);
/* The line of the instruction at that byte; first_line if the table says nothing of it, 0 for code without a line. */
int32_t line_table_find(const struct line_table *table, uint32_t byte, int32_t first_line);
void line_table_free(struct line_table *table);

#endif
