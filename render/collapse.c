#include "render/collapse.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/beside.h"
#include "common/mem.h"
#include "common/report.h"
#include "common/text.h"

static _Noreturn void run(const char *name, char *const *paths, size_t count, bool ordered)
{
	static char ordered_option[] = "--ordered", files_follow[] = "--";
	char room[BESIDE_SIZE], **arguments = mem_zero(count + 4, sizeof *arguments);
	size_t used = 0;
	arguments[used++] = mem_copy_string(name);
	if (ordered)
		arguments[used++] = ordered_option;
	arguments[used++] = files_follow;
	for (size_t i = 0; i < count; i++)
		arguments[used++] = paths[i];
	execvp(program_beside(name, room), arguments);
	report_error("%s: cannot be started: %s ('stackcollapse --list' shows the formats)", name, strerror(errno));
	_exit(127);
}

bool collapse_start(struct collapse *collapse, const char *format, char *const *paths, size_t count, bool ordered)
{
	int ends[2];
	struct buffer name = {0};
	buffer_add_format(&name, "stackcollapse%s%s", format ? "-" : "", format ? format : "");
	if (pipe2(ends, O_CLOEXEC) != 0 || (collapse->child = fork()) < 0) {
		report_error("%s: cannot be started: %s", name.at, strerror(errno));
		buffer_free(&name);
		return false;
	}
	if (collapse->child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		run(name.at, paths, count, ordered);
	}
	buffer_free(&name);
	close(ends[1]);
	collapse->end = ends[0];
	snprintf(collapse->path, sizeof collapse->path, "/dev/fd/%d", ends[0]);
	return true;
}

bool collapse_end(struct collapse *collapse)
{
	int status = 0;
	close(collapse->end);
	while (waitpid(collapse->child, &status, 0) < 0 && errno == EINTR)
		continue;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
