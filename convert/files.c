/* Directory trees, weighed by the sizes of what is in them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "common/mem.h"
#include "common/report.h"
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"

static bool one_device;

static const struct opt options[] = {
	{0, "xdev", OPT_FLAG, &one_device, NULL, "Stay on the file system on which a directory is.", NULL, 0, false},
	{0},
};

/* A directory that is still to be read. */
struct directory {
	char *path;
	uint32_t node;
};

struct files {
	struct stacks *stacks;
	bool good;
	dev_t device; /* of the operand */
	struct directory *waiting;
	size_t count, capacity;
};

/* Sizes of what vanishes meanwhile are 0; other trouble is reported. */
static void complain(struct files *files, const char *path)
{
	if (errno == ENOENT)
		return;
	report_error("%s: %s", path, strerror(errno));
	files->good = false;
}

/* "my file;1.txt": my_file_1.txt */
static uint32_t name_node(struct files *files, uint32_t parent, struct text name)
{
	char *clean = mem_alloc(name.size + 1);
	for (size_t i = 0; i < name.size; i++) {
		char c = name.at[i];
		bool kept = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
			    c == '-';
		clean[i] = kept ? c : '_';
	}
	uint32_t node = stacks_child(files->stacks, parent, stacks_name(files->stacks, clean, name.size));
	free(clean);
	return node;
}

/* Weighs one thing; if it is a directory, it waits to be read. Takes the path over. */
static void add(struct files *files, char *path, uint32_t node, const struct stat *info)
{
	stacks_add(files->stacks, node, info->st_size > 0 ? (double)info->st_size : 0);
	if (!S_ISDIR(info->st_mode)) {
		free(path);
		return;
	}
	files->waiting = mem_grow(files->waiting, &files->capacity, files->count + 1, sizeof *files->waiting);
	files->waiting[files->count++] = (struct directory){path, node};
}

static char *join(const char *directory, const char *name)
{
	size_t length = strlen(directory), size = length + strlen(name) + 2;
	char *path = mem_alloc(size);
	memcpy(path, directory, length);
	path[length] = '/';
	memcpy(path + length + 1, name, size - length - 1);
	return path;
}

static void read_directory(struct files *files, const struct directory *directory)
{
	DIR *stream = opendir(directory->path);
	if (!stream) {
		complain(files, directory->path);
		return;
	}
	for (const struct dirent *entry; (entry = readdir(stream)) != NULL;) {
		struct stat info;
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (fstatat(dirfd(stream), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
			complain(files, entry->d_name);
		else if (!one_device || info.st_dev == files->device)
			add(files, join(directory->path, entry->d_name),
				name_node(files, directory->node, text_of(entry->d_name)), &info);
	}
	closedir(stream);
}

/* "/usr/lib": all below the frames usr;lib. */
static void read_operand(struct files *files, const char *operand)
{
	struct text rest = text_of(operand);
	struct stat info;
	uint32_t node = 0;
	if (lstat(operand, &info) != 0) {
		report_error("%s: %s", operand, strerror(errno));
		files->good = false;
		return;
	}
	for (struct text part; rest.size; rest.at += part.size, rest.size -= part.size) {
		while (cut_start(&rest, "/"))
			continue;
		part = text_before(rest, '/');
		if (part.size)
			node = name_node(files, node, part);
	}
	files->device = info.st_dev;
	add(files, mem_copy_string(operand), node, &info);
	while (files->count) {
		struct directory directory = files->waiting[--files->count];
		read_directory(files, &directory);
		free(directory.path);
	}
}

/* The source, whose files would be the directories, is left alone. */
static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct files files = {.stacks = stacks, .good = true};
	(void)source;
	if (!run->operand_count)
		die(EXIT_USAGE, "name the directories that are to be weighed");
	for (size_t i = 0; i < run->operand_count; i++)
		read_operand(&files, run->operands[i]);
	free(files.waiting);
	return files.good;
}

const struct converter files_converter = {
	.name = "files",
	.summary = "Weighs directory trees: folded stacks of the sizes of files and directories, in bytes.",
	.examples = "  stackcollapse-files /usr | flamerender --countname bytes > out.svg\n",
	.options = options,
	.read = read,
};
