/* common/folded, common/source, common/sink: reading and writing folded text, files, gzip, chunks. */
#include "common/folded.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "check.h"
#include "common/report.h"

static char folder[] = "/tmp/unit-folded-XXXXXX";
static char input[64], output[64];

static const struct {
	const char *line;
	bool pairs, good;
	const char *stack;
	double count;
	bool pair;
	double old;
} lines[] = {
	{"a;b 5", false, true, "a;b", 5, false, 0},
	{"a;b\t5", false, true, "a;b", 5, false, 0},
	{"a b 5", false, true, "a b", 5, false, 0},
	{"a  5", false, true, "a ", 5, false, 0},
	{" 11", false, true, "", 11, false, 0},
	{"a 5  ", false, true, "a", 5, false, 0},
	{"a;b 1 2", true, true, "a;b", 2, true, 1},
	{"a;b 1 2", false, true, "a;b 1", 2, false, 0},
	{"a 1 2 3", true, true, "a 1", 3, true, 2},
	{"a 3.", false, true, "a", 3, false, 0},
	{"a 1.5e3", false, true, "a", 1500, false, 0},
	{"a;b;; 5", false, true, "a;b", 5, false, 0},
	{"a;; 1 2", true, true, "a", 2, true, 1},
	{"a", false, false, "", 0, false, 0},
	{"5", false, false, "", 0, false, 0},
	{"a -9", false, false, "", 0, false, 0},
	{"a nan", false, false, "", 0, false, 0},
	{"", false, false, "", 0, false, 0},
};

static void check_lines(void)
{
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct folded_line line = {0};
		bool good = folded_parse(text_of(lines[i].line), lines[i].pairs, &line);
		CHECK(good == lines[i].good, lines[i].line);
		if (!good)
			continue;
		CHECK_TEXT(line.stack.at, line.stack.size, lines[i].stack, lines[i].line);
		CHECK_NUMBER(line.count, lines[i].count, lines[i].line);
		CHECK(line.pair == lines[i].pair, lines[i].line);
		CHECK_NUMBER(line.old, lines[i].old, lines[i].line);
	}
}

static void check_dialects(void)
{
	static const struct {
		const char *start;
		enum folded_dialect dialect;
	} starts[] = {
		{"", FOLDED_EMPTY}, {"# a 1\n\nnone\n", FOLDED_EMPTY}, {"a 1\n", FOLDED_SINGLE},
		{"a 1 2\n", FOLDED_PAIRS}, {"a 1 2", FOLDED_PAIRS}, {"# x\na 1 2\nb 3 4\nnone\n", FOLDED_PAIRS},
		{"a 1 2\nb 3\n", FOLDED_SINGLE}, {"t 1 5\nt 2 5\nt 1;a 5\n", FOLDED_SINGLE},
		{"a;b 1 2\na;c 3 4\na;d 5\n", FOLDED_PAIRS}, {"a 1 2\nb;c 3", FOLDED_PAIRS}, /* cut off */
	};
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		CHECK(folded_dialect(text_of(starts[i].start)) == starts[i].dialect, starts[i].start);
}

static void put(const char *path, const void *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");
	CHECK(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0, path);
}

static void check_file(const char *path, const char *expected, const char *what)
{
	static char bytes[1 << 16];
	FILE *file = fopen(path, "rb");
	size_t size = file ? fread(bytes, 1, sizeof bytes, file) : 0;
	if (file)
		fclose(file);
	CHECK_TEXT(bytes, size, expected, what);
}

/* Reads the input file and writes it to the output file; gives what source_close said. */
static bool convert(struct folded_rules *rules, bool ordered)
{
	char *paths[] = {input};
	struct stacks *stacks = stacks_new(ordered);
	struct source *source = source_open(paths, 1);
	struct sink sink;
	folded_read(source, stacks, rules);
	bool good = source_close(source);
	sink_open(&sink, output);
	if (ordered)
		folded_write_ordered(stacks, &sink);
	else
		folded_write(stacks, &sink);
	sink_close(&sink);
	stacks_free(stacks);
	return good;
}

static const struct {
	const char *what, *in, *out;
	bool reverse, pairs, ordered;
	unsigned long skipped;
} files[] = {
	{"sorted and summed", "b 1\na;c 2\nb 3\n", "a;c 2\nb 4\n", false, false, false, 0},
	{"order of stacks, not of lines", "foo;bar 20\nfoo(int) 30\nfoo 50\n", "foo 50\nfoo(int) 30\nfoo;bar 20\n",
		false, false, false, 0},
	{"a subtree beside names that begin alike", "a;z 1\na(x);y 2\na(x) 3\na 4\na b;c 5\n",
		"a 4\na b;c 5\na(x) 3\na(x);y 2\na;z 1\n", false, false, false, 0},
	{"CRLF and no last newline", "a;b 1\r\nc 2", "a;b 1\nc 2\n", false, false, false, 0},
	{"byte order mark, comments, blank lines", "\xef\xbb\xbf# x\n\na 1\n \n# y 3\n", "a 1\n", false, false, false,
		0},
	{"a bad line is skipped", "a 1\nbad\nb 2\n", "a 1\nb 2\n", false, false, false, 1},
	{"empty frames", "a;;b 1\n;a 2\na;b;; 3\n", ";a 2\na;;b 1\na;b 3\n", false, false, false, 0},
	{"time in the root", " 5\na 1\n", " 5\na 1\n", false, false, false, 0},
	{"shared beginnings", "a;b;c 1\na;b 2\na;bc 3\na;b;c;d 4\na 5\n", "a 5\na;b 2\na;b;c 1\na;b;c;d 4\na;bc 3\n",
		false, false, false, 0},
	{"reversed", "a;b;c 1\nx 2\n;y 3\n", "c;b;a 1\nx 2\ny 3\n", true, false, false, 0},
	{"differential", "a;b 1 2\nc 0 5\n", "a;b 1 2\nc 0 5\n", false, true, false, 0},
	{"two numbers are not counts when the first line has one", "a 1\nThread 1 5\n", "Thread 1 5\na 1\n", false,
		true, false, 0},
	{"nor when any of the first lines has one", "thread 1 500\nthread 1;main 4\n",
		"thread 1 500\nthread 1;main 4\n", false, true, false, 0},
	{"a name that goes on behind a semicolon's place", "X 5\nX;y 1\nX(i) 2\nX@plt 3\n",
		"X 5\nX(i) 2\nX;y 1\nX@plt 3\n", false, false, false, 0},
	{"fractions and exponents", "a 0.5\na 1e3\n", "a 1000.5\n", false, false, false, 0},
	{"time order", "t;b 1\nt;b 2\nt;a 3\nt;b 1\nt 4\n", "t;b 3\nt;a 3\nt;b 1\nt 4\n", false, false, true, 0},
	{"nothing", "", "", false, false, false, 0},
};

static void check_files(void)
{
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct folded_rules rules = {.reverse = files[i].reverse, .pairs = files[i].pairs};
		put(input, files[i].in, strlen(files[i].in));
		CHECK(convert(&rules, files[i].ordered), files[i].what);
		check_file(output, files[i].out, files[i].what);
		CHECK_NUMBER((double)rules.skipped.count, (double)files[i].skipped, files[i].what);
	}
}

static bool keep_python(struct text stack, struct buffer *out, void *context)
{
	(void)context;
	if (!text_find(stack, ".py"))
		return false;
	buffer_add_string(out, "all;");
	buffer_add(out, stack.at, stack.size);
	return true;
}

static void check_edit(void)
{
	struct folded_rules rules = {.edit = keep_python};
	put(input, "a.py;b 1\nc 2\na.py 3\n", 21);
	CHECK(convert(&rules, false), "edit");
	check_file(output, "all;a.py 3\nall;a.py;b 1\n", "edit");
}

static size_t gzip_member(const char *text, unsigned char *out, size_t room)
{
	z_stream stream = {0};
	deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
	stream.next_in = (unsigned char *)(uintptr_t)text;
	stream.avail_in = (unsigned)strlen(text);
	stream.next_out = out;
	stream.avail_out = (unsigned)room;
	deflate(&stream, Z_FINISH);
	size_t size = room - stream.avail_out;
	deflateEnd(&stream);
	return size;
}

static void check_gzip(void)
{
	unsigned char bytes[1000] = {0};
	struct folded_rules rules = {0};
	size_t one = gzip_member("a;b 1\na;c", bytes, 400);
	size_t two = gzip_member(" 2\nd 3\n", bytes + one, 400);
	put(input, bytes, one + two);
	CHECK(convert(&rules, false), "two members");
	check_file(output, "a;b 1\na;c 2\nd 3\n", "two members");
	put(input, bytes, one + two + 100);
	CHECK(convert(&rules, false), "zero padding");
	check_file(output, "a;b 1\na;c 2\nd 3\n", "zero padding");
	put(input, bytes, one + two - 9);
	CHECK(!convert(&rules, false), "cut off: an error");
	check_file(output, "a;b 1\na;c 2\nd 3\n", "cut off: what could be read was used");
	memset(bytes + one, 'x', 12);
	put(input, bytes, one + two);
	CHECK(!convert(&rules, false), "corrupt: an error");
	check_file(output, "a;b 1\n", "corrupt: what could be read was used");
}

/* Lines longer than a chunk, and many chunks: the sum must stay. */
static void check_large(void)
{
	enum { FRAMES = 300000 };
	FILE *file = fopen(input, "wb");
	for (int i = 0; i < 200000; i++)
		fprintf(file, "main;f%d;leaf 1\n", i % 1000);
	for (int i = 0; i < FRAMES; i++)
		fprintf(file, "deep%s", i < FRAMES - 1 ? ";" : " 7\n");
	fclose(file);
	char *paths[] = {input, input};
	struct stacks *stacks = stacks_new(false);
	struct source *source = source_open(paths, 2);
	struct folded_rules rules = {0};
	folded_read(source, stacks, &rules);
	CHECK(source_close(source), "large file");
	CHECK_NUMBER(stacks_total(stacks), 2 * (200000 + 7), "total of two files");
	CHECK_NUMBER(stacks->count, 1 + 1 + 2000 + FRAMES, "nodes");
	stacks_free(stacks);
}

static void check_missing(void)
{
	char missing[] = "/nonexistent/file";
	char *paths[] = {missing, input};
	put(input, "a 1\n", 4);
	struct stacks *stacks = stacks_new(false);
	struct source *source = source_open(paths, 2);
	struct folded_rules rules = {0};
	folded_read(source, stacks, &rules);
	CHECK(!source_close(source), "a missing file is an error");
	CHECK_NUMBER(stacks_total(stacks), 1, "the next file is read all the same");
	stacks_free(stacks);
}

static void check_chunk_lines(void)
{
	char *paths[] = {input};
	struct chunk chunk = {0};
	put(input, "a\nb\nc\n", 6);
	struct source *source = source_open(paths, 1);
	CHECK(source_chunk(source, source_cut_lines, &chunk), "chunk");
	CHECK(chunk.first && chunk.line == 1, "first chunk");
	CHECK_NUMBER((double)chunk_line(&chunk, chunk.data + 4), 3, "line number");
	CHECK_STRING(chunk.file, input, "file name");
	CHECK(!source_chunk(source, source_cut_lines, &chunk), "end");
	chunk_free(&chunk);
	source_close(source);
}

int main(void)
{
	report_program("folded");
	CHECK(mkdtemp(folder) != NULL, "folder");
	snprintf(input, sizeof input, "%s/in", folder);
	snprintf(output, sizeof output, "%s/out", folder);
	check_lines();
	check_dialects();
	check_files();
	check_edit();
	check_gzip();
	check_large();
	check_missing();
	check_chunk_lines();
	unlink(input);
	unlink(output);
	rmdir(folder);
	return check_end();
}
