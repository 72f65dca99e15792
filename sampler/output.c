#include "sampler/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/beside.h"
#include "common/folded.h"
#include "common/report.h"

static bool wants_picture(const char *path)
{
	static const char *const suffixes[] = {
		".svg", ".svgz", ".png", ".pdf", ".html", ".json", ".cpuprofile", ".pb.gz"};
	for (size_t i = 0; path && i < sizeof suffixes / sizeof *suffixes; i++)
		if (text_ends(text_of(path), suffixes[i]))
			return true;
	return false;
}

/* Starts flamerender with its input from a pipe; the end to write to, or -1. */
static int start_renderer(const char *path, const char *title, bool ordered, pid_t *child)
{
	int ends[2];
	char room[BESIDE_SIZE];
	const char *program = program_beside("flamerender", room);
	if (pipe(ends) != 0 || (*child = fork()) < 0)
		return -1;
	if (*child == 0) {
		dup2(ends[0], STDIN_FILENO);
		close(ends[0]);
		close(ends[1]);
		execlp(program, "flamerender", "-q", "-o", path, "--title", title, ordered ? "--flamechart" : NULL,
			(char *)NULL);
		report_error("flamerender: cannot be started: %s", strerror(errno));
		_exit(127);
	}
	close(ends[0]);
	return ends[1];
}

static void write_stacks(const struct stacks *stacks, bool ordered, struct sink *sink)
{
	if (ordered)
		folded_write_ordered(stacks, sink);
	else
		folded_write(stacks, sink);
	sink_close(sink);
}

bool output_write(const struct stacks *stacks, bool ordered, const char *path, const char *title)
{
	struct sink sink;
	pid_t child = 0;
	int status = 0;
	if (!wants_picture(path)) {
		sink_open(&sink, path);
		write_stacks(stacks, ordered, &sink);
		return true;
	}
	int end = start_renderer(path, title, ordered, &child);
	if (end < 0) {
		report_error("flamerender: cannot be started: %s", strerror(errno));
		return false;
	}
	char place[32];
	snprintf(place, sizeof place, "/dev/fd/%d", end);
	sink_open(&sink, place);
	close(end);
	write_stacks(stacks, ordered, &sink);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
