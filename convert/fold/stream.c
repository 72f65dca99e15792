#include "convert/fold/stream.h"

#include <unistd.h>

void stream_open(struct stream *stream, char *const *path, struct skipped *skipped)
{
	*stream = (struct stream){.source = source_open(path, 1), .skipped = skipped};
}

bool stream_close(struct stream *stream)
{
	chunk_free(&stream->chunk);
	buffer_free(&stream->stack);
	return source_close(stream->source);
}

/* The next line that is one; its stack lives until the next chunk is read. */
static bool next_folded(struct stream *stream, struct folded_line *out)
{
	struct text line;
	for (;;) {
		while (next_line(&stream->at, stream->chunk.data + stream->chunk.size, &line)) {
			if (folded_parse(line, false, out))
				return true;
			if (!folded_is_blank(line))
				skip_record(stream->skipped, &stream->chunk, line.at, "not a folded line: '%.*s'",
					line.size < 60 ? (int)line.size : 60, line.at);
		}
		if (!source_chunk(stream->source, source_cut_lines, &stream->chunk))
			return false;
		stream->at = stream->chunk.data;
	}
}

bool stream_next(struct stream *stream)
{
	if (!stream->has_next && !next_folded(stream, &stream->next))
		return false;
	buffer_clear(&stream->stack);
	buffer_add(&stream->stack, stream->next.stack.at, stream->next.stack.size);
	stream->count = stream->next.count;
	while ((stream->has_next = next_folded(stream, &stream->next))) {
		if (text_compare(stream->next.stack, buffer_text(&stream->stack)) != 0)
			break;
		stream->count += stream->next.count;
	}
	return true;
}

enum { PEEKED = 64 * 1024 };

bool stream_is_sorted(const char *path, double *total)
{
	char *const paths[] = {(char *)path};
	struct skipped skipped = {.quiet = true};
	struct stream stream;
	struct buffer last = {0};
	bool sorted = true;
	if (strcmp(path, "-") == 0 || access(path, R_OK) != 0)
		return false;
	stream_open(&stream, paths, &skipped);
	*total = 0;
	if (source_can_rewind(stream.source) && folded_dialect(source_peek(stream.source, PEEKED)) != FOLDED_PAIRS)
		while (sorted && stream_next(&stream)) {
			sorted = text_compare(buffer_text(&last), buffer_text(&stream.stack)) <= 0;
			struct buffer swap = last;
			last = stream.stack;
			stream.stack = swap;
			*total += stream.count;
		}
	else
		sorted = false;
	buffer_free(&last);
	return stream_close(&stream) && sorted;
}
