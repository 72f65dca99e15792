#include "convert/addr2line.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/report.h"
#include "common/source.h"

extern char **environ;

/* Runs a program and collects what it prints; false if it cannot be run or fails. */
static bool run(char *const argv[], struct buffer *out)
{
	int ends[2];
	pid_t child;
	char bytes[4096];
	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	int error = posix_spawnp(&child, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (error)
		die(EXIT_FAILED, "--inline needs the program %s (of binutils): %s", argv[0], strerror(error));
	for (ssize_t n; (n = read(ends[0], bytes, sizeof bytes)) != 0;) {
		if (n > 0)
			buffer_add(out, bytes, (size_t)n);
		else if (errno != EINTR)
			break;
	}
	close(ends[0]);
	int status = 0;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The address that nm gives for the symbol, plus the offset. */
static bool symbol_address(char *module, struct text symbol, struct text offset, unsigned long long *address)
{
	char nm[] = "nm", demangle[] = "-C";
	char *argv[] = {nm, demangle, module, NULL};
	struct buffer out = {0};
	bool found = false;
	if (run(argv, &out)) {
		const char *at = out.at, *end = out.at + out.size;
		struct text line;
		while (!found && out.size && next_line(&at, end, &line)) { /* 0000000000001139 T main */
			if (line.size <= 19 || line.size - 19 != symbol.size ||
				memcmp(line.at + 19, symbol.at, symbol.size) != 0)
				continue;
			*address = strtoull(line.at, NULL, 16) + strtoull(offset.at + 1, NULL, 16);
			found = true;
		}
	}
	buffer_free(&out);
	return found;
}

struct pair {
	struct text function, place;
};
enum { MOST_INLINED = 256 };

/* addr2line prints the address, then for each function, innermost first, its name and file:line. */
static size_t cut_pairs(const struct buffer *out, struct pair pairs[MOST_INLINED])
{
	const char *at = out->at, *end = out->at + out->size;
	struct text address, function, place;
	size_t count = 0;
	if (!out->size || !next_line(&at, end, &address))
		return 0;
	while (count < MOST_INLINED && next_line(&at, end, &function) && next_line(&at, end, &place)) {
		const char *discriminator = text_find(place, " (discriminator");
		if (discriminator)
			place.size = (size_t)(discriminator - place.at);
		pairs[count++] = (struct pair){function, place};
	}
	if (count == 1 && text_is(pairs[0].function, "??"))
		return 0;
	return count;
}

static bool ask(unsigned long long address, char *module, bool context, struct buffer *out)
{
	char tool[] = "addr2line", a[] = "-a", e[] = "-e", flags[] = "-ifsC", number[32];
	char *argv[] = {tool, a, number, e, module, flags, NULL};
	struct buffer answer = {0};
	struct pair pairs[MOST_INLINED];
	snprintf(number, sizeof number, "0x%llx", address);
	size_t count = run(argv, &answer) ? cut_pairs(&answer, pairs) : 0;
	for (size_t i = count; i > 0; i--) {
		buffer_add(out, pairs[i - 1].function.at, pairs[i - 1].function.size);
		if (context) {
			buffer_add_char(out, ':');
			buffer_add(out, pairs[i - 1].place.at, pairs[i - 1].place.size);
		}
		buffer_add_char(out, '\n');
	}
	buffer_free(&answer);
	return count > 0;
}

bool addr2line(
	struct text pc, struct text module, struct text symbol, struct text offset, bool context, struct buffer *out)
{
	struct buffer path = {0}, number = {0};
	buffer_clear(out);
	buffer_add(&path, module.at, module.size);
	buffer_add(&number, pc.at, pc.size);
	unsigned long long address = strtoull(number.at, NULL, 16);
	bool known = module.size && ask(address, path.at, context, out);
	if (!known && module.size && offset.size && symbol_address(path.at, symbol, offset, &address))
		known = ask(address, path.at, context, out);
	buffer_free(&path);
	buffer_free(&number);
	return known;
}
