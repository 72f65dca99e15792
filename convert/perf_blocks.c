#include "convert/perf_blocks.h"

#include "convert/perf_header.h"

/* Is there a blank line among these bytes, and the one behind them? Without branches, for the compiler to turn into
 * vector instructions. */
enum { STRETCH = 64 };
static bool has_blank_line(const char *at)
{
	char any = 0;
	for (int i = 0; i < STRETCH; i++)
		any |= (char)((at[i] == '\n') & ((at[i + 1] == '\n') | (at[i + 1] == '\r')));
	return any;
}

const char *perf_block_end(const char *at, const char *end)
{
	while (end - at > STRETCH && !has_blank_line(at))
		at += STRETCH;
	for (const char *line = at; (line = memchr(line, '\n', (size_t)(end - line))) != NULL;) {
		line++;
		if (line == end || *line == '\n' || (*line == '\r' && line + 1 < end && line[1] == '\n'))
			return line;
	}
	return end;
}

/* Where the last header line starts, for input without blank lines (perf record without -g). */
static size_t last_header(const char *data, size_t size)
{
	const char *end = memrchr(data, '\n', size);
	while (end) {
		const char *before = end > data ? memrchr(data, '\n', (size_t)(end - data)) : NULL;
		const char *start = before ? before + 1 : data;
		struct perf_header header;
		if (perf_header_parse((struct text){start, (size_t)(end - start)}, &header))
			return (size_t)(start - data);
		end = before;
	}
	return 0;
}

size_t perf_cut_records(const char *data, size_t size)
{
	for (const char *at = data + size; (at = memrchr(data, '\n', (size_t)(at - data))) != NULL && at > data;) {
		if (at[-1] == '\n' || (at[-1] == '\r' && at - 1 > data && at[-2] == '\n'))
			return (size_t)(at - data) + 1;
	}
	return last_header(data, size);
}
