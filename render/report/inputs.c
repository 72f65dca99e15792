#include "render/report/inputs.h"

#include <dirent.h>
#include <glob.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

#include "common/mem.h"
#include "common/report.h"
#include "common/text.h"
#include "render/report/natural.h"

enum { LONGEST_SLUG = 120 };

/* ---- names ---- */

static char *copy_text(struct text text)
{
	char *copy = mem_alloc(text.size + 1);
	memcpy(copy, text.at, text.size);
	copy[text.size] = '\0';
	return copy;
}

static char *name_of(const char *path)
{
	static const char *const suffixes[] = {".gz", ".folded", ".collapsed"};
	struct text name = text_of(path);
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
		if (text_ends(name, suffixes[i]) && name.size > strlen(suffixes[i]))
			name.size -= strlen(suffixes[i]);
	return copy_text(name);
}

static bool is_slug(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '.';
}

/* "cpu/run 1" becomes "cpu-run-1". */
static char *slug_of(const char *name)
{
	struct text text = text_of(name);
	if (text.size > LONGEST_SLUG)
		text.size = LONGEST_SLUG;
	char *slug = copy_text(text);
	for (char *p = slug; *p; p++)
		if (!is_slug(*p) || (p == slug && *p == '.'))
			*p = '-';
	return slug;
}

static void add(struct inputs *inputs, const char *path, const char *name)
{
	inputs->items = mem_grow(inputs->items, &inputs->capacity, inputs->count + 1, sizeof *inputs->items);
	struct input *input = &inputs->items[inputs->count++];
	input->path = mem_copy_string(path);
	input->name = name_of(name);
}

static int compare_inputs(const void *left, const void *right)
{
	const struct input *a = left, *b = right;
	int order = natural_compare(a->name, b->name);
	return order ? order : natural_compare(a->path, b->path);
}

static void sort_inputs(struct inputs *inputs)
{
	mem_sort(inputs->items, inputs->count, sizeof *inputs->items, compare_inputs);
}

static bool same_name(const struct input *a, const struct input *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->path, b->path) != 0;
}

/* "../../a/cpu.folded" becomes "a/cpu.folded". */
static const char *path_down(const char *path)
{
	while (*path == '/' || (*path == '.' && path[strspn(path, ".")] == '/'))
		path++;
	return path;
}

/* Files of the same name in different folders are called by their paths. They must be sorted. */
static void part_names(struct inputs *inputs)
{
	bool *same = mem_zero(inputs->count + 1, sizeof *same);
	for (size_t i = 1; i < inputs->count; i++)
		if (same_name(&inputs->items[i - 1], &inputs->items[i]))
			same[i - 1] = same[i] = true;
	for (size_t i = 0; i < inputs->count; i++) {
		struct input *input = &inputs->items[i];
		if (!same[i])
			continue;
		free(input->name);
		input->name = name_of(path_down(input->path));
	}
	free(same);
	sort_inputs(inputs);
}

static int compare_slugs(const void *left, const void *right)
{
	const struct input *a = *(const struct input *const *)left, *b = *(const struct input *const *)right;
	int order = strcasecmp(a->slug, b->slug);
	return order ? order : (a > b) - (a < b);
}

/* The second of equal slugs gets a 2 at its end, after a letter that no name's slug has, the third a 3. */
static void part_slugs(struct inputs *inputs)
{
	struct input **sorted = mem_alloc((inputs->count + 1) * sizeof *sorted);
	for (size_t i = 0; i < inputs->count; i++)
		sorted[i] = &inputs->items[i];
	mem_sort(sorted, inputs->count, sizeof *sorted, compare_slugs);
	for (size_t i = 0, end; i < inputs->count; i = end) {
		for (end = i + 1; end < inputs->count && strcasecmp(sorted[i]->slug, sorted[end]->slug) == 0; end++) {
			struct buffer slug = {0};
			buffer_add_format(&slug, "%s~%zu", sorted[end]->slug, end - i + 1);
			free(sorted[end]->slug);
			sorted[end]->slug = slug.at;
		}
	}
	free(sorted);
}

/* ---- finding ---- */

static int is_shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool is_folder(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* A folder that is not read, and the one that it was found in, and so on. */
struct closed_folder {
	struct stat info;
	const struct closed_folder *outer;
};

static bool is_closed(const struct stat *info, const struct closed_folder *closed)
{
	while (closed && (closed->info.st_dev != info->st_dev || closed->info.st_ino != info->st_ino))
		closed = closed->outer;
	return closed;
}

/* `below`: where the name starts in the paths of its files. A link to a folder that is open, or to the report's, is
 * left out; so are pipes and devices, which would be waited for. */
static void add_folder(struct inputs *inputs, const char *folder, size_t below, const struct closed_folder *closed)
{
	struct dirent **entries = NULL;
	struct closed_folder here = {.outer = closed};
	if (stat(folder, &here.info) == 0 && is_closed(&here.info, closed))
		return;
	int count = scandir(folder, &entries, is_shown, NULL);
	if (count < 0)
		add(inputs, folder, folder + below);
	for (int i = 0; i < count; i++) {
		struct buffer path = {0};
		struct stat info;
		buffer_add_format(&path, "%s/%s", folder, entries[i]->d_name);
		bool there = stat(path.at, &info) == 0;
		if (there && S_ISDIR(info.st_mode))
			add_folder(inputs, path.at, below, &here);
		else if (!there || S_ISREG(info.st_mode))
			add(inputs, path.at, path.at + below);
		buffer_free(&path);
		free(entries[i]);
	}
	free(entries);
}

static void add_path(struct inputs *inputs, const char *path, const struct closed_folder *closed)
{
	if (is_folder(path)) {
		char *folder = mem_copy_string(path);
		for (size_t size = strlen(folder); size > 1 && folder[size - 1] == '/'; size--)
			folder[size - 1] = '\0';
		add_folder(inputs, folder, strlen(folder) + 1, closed);
		free(folder);
		return;
	}
	const char *slash = strrchr(path, '/');
	bool piped = strcmp(path, "-") == 0;
	add(inputs, path, piped ? "stdin" : slash && slash[1] ? slash + 1 : path);
}

static void add_operand(struct inputs *inputs, const char *operand, const struct closed_folder *closed)
{
	struct stat info;
	glob_t found = {0};
	if (stat(operand, &info) == 0 || glob(operand, 0, NULL, &found) != 0)
		add_path(inputs, operand, closed);
	for (size_t i = 0; i < found.gl_pathc; i++)
		add_path(inputs, found.gl_pathv[i], closed);
	globfree(&found);
}

struct inputs inputs_find(char *const *operands, size_t count, const char *without)
{
	struct inputs inputs = {0};
	struct closed_folder output = {0};
	bool there = without && stat(without, &output.info) == 0;
	for (size_t i = 0; i < count; i++)
		add_operand(&inputs, operands[i], there ? &output : NULL);
	sort_inputs(&inputs);
	part_names(&inputs);
	for (size_t i = 0; i < inputs.count; i++)
		inputs.items[i].slug = slug_of(inputs.items[i].name);
	part_slugs(&inputs);
	return inputs;
}

static int compare_name(const void *name, const void *input)
{
	return natural_compare(name, ((const struct input *)input)->name);
}

const struct input *inputs_named(const struct inputs *inputs, const char *name)
{
	const struct input *first = inputs->items, *found = NULL;
	if (inputs->count)
		found = bsearch(name, first, inputs->count, sizeof *first, compare_name);
	while (found && found > first && strcmp(found[-1].name, name) == 0)
		found--;
	return found;
}

void inputs_free(struct inputs *inputs)
{
	for (size_t i = 0; i < inputs->count; i++) {
		free(inputs->items[i].path);
		free(inputs->items[i].name);
		free(inputs->items[i].slug);
	}
	free(inputs->items);
	*inputs = (struct inputs){0};
}
