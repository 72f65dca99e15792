/* The operands of the command line, for formats that read something else than files of text. */
#ifndef CONVERT_OPERANDS_H
#define CONVERT_OPERANDS_H

#include <stddef.h>

/* They belong to argv. Only after main has parsed the options. */
char *const *operands(size_t *count);

#endif
