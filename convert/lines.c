#include "convert/lines.h"

void lines_read(struct source *source, lines_take *take, lines_end *end, void *state)
{
	char nothing[1] = "";
	struct chunk chunk = {0}, last = {.data = nothing};
	while (source_chunk(source, source_cut_lines, &chunk)) {
		const char *at = chunk.data, *stop = chunk.data + chunk.size;
		if (last.file && chunk.first && end)
			end(state, &last);
		for (struct text line; next_line(&at, stop, &line);)
			take(state, &chunk, line);
		last.file = chunk.file;
		last.line = chunk_line(&chunk, stop);
	}
	if (last.file && end)
		end(state, &last);
	chunk_free(&chunk);
}

bool lines_any(struct text head, bool (*is)(struct text line))
{
	const char *at = head.at, *end = head.at + head.size;
	for (struct text line; next_line(&at, end, &line);)
		if (is(line))
			return true;
	return false;
}
