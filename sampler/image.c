#include "sampler/image.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/hash.h"
#include "common/mem.h"
#include "common/report.h"
#include "common/sink.h"
#include "common/source.h"

enum { MOST_BLOCKS = 1 << 16, MOST_FILES = 64, MOST_TASKS = 4096, MOST_LINE = 4096 };

/* The facts of one mapped file. */
struct file_facts {
	uint64_t device, inode;
	struct elf_facts facts;
};

struct block {
	uint64_t address;
	unsigned char *bytes;
};

/* The image that is recorded or stands in. */
static struct {
	bool loaded, recording;
	struct maps maps;
	struct file_facts files[MOST_FILES];
	size_t file_count;
	struct task tasks[MOST_TASKS];
	size_t task_count;
	struct block *blocks; /* open addressing; bytes NULL: free */
	size_t slots, block_count;
} image;

/* ---- blocks ---- */

static struct block *slot_for(uint64_t address)
{
	size_t i = hash_mix(address, 0) & (image.slots - 1);
	while (image.blocks[i].bytes && image.blocks[i].address != address)
		i = (i + 1) & (image.slots - 1);
	return &image.blocks[i];
}

static void make_room(void)
{
	struct block *old = image.blocks;
	size_t count = image.slots;
	if (image.block_count * 2 < image.slots)
		return;
	image.slots = image.slots ? image.slots * 2 : 256;
	image.blocks = mem_zero(image.slots, sizeof *image.blocks);
	for (size_t i = 0; i < count; i++)
		if (old[i].bytes)
			*slot_for(old[i].address) = old[i];
	free(old);
}

void image_keep(uint64_t address, const unsigned char bytes[IMAGE_BLOCK])
{
	make_room();
	struct block *block = slot_for(address);
	if (!block->bytes) {
		if (image.block_count == MOST_BLOCKS)
			return;
		*block = (struct block){address, mem_alloc(IMAGE_BLOCK)};
		image.block_count++;
	}
	memcpy(block->bytes, bytes, IMAGE_BLOCK);
}

bool image_read(uint64_t address, void *to, size_t size)
{
	unsigned char *out = to;
	while (size && image.slots) {
		const struct block *block = slot_for(address - address % IMAGE_BLOCK);
		size_t within = address % IMAGE_BLOCK, part = IMAGE_BLOCK - within;
		if (!block->bytes)
			break;
		part = part < size ? part : size;
		memcpy(out, block->bytes + within, part);
		out += part;
		address += part;
		size -= part;
	}
	if (size)
		errno = EFAULT;
	return !size;
}

/* ---- standing in ---- */

bool image_is_loaded(void)
{
	return image.loaded;
}

void image_maps(struct maps *maps)
{
	*maps = (struct maps){0};
	maps->list = mem_grow(maps->list, &maps->capacity, image.maps.count + 1, sizeof *maps->list);
	for (size_t i = 0; i < image.maps.count; i++) {
		maps->list[i] = image.maps.list[i];
		if (maps->list[i].path)
			maps->list[i].path = mem_copy_string(maps->list[i].path);
	}
	maps->count = image.maps.count;
}

bool image_facts(const struct mapping *mapping, struct elf_facts *facts)
{
	for (size_t i = 0; i < image.file_count; i++)
		if (image.files[i].device == mapping->device && image.files[i].inode == mapping->inode) {
			*facts = image.files[i].facts;
			return true;
		}
	return false;
}

size_t image_tasks(struct task *tasks, size_t most)
{
	size_t count = image.task_count < most ? image.task_count : most;
	memcpy(tasks, image.tasks, count * sizeof *tasks);
	return count;
}

char image_task_state(pid_t tid)
{
	for (size_t i = 0; i < image.task_count; i++)
		if (image.tasks[i].outer == tid)
			return image.tasks[i].state;
	return 0;
}

/* ---- reading the file ---- */

/* elf DEVICE INODE RUNTIME VERSION INTERP_HEAD CURRENT_THREAD FIRST_LOAD FIRST_OFFSET PYTHON2 TEXT_VERSION */
static bool parse_facts(const char *line)
{
	unsigned long long v[8];
	unsigned python2, text_version;
	if (image.file_count == MOST_FILES ||
		sscanf(line, "elf %llx %llx %llx %llx %llx %llx %llx %llx %x %x", &v[0], &v[1], &v[2], &v[3], &v[4],
			&v[5], &v[6], &v[7], &python2, &text_version) != 10)
		return false;
	image.files[image.file_count++] = (struct file_facts){.device = v[0],
		.inode = v[1],
		.facts = {.runtime = v[2],
			.version = v[3],
			.interp_head = v[4],
			.current_thread = v[5],
			.first_load = v[6],
			.first_offset = v[7],
			.python2 = python2 != 0,
			.text_version = text_version}};
	return true;
}

/* task NUMBER NUMBER_IN_ITS_NAMESPACE STATE */
static bool parse_task(const char *line)
{
	int outer, inner;
	char state;
	if (image.task_count == MOST_TASKS || sscanf(line, "task %d %d %c", &outer, &inner, &state) != 3)
		return false;
	image.tasks[image.task_count++] = (struct task){outer, inner, state};
	return true;
}

/* block ADDRESS, then its bytes: from `at` on, which is moved behind them. */
static bool take_block(const char *line, const char **at, const char *end)
{
	unsigned long long address;
	if (sscanf(line, "block %llx", &address) != 1 || end - *at < IMAGE_BLOCK)
		return false;
	const char *bytes = *at;
	*at += IMAGE_BLOCK;
	if (address % IMAGE_BLOCK)
		return false;
	image_keep(address, (const unsigned char *)bytes);
	return true;
}

static bool take_line(char *line, const char **at, const char *end)
{
	if (strncmp(line, "block ", 6) == 0)
		return take_block(line, at, end);
	if (strncmp(line, "map ", 4) == 0)
		return maps_add_line(&image.maps, line + 4);
	return parse_facts(line) || parse_task(line);
}

static void parse_image(const char *path, const struct chunk *chunk)
{
	const char *at = chunk->data, *end = at + chunk->size;
	char copy[MOST_LINE];
	struct text line;
	size_t bad = 0;
	if (!next_line(&at, end, &line) || !text_is(line, "pysample memory image 1"))
		die(EXIT_FAILED, "%s is no memory image of pysample", path);
	while (next_line(&at, end, &line)) {
		size_t size = line.size < sizeof copy ? line.size : 0;
		memcpy(copy, line.at, size);
		copy[size] = '\0';
		if (!take_line(copy, &at, end) && bad++ == 0)
			report_warning("%s: byte %zu: broken, left out", path, (size_t)(line.at - chunk->data));
	}
	if (bad > 1)
		report_warning("%s: %zu pieces are broken", path, bad);
}

void image_load(const char *path)
{
	char *paths[] = {mem_copy_string(path)};
	struct source *source = source_open(paths, 1);
	struct chunk chunk = {0};
	if (source_chunk(source, source_cut_files, &chunk))
		parse_image(path, &chunk);
	else
		die(EXIT_FAILED, "%s is no memory image of pysample", path);
	chunk_free(&chunk);
	source_close(source);
	free(paths[0]);
	image.loaded = true;
}

/* ---- recording ---- */

void image_record(void)
{
	image.recording = true;
}

bool image_is_recording(void)
{
	return image.recording;
}

void image_keep_facts(const struct mapping *mapping, const struct elf_facts *facts)
{
	struct elf_facts known;
	if (image.file_count < MOST_FILES && !image_facts(mapping, &known))
		image.files[image.file_count++] = (struct file_facts){mapping->device, mapping->inode, *facts};
}

static int compare_addresses(const void *a, const void *b)
{
	uint64_t left = ((const struct block *)a)->address, right = ((const struct block *)b)->address;
	return left < right ? -1 : left > right;
}

static void write_maps(pid_t pid, struct sink *sink)
{
	struct maps maps;
	if (!maps_read(pid, &maps))
		return;
	for (size_t i = 0; i < maps.count; i++) {
		const struct mapping *mapping = &maps.list[i];
		sink_string(sink, "map ");
		maps_write_line(mapping, sink);
	}
	maps_free(&maps);
}

static void write_files_and_tasks(pid_t pid, struct sink *sink)
{
	size_t count = threads_list(pid, image.tasks, MOST_TASKS);
	for (size_t i = 0; i < count; i++)
		sink_format(sink, "task %d %d %c\n", (int)image.tasks[i].outer, (int)image.tasks[i].inner,
			image.tasks[i].state);
	for (size_t i = 0; i < image.file_count; i++) {
		const struct file_facts *file = &image.files[i];
		const uint64_t v[] = {file->device, file->inode, file->facts.runtime, file->facts.version,
			file->facts.interp_head, file->facts.current_thread, file->facts.first_load,
			file->facts.first_offset, file->facts.python2, file->facts.text_version};
		sink_string(sink, "elf");
		for (size_t j = 0; j < sizeof v / sizeof *v; j++)
			sink_format(sink, " %llx", (unsigned long long)v[j]);
		sink_char(sink, '\n');
	}
}

void image_write(const char *path, pid_t pid)
{
	struct sink sink;
	struct block *blocks = mem_zero(image.block_count + 1, sizeof *blocks);
	size_t count = 0;
	for (size_t i = 0; i < image.slots; i++)
		if (image.blocks[i].bytes)
			blocks[count++] = image.blocks[i];
	mem_sort(blocks, count, sizeof *blocks, compare_addresses);
	sink_open(&sink, path);
	sink_string(&sink, "pysample memory image 1\n");
	write_maps(pid, &sink);
	write_files_and_tasks(pid, &sink);
	for (size_t i = 0; i < count; i++) {
		sink_format(&sink, "block %llx\n", (unsigned long long)blocks[i].address);
		sink_write(&sink, blocks[i].bytes, IMAGE_BLOCK);
	}
	sink_close(&sink);
	free(blocks);
}
