/* Where records of `perf script` begin and end. */
#ifndef CONVERT_PERF_BLOCKS_H
#define CONVERT_PERF_BLOCKS_H

#include <stddef.h>

/* The end of the block that starts at `at`: behind its last line that is not blank. Mostly it is one record. */
const char *perf_block_end(const char *at, const char *end);
/* A source_cut: records end with a blank line, or where the next header starts. */
size_t perf_cut_records(const char *data, size_t size);

#endif
