#include "common/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "common/lock.h"
#include "common/map.h"
#include "common/mem.h"
#include "common/report.h"
#include "common/utf16.h"

/* A chunk is filled up to this size (more if one record is longer); small enough for the second-level cache. */
enum { CHUNK_BYTES = 512 * 1024, RAW_BYTES = 128 * 1024, PIPE_BYTES = 1024 * 1024 };

struct source {
	char *const *paths;
	size_t count, index; /* files; the one that is open or next */
	bool is_open, ended, failed, used_stdin;
	int fd;
	const char *name;
	bool is_gzip, in_member; /* in_member: inside a gzip member */
	z_stream stream;
	unsigned char *raw; /* gzip: compressed bytes */
	enum utf16 encoding;
	unsigned char carried[4]; /* UTF-16: bytes of a character that is not whole yet */
	size_t carried_size;
	struct buffer rest; /* read but not handed out yet: the start of a record */
	unsigned long line; /* number of the next chunk's first line */
	bool first;         /* nothing of this file was handed out yet */
	struct text map;
	pthread_mutex_t lock;
};

struct source *source_open(char *const *paths, size_t count)
{
	static char dash[] = "-";
	static char *const standard_input[] = {dash};
	struct source *source = mem_zero(1, sizeof *source);
	source->paths = count ? paths : standard_input;
	source->count = count ? count : 1;
	source->fd = -1;
	pthread_mutex_init(&source->lock, NULL);
	return source;
}

static void fail(struct source *source, const char *why)
{
	report_error("%s: %s", source->name, why);
	source->failed = true;
	source->ended = true;
}

static size_t read_fully(struct source *source, void *to, size_t size)
{
	size_t got = 0;
	while (got < size) {
		ssize_t n = read(source->fd, (char *)to + got, size - got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			fail(source, strerror(errno));
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	return got;
}

/* Feeds what is compressed to zlib; a member's end may be followed by another member or by zero padding. */
static size_t inflate_some(struct source *source, char *to, size_t size)
{
	z_stream *stream = &source->stream;
	stream->next_out = (unsigned char *)to;
	stream->avail_out = (unsigned)size;
	while (stream->avail_out && !source->ended) {
		if (!stream->avail_in) {
			stream->next_in = source->raw;
			stream->avail_in = (unsigned)read_fully(source, source->raw, RAW_BYTES);
			if (!stream->avail_in && !source->ended) {
				if (source->in_member)
					fail(source, "the gzip data is cut off: what could be read is used");
				source->ended = true;
			}
			continue;
		}
		if (!source->in_member) {
			if (*stream->next_in == 0) { /* padding */
				stream->next_in++, stream->avail_in--;
				continue;
			}
			inflateReset(stream);
			source->in_member = true;
		}
		int result = inflate(stream, Z_NO_FLUSH);
		if (result == Z_STREAM_END)
			source->in_member = false;
		else if (result != Z_OK && result != Z_BUF_ERROR)
			fail(source, "the gzip data is corrupt: what could be read is used");
	}
	return size - stream->avail_out;
}

static size_t read_bytes(struct source *source, char *to, size_t size)
{
	if (source->is_gzip)
		return inflate_some(source, to, size > 1u << 30 ? 1u << 30 : size);
	size_t got = read_fully(source, to, size);
	if (got < size)
		source->ended = true;
	return got;
}

/* At most three bytes come out of every two, so the room is not filled. */
static size_t read_utf16(struct source *source, char *to, size_t size)
{
	unsigned char bytes[4096 + sizeof source->carried];
	size_t take = size / 3 * 2, kept = source->carried_size;
	take = take > 4096 ? 4096 : take;
	if (take <= kept)
		return 0;
	memcpy(bytes, source->carried, kept);
	size_t got = kept + read_bytes(source, (char *)bytes + kept, take - kept), used;
	size_t written = utf16_to_utf8(source->encoding, bytes, got, to, &used);
	source->carried_size = got - used;
	memcpy(source->carried, bytes + used, got - used);
	return written;
}

static size_t read_some(struct source *source, char *to, size_t size)
{
	if (source->encoding == UTF16_NONE)
		return read_bytes(source, to, size);
	size_t got = 0;
	while (size - got >= 64 && !source->ended)
		got += read_utf16(source, to + got, size - got);
	return got;
}

/* Recognises gzip by its magic and drops a byte order mark; what was read for that stays in `rest`. */
static void begin_content(struct source *source)
{
	char start[4];
	size_t got = read_fully(source, start, sizeof start);
	if (got >= 2 && memcmp(start, "\x1f\x8b", 2) == 0) {
		source->is_gzip = true;
		source->in_member = true;
		if (!source->raw)
			source->raw = mem_alloc(RAW_BYTES);
		memcpy(source->raw, start, got);
		source->stream = (z_stream){.next_in = source->raw, .avail_in = (unsigned)got};
		if (inflateInit2(&source->stream, 16 + MAX_WBITS) != Z_OK)
			die(EXIT_FAILED, "zlib cannot be started");
		got = read_bytes(source, start, sizeof start);
	} else if (got < sizeof start) {
		source->ended = true;
	}
	source->encoding = utf16_of(start, got);
	if (source->encoding != UTF16_NONE) {
		source->carried_size = 2;
		memcpy(source->carried, start + 2, 2);
	} else if (got >= 3 && memcmp(start, "\xef\xbb\xbf", 3) == 0) {
		buffer_add(&source->rest, start + 3, got - 3);
	} else {
		buffer_add(&source->rest, start, got);
	}
}

static void open_next(struct source *source)
{
	const char *path = source->paths[source->index];
	bool standard = strcmp(path, "-") == 0;
	source->used_stdin |= standard;
	source->name = standard ? "stdin" : path;
	source->is_open = true;
	source->ended = source->is_gzip = false;
	source->encoding = UTF16_NONE;
	source->carried_size = 0;
	source->line = 1;
	source->first = true;
	buffer_clear(&source->rest);
	source->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (source->fd < 0) {
		fail(source, strerror(errno));
		return;
	}
	/* If it is a pipe: its writer and we wait for each other less often. */
	fcntl(source->fd, F_SETPIPE_SZ, PIPE_BYTES);
	begin_content(source);
}

static void close_current(struct source *source)
{
	if (source->fd > STDIN_FILENO)
		close(source->fd);
	if (source->is_gzip)
		inflateEnd(&source->stream);
	source->fd = -1;
	source->is_open = source->is_gzip = false;
	source->index++;
}

/* Counts in lanes of bytes, which the compiler turns into vector instructions. */
static unsigned long count_lines(const char *at, const char *end)
{
	enum { LANES = 32, ROUNDS = 255 }; /* a lane must not overflow */
	unsigned long lines = 0;
	while (end - at >= LANES) {
		unsigned char lanes[LANES] = {0};
		for (int round = 0; round < ROUNDS && end - at >= LANES; round++, at += LANES)
			for (int i = 0; i < LANES; i++)
				lanes[i] = (unsigned char)(lanes[i] + (at[i] == '\n'));
		for (int i = 0; i < LANES; i++)
			lines += lanes[i];
	}
	for (; at < end; at++)
		lines += *at == '\n';
	return lines;
}

/* Fills the chunk until it holds whole records; keeps the start of the next one in `rest`. */
static void fill(struct source *source, source_cut *cut, struct chunk *chunk)
{
	size_t whole = 0, target = CHUNK_BYTES;
	chunk->size = 0;
	while (whole == 0) {
		if (chunk->capacity < target + 1)
			chunk->data = mem_grow(chunk->data, &chunk->capacity, target + 1, 1);
		if (source->rest.size) {
			memcpy(chunk->data, source->rest.at, source->rest.size);
			chunk->size = source->rest.size;
			buffer_clear(&source->rest);
		}
		if (!source->ended)
			chunk->size += read_some(source, chunk->data + chunk->size, target - chunk->size);
		whole = source->ended ? chunk->size : cut(chunk->data, chunk->size);
		if (source->ended)
			break;
		target = chunk->size * 2 > CHUNK_BYTES ? chunk->size * 2 : CHUNK_BYTES;
	}
	buffer_add(&source->rest, chunk->data + whole, chunk->size - whole);
	chunk->size = whole;
	chunk->data[whole] = '\0';
}

static bool next_chunk(struct source *source, source_cut *cut, struct chunk *chunk)
{
	while (source->index < source->count) {
		if (!source->is_open)
			open_next(source);
		if (source->ended && !source->rest.size) {
			close_current(source);
			continue;
		}
		fill(source, cut, chunk);
		if (!chunk->size)
			continue;
		chunk->file = source->name;
		chunk->line = source->line;
		chunk->first = source->first;
		source->line += count_lines(chunk->data, chunk->data + chunk->size);
		source->first = false;
		return true;
	}
	return false;
}

bool source_chunk(struct source *source, source_cut *cut, struct chunk *chunk)
{
	lock_take(&source->lock);
	bool any = next_chunk(source, cut, chunk);
	pthread_mutex_unlock(&source->lock);
	return any;
}

struct text source_peek(struct source *source, size_t size)
{
	if (!source->is_open && source->index < source->count)
		open_next(source);
	while (source->is_open && !source->ended && source->rest.size < size) {
		char block[4096];
		buffer_add(&source->rest, block, read_some(source, block, sizeof block));
	}
	return buffer_text(&source->rest);
}

size_t source_size(struct source *source)
{
	struct stat info;
	if (source->count != 1 || source->index || !source_can_rewind(source))
		return 0;
	if (!source->is_open)
		open_next(source);
	if (!source->first || source->ended || source->is_gzip || source->encoding != UTF16_NONE)
		return 0;
	return fstat(source->fd, &info) == 0 && info.st_size > 0 ? (size_t)info.st_size : 0;
}

size_t source_look(struct source *source, size_t at, char *to, size_t size)
{
	ssize_t got = pread(source->fd, to, size, (off_t)at);
	return got > 0 ? (size_t)got : 0;
}

bool source_map(struct source *source, struct chunk *chunk)
{
	size_t size = source_size(source);
	if (size)
		source->map = map_file(source->fd, size);
	if (!source->map.at)
		return false;
	size_t mark = text_starts(source->map, "\xef\xbb\xbf") ? 3 : 0;
	*chunk = (struct chunk){.data = (char *)source->map.at + mark,
		.size = source->map.size - mark,
		.file = source->name,
		.line = 1,
		.first = true};
	source->ended = true;
	source->first = false;
	buffer_clear(&source->rest);
	return true;
}

bool source_can_rewind(const struct source *source)
{
	for (size_t i = 0; i < source->count; i++) {
		struct stat info;
		const char *path = source->paths[i];
		int status = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &info) : stat(path, &info);
		if (status == 0 && !S_ISREG(info.st_mode))
			return false;
		if (strcmp(path, "-") == 0 && lseek(STDIN_FILENO, 0, SEEK_CUR) != 0 && !source->used_stdin)
			return false; /* somebody read a part of it before us */
	}
	return true;
}

bool source_rewind(struct source *source)
{
	if (!source_can_rewind(source))
		return false;
	if (source->is_open)
		close_current(source);
	if (source->used_stdin)
		lseek(STDIN_FILENO, 0, SEEK_SET);
	source->index = 0;
	return true;
}

bool source_close(struct source *source)
{
	bool good = !source->failed;
	if (source->is_open)
		close_current(source);
	map_free(source->map);
	free(source->raw);
	buffer_free(&source->rest);
	pthread_mutex_destroy(&source->lock);
	free(source);
	return good;
}

void chunk_free(struct chunk *chunk)
{
	free(chunk->data);
	*chunk = (struct chunk){0};
}

size_t source_cut_lines(const char *data, size_t size)
{
	const char *last = memrchr(data, '\n', size);
	return last ? (size_t)(last - data) + 1 : 0;
}

size_t source_cut_bytes(const char *data, size_t size)
{
	(void)data;
	return size;
}

size_t source_cut_files(const char *data, size_t size)
{
	(void)data, (void)size;
	return 0;
}

unsigned long chunk_line(const struct chunk *chunk, const char *at)
{
	return chunk->line + count_lines(chunk->data, at);
}

enum { SKIPS_SHOWN = 5 };

/* Its line number is needed. */
static bool is_shown(const struct skipped *skipped)
{
	return !skipped->quiet &&
	       (skipped->strict || (skipped->count >= skipped->said && skipped->count < SKIPS_SHOWN));
}

void skip_line(struct skipped *skipped, const char *file, unsigned long line, const char *why)
{
	bool shown = is_shown(skipped);
	if (shown && skipped->strict)
		die(EXIT_FAILED, "%s:%lu: %s", file, line, why);
	if (shown)
		report_warning("%s:%lu: %s", file, line, why);
	skipped->count++;
}

void skip_record(struct skipped *skipped, const struct chunk *chunk, const char *at, const char *format, ...)
{
	char why[256] = "";
	va_list args;
	va_start(args, format);
	if (is_shown(skipped))
		vsnprintf(why, sizeof why, format, args);
	va_end(args);
	skip_line(skipped, chunk->file, is_shown(skipped) ? chunk_line(chunk, at) : 0, why);
}

void skipped_summary(const struct skipped *skipped, const char *what)
{
	if (skipped->count > SKIPS_SHOWN)
		report_warning("%lu %s skipped in all", skipped->count, what);
}
