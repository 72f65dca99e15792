/* sampler/: a free-threaded 3.14, whose threads run copies of the bytecode, made up as a memory image: the machines
 * that run this have none. Offsets in _Py_DebugOffsets as in docs/adding-a-python.md; those that it holds are made up.
 */
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "common/stacks.h"
#include "sampler/codecache.h"
#include "sampler/image.h"
#include "sampler/threads.h"
#include "sampler/walk.h"

enum { BASE = 0x10000, MEMORY = 16 * IMAGE_BLOCK };
enum { INTERPRETER = BASE + 0x400, THREAD = BASE + 0x800, FRAMES = BASE + 0xC00, CODE = BASE + 0x1000 };
enum { TYPE = BASE + 0x1400, COPIES = BASE + 0x1800, STRINGS = BASE + 0x1C00, COPY = BASE + 0x2000 };

static unsigned char memory[MEMORY];

static void put(uint64_t address, uint64_t value, size_t size)
{
	memcpy(memory + address - BASE, &value, size);
}

/* Position in the table, value. */
static void put_table(void)
{
	static const uint16_t table[][2] = {{40, 900}, {64, 0}, {72, 8}, {120, 16}, {128, 32}, {144, 56}, {152, 48},
		{192, 8}, {200, 16}, {208, 72}, {216, 152}, {224, 160}, {232, 232}, {240, 32}, {248, 88}, {256, 8},
		{264, 0}, {272, 56}, {288, 78}, {304, 72}, {312, 240}, {320, 128}, {328, 136}, {336, 144}, {344, 152},
		{352, 84}, {384, 232}, {392, 224}, {408, 24}, {424, 40}, {600, 32}, {608, 48}, {624, 48}, {632, 32},
		{640, 56}};
	memcpy(memory, "xdebugpy", 8);
	put(BASE + 8, 0x030E0AF0, 8);
	put(BASE + 16, 1, 8);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		put(BASE + table[i][0], table[i][1], 8);
	put(BASE + 900, INTERPRETER, 8);
}

/* A str object with the state word of free-threaded builds from 3.14 on: interned, then kind, compact, ascii. */
static uint64_t put_string(uint64_t address, const char *text)
{
	put(address + 32, strlen(text), 8);
	put(address + 48, 1 | 1 << 8 | 1 << 11 | 1 << 12, 4);
	memcpy(memory + address - BASE + 56, text, strlen(text));
	return address;
}

static void put_frame(uint64_t frame, uint64_t previous, uint32_t copy, uint64_t instruction)
{
	put(frame, CODE | 1, 8);
	put(frame + 8, previous, 8);
	put(frame + 56, instruction, 8);
	put(frame + 72, copy, 4);
}

static void make_memory(void)
{
	put_table();
	put(INTERPRETER + 8, THREAD, 8);
	put(THREAD + 16, INTERPRETER, 8);
	put(THREAD + 44, 1, 4);
	put(THREAD + 72, FRAMES, 8);
	put(TYPE + 40, TYPE + 100, 8);
	memcpy(memory + TYPE + 100 - BASE, "code", 5);
	put(CODE + 24, TYPE, 8);
	put(CODE + 84, 10, 4);
	put(CODE + 128, put_string(STRINGS, "file.py"), 8);
	put(CODE + 136, put_string(STRINGS + 0x100, "f"), 8);
	put(CODE + 144, put_string(STRINGS + 0x200, "C.f"), 8);
	put(CODE + 152, STRINGS + 0x300, 8);
	put(STRINGS + 0x300 + 32, 5, 8); /* a unit of line 10, two of the next one */
	memcpy(memory + STRINGS + 0x300 + 48 - BASE, "\x80\x00\xD9\x00\x00", 5);
	put(CODE + 224, COPIES, 8);
	put(COPIES, 2, 8);
	put(COPIES + 8, CODE + 232, 8);
	put(COPIES + 16, COPY, 8);
	put_frame(FRAMES, FRAMES + 88, 1, COPY + 2);
	put_frame(FRAMES + 88, 0, 0, CODE + 232);
}

static void load(void)
{
	char path[] = "/tmp/sampler_copies.XXXXXX";
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");
	fprintf(file, "pysample memory image 1\n");
	for (size_t at = 0; at < MEMORY; at += IMAGE_BLOCK) {
		fprintf(file, "block %zx\n", BASE + at);
		fwrite(memory + at, 1, IMAGE_BLOCK, file);
	}
	fclose(file);
	image_load(path);
	unlink(path);
}

int main(void)
{
	struct target target = {.runtime = BASE};
	struct snapshot snapshot = {0};
	struct pystack stack = {0};
	struct frame_naming naming = {.style = STYLE_DEFAULT};
	struct stacks *stacks = stacks_new(false);
	make_memory();
	load();
	CHECK(layout_from_process(0, BASE, &target.layout), "the table is read");
	CHECK(target.layout.free_threaded && target.layout.minor == 14, "it is a free-threaded 3.14");
	const unsigned char *state = walk_thread(&target, &snapshot, THREAD);
	CHECK(state && threads_is_attached(&target, state), "the thread runs");
	CHECK(walk_stack(&target, &snapshot, THREAD, &stack) && stack.count == 2, "two frames");
	CHECK_NUMBER(stack.frames[0].position, CODE + 232 + 2, "the same place in the code object's own bytecode");
	struct codecache *cache = codecache_new(&target, &naming, &stacks->names);
	static const char *const expected[] = {"C.f (file.py:11)", "C.f (file.py:10)"};
	for (size_t i = 0; i < 2; i++) {
		uint32_t name = 0;
		CHECK(codecache_name(cache, &snapshot, &stack.frames[i], &name), "named");
		struct text text = stacks->names.names[name];
		CHECK_TEXT(text.at, text.size, expected[i], "its name and line");
	}
	codecache_free(cache);
	snapshot_free(&snapshot);
	stacks_free(stacks);
	free(stack.frames);
	return check_end();
}
