#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"
#include "sampler/elf_memory.h"
#include "sampler/image.h"
#include "sampler/maps.h"
#include "sampler/remote.h"
#include "sampler/target.h"

enum { MOST_INTERPRETERS = 256, MOST_THREADS = 8192, MOST_VARIABLES = 16 << 20 };

/* Follows a list that may be cut or closed to a circle while it is read. */
static size_t follow(const struct target *target, uint64_t head, uint32_t next, uint64_t *list, size_t most)
{
	size_t count = 0;
	for (uint64_t at = head; at && count < most; at = remote_word(target->pid, at + next)) {
		if (count && at == list[count - 1])
			break;
		list[count++] = at;
	}
	return count;
}

size_t target_interpreters(const struct target *target, uint64_t *list, size_t most)
{
	uint64_t head = remote_word(target->pid, target->runtime + target->layout.runtime.interpreters_head);
	return follow(target, head, target->layout.interpreter.next, list,
		most < MOST_INTERPRETERS ? most : MOST_INTERPRETERS);
}

size_t target_threads(const struct target *target, uint64_t interpreter, uint64_t *list, size_t most)
{
	uint64_t head = remote_word(target->pid, interpreter + target->layout.interpreter.threads_head);
	return follow(target, head, target->layout.thread.next, list, most < MOST_THREADS ? most : MOST_THREADS);
}

/* An interpreter that is what it seems to be has a thread that points back to it. */
static bool is_valid(const struct target *target)
{
	uint64_t interpreters[16], thread;
	size_t count = target_interpreters(target, interpreters, 16);
	for (size_t i = 0; i < count; i++)
		if (target_threads(target, interpreters[i], &thread, 1) == 1 &&
			remote_word(target->pid, thread + target->layout.thread.interpreter) == interpreters[i])
			return true;
	return false;
}

/* "libpython3.11.so.1.0", "python3.9": the minor version in a file's name; 0 if there is none. */
static unsigned version_of_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *at = strstr(slash ? slash : path, "python3.");
	unsigned minor = 0;
	if (!at)
		return 0;
	for (at += 8; isdigit((unsigned char)*at) && minor < 100; at++)
		minor = minor * 10 + (unsigned)(*at - '0');
	return minor;
}

/* Tries the layout of 3.minor. */
static bool try_layout(struct target *target, unsigned minor)
{
	const struct layout *layout = layout_find(minor);
	if (!layout)
		return false;
	target->layout = *layout;
	return is_valid(target);
}

/* The version by its own word (3.11 and on), the file's name, a text in it; else each that is known. */
static bool find_layout(struct target *target, const struct elf_facts *facts, uint64_t bias, const char *path)
{
	uint32_t hex = 0;
	if (layout_from_process(target->pid, target->runtime, &target->layout))
		return is_valid(target);
	if (facts->version && remote_read(target->pid, facts->version + bias, &hex, sizeof hex) && hex >> 24 == 3)
		return try_layout(target, hex >> 16 & 0xFF);
	const unsigned guesses[] = {version_of_name(path), facts->text_version};
	for (size_t i = 0; i < sizeof guesses / sizeof *guesses; i++)
		if (guesses[i] && try_layout(target, guesses[i]))
			return true;
	for (unsigned minor = 10; minor >= 7; minor--)
		if (try_layout(target, minor))
			return true;
	return false;
}

/* What a mapped file says of an interpreter in it; false if it says nothing. */
static bool read_facts(const struct target *target, const struct mapping *mapping, struct elf_facts *facts)
{
	if (image_is_loaded())
		return image_facts(mapping, facts);
	int fd = maps_open(target->pid, mapping);
	if (fd < 0)
		return false;
	bool good = elf_read(fd, facts) && (facts->runtime || facts->interp_head);
	close(fd);
	if (good && image_is_recording())
		image_keep_facts(mapping, facts);
	return good;
}

/* Tries what is said of an interpreter in a mapped file. */
static enum located try_facts(
	struct target *target, const struct mapping *mapping, const struct elf_facts *facts, char why[200])
{
	uint64_t bias = mapping->start - mapping->offset + facts->first_offset - facts->first_load;
	if (!facts->runtime) {
		target->runtime = facts->interp_head + bias;
		target->current_thread = facts->current_thread + bias;
		if (try_layout(target, facts->python2 ? 0 : 6))
			return LOCATED;
	} else {
		target->runtime = facts->runtime + bias;
		if (find_layout(target, facts, bias, mapping->path))
			return LOCATED;
	}
	snprintf(why, 200, "%.100s holds a CPython that could not be read (starting up, or an unknown version)",
		mapping->path);
	return LOCATE_UNSUPPORTED;
}

/* Looks for the words that _PyRuntime starts with, from 3.13 on. */
static enum located try_words(struct target *target, uint64_t address, const uint64_t *words, size_t count)
{
	static const char cookie[] = {'x', 'd', 'e', 'b', 'u', 'g', 'p', 'y'};
	for (size_t i = 0; i < count; i++) {
		target->runtime = address + i * sizeof *words;
		if (memcmp(&words[i], cookie, sizeof cookie) == 0 &&
			layout_from_process(target->pid, target->runtime, &target->layout) && is_valid(target))
			return LOCATED;
	}
	return LOCATE_NOT_PYTHON;
}

/* Looks for it in a mapping of initialised variables. An image does not have all of it. */
static enum located try_variables(struct target *target, const struct mapping *mapping)
{
	uint64_t words[8192];
	const size_t step = image_is_loaded() ? IMAGE_BLOCK : sizeof words;
	for (uint64_t at = mapping->start; at < mapping->end; at += step) {
		size_t size = mapping->end - at < step ? (size_t)(mapping->end - at) : step;
		if (remote_read(target->pid, at, words, size) &&
			try_words(target, at, words, size / sizeof *words) == LOCATED)
			return LOCATED;
	}
	return LOCATE_NOT_PYTHON;
}

/* Each file once: its first mapping. */
static bool is_first(const struct maps *maps, size_t i)
{
	const struct mapping *mapping = &maps->list[i];
	if (!mapping->path || !mapping->inode)
		return false;
	for (size_t j = 0; j < i; j++)
		if (maps->list[j].inode == mapping->inode && maps->list[j].device == mapping->device)
			return false;
	return true;
}

/* The ways to find it, one after the other. Files whose names say Python are tried first: others are only there for
 * embedded interpreters. */
enum way { LIKELY_FILES, OTHER_FILES, FILES_IN_MEMORY, VARIABLES, WAYS };

static bool is_likely(const struct maps *maps, size_t i)
{
	return i == 0 || strstr(maps->list[i].path, "python") != NULL;
}

static enum located try_mapping(struct target *target, const struct maps *maps, size_t i, enum way way, char why[200])
{
	const struct mapping *mapping = &maps->list[i];
	struct elf_facts facts;
	bool found = false;
	if (way == VARIABLES) {
		bool holds = mapping->path && mapping->readable && mapping->writable;
		return holds && mapping->end - mapping->start <= MOST_VARIABLES ? try_variables(target, mapping)
										: LOCATE_NOT_PYTHON;
	}
	if (!is_first(maps, i))
		return LOCATE_NOT_PYTHON;
	if (way == FILES_IN_MEMORY)
		found = elf_read_memory(target->pid, maps, mapping, &facts);
	else if (is_likely(maps, i) == (way == LIKELY_FILES))
		found = read_facts(target, mapping, &facts);
	return found ? try_facts(target, mapping, &facts, why) : LOCATE_NOT_PYTHON;
}

static enum located try_all(struct target *target, const struct maps *maps, char why[200])
{
	enum located result = LOCATE_NOT_PYTHON;
	for (enum way way = LIKELY_FILES; way < WAYS && (way < FILES_IN_MEMORY || result == LOCATE_NOT_PYTHON); way++)
		for (size_t i = 0; i < maps->count; i++) {
			enum located found = try_mapping(target, maps, i, way, why);
			if (found == LOCATED)
				return LOCATED;
			result = found == LOCATE_NOT_PYTHON ? result : found;
		}
	return result;
}

enum located target_locate(struct target *target, char why[200])
{
	struct maps maps;
	enum located result;
	uint8_t probe;
	pid_t pid = target->pid;
	*target = (struct target){.pid = pid};
	if (!maps_read(pid, &maps)) {
		int error = errno;
		return kill(pid, 0) != 0 && errno == ESRCH ? LOCATE_GONE
		       : error == ENOENT                   ? LOCATE_GONE
							   : LOCATE_FORBIDDEN;
	}
	if (!maps.count)
		result = LOCATE_GONE;
	else if (!remote_read(pid, maps.list[0].start, &probe, 1) && errno == EPERM)
		result = LOCATE_FORBIDDEN;
	else
		result = try_all(target, &maps, why);
	maps_free(&maps);
	return result;
}
