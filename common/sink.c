#include "common/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "common/mem.h"
#include "common/report.h"

enum { SINK_BYTES = 256 * 1024 };
enum { DEFLATE_LEVEL = 4 }; /* of folded stacks: a third of the time of 6, a fifth more bytes */

/* The unfinished file, for the signal handler: one output at a time is open in any program. */
static char *volatile unfinished;

static void remove_unfinished(int number)
{
	char *path = unfinished;
	if (path)
		unlink(path);
	signal(number, SIG_DFL);
	raise(number);
}

static void catch_signals(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		struct sigaction old;
		if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
			signal(numbers[i], remove_unfinished);
	}
}

static bool wants_gzip(const char *path)
{
	return text_ends(text_of(path), ".gz") || text_ends(text_of(path), ".svgz");
}

static void start_gzip(struct sink *sink)
{
	z_stream *stream = mem_zero(1, sizeof *stream);
	if (deflateInit2(stream, DEFLATE_LEVEL, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		die(EXIT_FAILED, "zlib cannot be started");
	sink->gzip = stream;
}

void sink_compress(struct sink *sink, bool compress)
{
	if (compress && !sink->gzip)
		start_gzip(sink);
}

/* A device or pipe is written directly: renaming over it would replace it. */
static bool is_special(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 && !S_ISREG(info.st_mode);
}

static mode_t usual_mode(void)
{
	mode_t mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

void sink_open(struct sink *sink, const char *path)
{
	*sink = (struct sink){.at = mem_alloc(SINK_BYTES), .capacity = SINK_BYTES, .fd = STDOUT_FILENO};
	if (!path || strcmp(path, "-") == 0)
		return;
	sink->path = path;
	if (wants_gzip(path))
		start_gzip(sink);
	if (is_special(path)) {
		sink->fd = open(path, O_WRONLY | O_CLOEXEC);
	} else {
		struct buffer name = {0};
		buffer_add_format(&name, "%s.XXXXXX", path);
		sink->fd = mkostemp(name.at, O_CLOEXEC);
		sink->temporary = name.at;
		if (sink->fd >= 0) {
			unfinished = sink->temporary;
			catch_signals();
			if (fchmod(sink->fd, usual_mode()) != 0)
				sink->error = errno;
		}
	}
	if (sink->fd < 0)
		die(EXIT_FAILED, "%s: cannot be written: %s", path, strerror(errno));
}

static void write_out(struct sink *sink, const char *at, size_t size)
{
	while (size && !sink->error) {
		ssize_t n = write(sink->fd, at, size);
		if (n < 0 && errno != EINTR)
			sink->error = errno;
		if (n > 0) {
			at += n;
			size -= (size_t)n;
		}
	}
}

static void deflate_out(struct sink *sink, int mode)
{
	static char out[64 * 1024];
	z_stream *stream = sink->gzip;
	stream->next_in = (unsigned char *)sink->at;
	stream->avail_in = (unsigned)sink->size;
	do {
		stream->next_out = (unsigned char *)out;
		stream->avail_out = sizeof out;
		deflate(stream, mode);
		write_out(sink, out, sizeof out - stream->avail_out);
	} while (!stream->avail_out);
}

static void empty(struct sink *sink, int mode)
{
	if (sink->gzip)
		deflate_out(sink, mode);
	else
		write_out(sink, sink->at, sink->size);
	sink->size = 0;
}

void sink_overflow(struct sink *sink, const void *bytes, size_t size)
{
	const char *at = bytes;
	while (size > sink->capacity - sink->size) {
		size_t part = sink->capacity - sink->size;
		memcpy(sink->at + sink->size, at, part);
		sink->size += part;
		at += part;
		size -= part;
		empty(sink, Z_NO_FLUSH);
	}
	memcpy(sink->at + sink->size, at, size);
	sink->size += size;
}

void sink_flush(struct sink *sink)
{
	empty(sink, Z_NO_FLUSH);
}

void sink_number(struct sink *sink, double value)
{
	char digits[TEXT_NUMBER_SIZE];
	sink_write(sink, digits, text_from_number(digits, value));
}

void sink_integer(struct sink *sink, uint64_t value)
{
	char digits[TEXT_INTEGER_SIZE];
	sink_write(sink, digits, text_from_integer(digits, value));
}

void sink_format(struct sink *sink, const char *format, ...)
{
	char line[1024];
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int need = vsnprintf(line, sizeof line, format, args);
	va_end(args);
	if (need >= 0 && (size_t)need < sizeof line) {
		sink_write(sink, line, (size_t)need);
	} else if (need >= 0) {
		char *all = mem_alloc((size_t)need + 1);
		vsnprintf(all, (size_t)need + 1, format, again);
		sink_write(sink, all, (size_t)need);
		free(all);
	}
	va_end(again);
}

static void release(struct sink *sink)
{
	if (sink->gzip)
		deflateEnd(sink->gzip);
	free(sink->gzip);
	unfinished = NULL;
	free(sink->temporary);
	free(sink->at);
	*sink = (struct sink){0};
}

void sink_close(struct sink *sink)
{
	const char *name = sink->path ? sink->path : "stdout";
	empty(sink, Z_FINISH);
	if (sink->path && close(sink->fd) != 0 && !sink->error)
		sink->error = errno;
	if (sink->temporary && !sink->error && rename(sink->temporary, sink->path) != 0)
		sink->error = errno;
	int error = sink->error;
	if (error && sink->temporary)
		unlink(sink->temporary);
	bool silent = error == EPIPE && !sink->path;
	release(sink);
	if (error && !silent)
		report_error("%s: cannot be written: %s", name, strerror(error));
	if (error)
		exit(EXIT_FAILED);
}

void sink_discard(struct sink *sink)
{
	if (sink->path)
		close(sink->fd);
	if (sink->temporary)
		unlink(sink->temporary);
	release(sink);
}
