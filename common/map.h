/* A regular file as it lies in the page cache: read without a copy. */
#ifndef COMMON_MAP_H
#define COMMON_MAP_H

#include "common/text.h"

/* Maps an open file of that size; {NULL, 0} if it cannot be. If somebody cuts it off while it is
 * read, the program says so and ends with status 1; if somebody writes into it, its bytes change: who looks at them
 * twice must not rely on seeing the same. To be freed with map_free. */
struct text map_file(int fd, size_t size);
void map_free(struct text map);

#endif
