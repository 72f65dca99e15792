#include "convert/lines.h"

/* Hands out the lines; returns the number of the one in which the chunk ends. */
static unsigned long take_lines(const struct chunk *chunk, lines_take *take, void *state)
{
	const char *at = chunk->data, *stop = chunk->data + chunk->size;
	unsigned long number = chunk->line;
	for (struct text line; next_line(&at, stop, &line); number++)
		take(state, chunk, line);
	return chunk->size && stop[-1] != '\n' ? number - 1 : number;
}

void lines_read(struct source *source, lines_take *take, lines_end *end, void *state)
{
	char nothing[1] = "";
	struct chunk chunk = {0}, last = {.data = nothing};
	while (source_chunk(source, source_cut_lines, &chunk)) {
		if (last.file && chunk.first && end)
			end(state, &last);
		last.line = take_lines(&chunk, take, state);
		last.file = chunk.file;
	}
	if (last.file && end)
		end(state, &last);
	chunk_free(&chunk);
}

void lines_of(const struct chunk *chunk, lines_take *take, lines_end *end, void *state)
{
	char nothing[1] = "";
	struct chunk last = {.data = nothing, .file = chunk->file, .line = take_lines(chunk, take, state)};
	if (end)
		end(state, &last);
}

/* The last whole line of which `is` says so, or NULL. */
static const char *last_line(const char *data, size_t size, bool (*is)(struct text line), struct text *line)
{
	const char *stop = memrchr(data, '\n', size);
	while (stop) {
		const char *before = stop > data ? memrchr(data, '\n', (size_t)(stop - data)) : NULL;
		const char *at = before ? before + 1 : data;
		next_line(&at, stop + 1, line);
		if (is(*line))
			return stop + 1;
		stop = before;
	}
	return NULL;
}

/* What has no record for so long is not kept until one comes. */
static size_t cut_huge(const char *data, size_t size)
{
	enum { RECORD_BYTES = 1 << 25 };
	return size < RECORD_BYTES ? 0 : source_cut_lines(data, size);
}

size_t lines_cut_before(const char *data, size_t size, bool (*is)(struct text line))
{
	struct text line;
	return last_line(data, size, is, &line) ? (size_t)(line.at - data) : cut_huge(data, size);
}

size_t lines_cut_behind(const char *data, size_t size, bool (*is)(struct text line))
{
	struct text line;
	const char *behind = last_line(data, size, is, &line);
	return behind ? (size_t)(behind - data) : cut_huge(data, size);
}

bool lines_any(struct text head, bool (*is)(struct text line))
{
	const char *at = head.at, *end = head.at + head.size;
	for (struct text line; next_line(&at, end, &line);)
		if (is(line))
			return true;
	return false;
}
