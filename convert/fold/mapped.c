#include "convert/fold/mapped.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/map.h"

/* So many lines ahead memory is asked for. */
enum { AHEAD = 16 };

static bool is_plain(struct text text)
{
	static const char *const marks[] = {"\x1f\x8b", "\xff\xfe", "\xfe\xff", "\xef\xbb\xbf"};
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (text_starts(text, marks[i]))
			return false;
	return folded_dialect(text) != FOLDED_PAIRS;
}

static bool map(struct mapped_file *file, const char *path)
{
	struct stat status;
	*file = (struct mapped_file){.path = path};
	int fd = strcmp(path, "-") == 0 ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0)
		file->bytes = map_file(fd, (size_t)status.st_size);
	close(fd);
	return file->bytes.at && is_plain(file->bytes);
}

/* An item's number: its file, and its count, if that is whole and small; else COUNT_ELSEWHERE. */
enum { FILE_BIT = 31, COUNT_ELSEWHERE = 0x7fffffff };

static uint32_t item_number(uint32_t file, double count)
{
	bool fits = count >= 0 && count < COUNT_ELSEWHERE && count == trunc(count);
	return file << FILE_BIT | (fits ? (uint32_t)count : COUNT_ELSEWHERE);
}

static void add_line(struct mapped *mapped, const struct folded_line *line, uint32_t file)
{
	mapped->lines = mem_grow(mapped->lines, &mapped->capacity, mapped->count + 1, sizeof *mapped->lines);
	mapped->lines[mapped->count++] =
		(struct sort_item){0, line->stack.at, (uint32_t)line->stack.size, item_number(file, line->count)};
	*(file ? &mapped->totals.count : &mapped->totals.old) += line->count;
}

static void add_lines(struct mapped *mapped, uint32_t number, struct skipped *skipped)
{
	const struct mapped_file *file = &mapped->files[number];
	struct chunk chunk = {.data = (char *)file->bytes.at, .size = file->bytes.size, .file = file->path, .line = 1};
	const char *at = file->bytes.at, *end = at + file->bytes.size;
	for (struct text text; next_line(&at, end, &text);) {
		struct folded_line line;
		if (folded_is_blank(text))
			continue;
		if (text.size <= UINT32_MAX && folded_parse(text, false, &line))
			add_line(mapped, &line, number);
		else
			skip_record(skipped, &chunk, text.at, "not a folded line: '%.*s'",
				text.size < 60 ? (int)text.size : 60, text.at);
	}
}

bool mapped_open(struct mapped *mapped, const char *old, const char *new, struct skipped *skipped)
{
	*mapped = (struct mapped){0};
	if (!map(&mapped->files[0], old) || !map(&mapped->files[1], new)) {
		mapped_close(mapped);
		return false;
	}
	add_lines(mapped, 0, skipped);
	add_lines(mapped, 1, skipped);
	items_sort(mapped->lines, mapped->count);
	return true;
}

/* Where it is not in the item's number, it is what stands behind the stack. */
static double count_of(const struct mapped *mapped, const struct sort_item *item)
{
	uint32_t count = item->number & COUNT_ELSEWHERE;
	if (count != COUNT_ELSEWHERE)
		return count;
	const struct mapped_file *file = &mapped->files[item->number >> FILE_BIT];
	const char *at = item->at;
	struct folded_line line = {0};
	struct text text = {0};
	next_line(&at, file->bytes.at + file->bytes.size, &text);
	folded_parse(text, false, &line);
	return line.count;
}

bool mapped_next(const struct mapped *mapped, size_t *at, struct profile_line *line)
{
	if (*at >= mapped->count)
		return false;
	const struct sort_item *item = &mapped->lines[*at];
	*line = (struct profile_line){{item->at, item->size}, 0, 0};
	for (; *at < mapped->count; ++*at) {
		item = &mapped->lines[*at];
		if (*at + AHEAD < mapped->count)
			text_prefetch((struct text){item[AHEAD].at, item[AHEAD].size});
		if (item->size != line->stack.size || memcmp(item->at, line->stack.at, item->size) != 0)
			break;
		*(item->number >> FILE_BIT ? &line->count : &line->old) += count_of(mapped, item);
	}
	return true;
}

void mapped_close(struct mapped *mapped)
{
	for (int i = 0; i < 2; i++)
		map_free(mapped->files[i].bytes);
	free(mapped->lines);
}
