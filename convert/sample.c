/* macOS's sample(1): a call tree of each thread. */
#include "convert/cache.h"
#include "convert/calltree.h"
#include "convert/converter.h"
#include "convert/frame.h"
#include "convert/lines.h"
#include "convert/rust_names.h"

#include "common/report.h"

static bool no_modules;

static const struct opt options[] = {
	{0, "no-modules", OPT_FLAG, &no_modules, NULL, "Leave the modules out of the frame names.", NULL, 0, false},
	{0},
};

/* Threads that stand in these wait; they are not counted. */
static const char *const waiting[] = {"__psynch_cvwait", "__select", "__semwait_signal", "__ulock_wait", "__wait4",
	"__workq_kernreturn", "kevent", "mach_msg_trap", "read", "semaphore_wait_trap", NULL};

struct reader {
	struct run *run;
	struct calltree tree;
	struct buffer name, rust;
	struct cache names; /* "main  (in rg)" -> the frame's name; odd values: it waits */
	const char *above;  /* the row before, of this chunk */
	size_t indent;      /* of that row, with the four blanks; 0: there is none */
	bool inside;        /* between "Call graph:" and "Total number in stack" */
	bool started;
};

static bool is_waiting(struct text function)
{
	for (size_t i = 0; waiting[i]; i++)
		if (text_is(function, waiting[i]))
			return true;
	return false;
}

/* "(in libdyld.dylib) + 1  [0x7fff737cf3d5]": libdyld. */
static struct text module_of(struct text line)
{
	const char *in = text_find(line, "(in ");
	if (!in)
		return (struct text){"", 0};
	in += 4;
	const char *end = line.at + line.size, *close = memchr(in, ')', (size_t)(end - in));
	struct text module = {in, (size_t)((close ? close : end) - in)};
	if (text_ends(module, ".dylib"))
		module.size -= 6;
	return module;
}

/* "main  (in rg)": "rg`main". */
static uint32_t make_name(struct reader *reader, struct text text, bool *waits)
{
	const char *paren = memchr(text.at, '(', text.size);
	struct text function = text_trim(paren ? (struct text){text.at, (size_t)(paren - text.at)} : text);
	struct text module = module_of(text);
	*waits = is_waiting(function);
	buffer_clear(&reader->name);
	if (module.size && !no_modules) {
		buffer_add(&reader->name, module.at, module.size);
		buffer_add_char(&reader->name, '`');
	}
	if (rust_name(function, &reader->rust))
		buffer_add(&reader->name, reader->rust.at, reader->rust.size);
	else
		buffer_add(&reader->name, function.at, function.size);
	return frame_name(reader->tree.stacks, buffer_text(&reader->name));
}

/* "main  (in rg) + 41  [0x10384b549]": the same without offset and address. */
static uint32_t name_of(struct reader *reader, struct text text, bool *waits)
{
	const char *close = memrchr(text.at, ')', text.size);
	if (close)
		text.size = (size_t)(close + 1 - text.at);
	struct hash128 key = hash_bytes128(text.at, text.size);
	int64_t known = cache_find(&reader->names, key);
	if (known < 0) {
		known = (int64_t)make_name(reader, text, waits) << 1 | *waits;
		if (cache_is_full(&reader->names))
			cache_free(&reader->names);
		cache_add(&reader->names, key, (uint32_t)known);
	}
	*waits = known & 1;
	return (uint32_t)(known >> 1);
}

/*
 *     825 Thread_15758523   DispatchQueue_1: com.apple.main-thread  (serial)
 *     + 825 start  (in libdyld.dylib) + 1  [0x7fff737cf3d5]
 *     +   825 main  (in rg) + 41  [0x10384b549]
 * Four blanks, two columns of " +|:!" for each level, count, name. A row mostly begins with the columns of the one
 * before.
 */
static const char *read_row(struct reader *reader, struct text line)
{
	enum { INDENT = 4, MOST_DIGITS = 19 };
	static const bool is_indent[256] = {[' '] = true, ['+'] = true, ['|'] = true, [':'] = true, ['!'] = true};
	if (!text_starts(line, "    "))
		return "a line of the call graph starts with four blanks";
	const char *at = line.at + INDENT, *end = line.at + line.size;
	if (reader->indent && line.size > reader->indent && memcmp(line.at, reader->above, reader->indent) == 0)
		at = line.at + reader->indent;
	while (at < end && is_indent[(unsigned char)*at])
		at++;
	size_t indent = (size_t)(at - line.at) - INDENT;
	reader->above = line.at;
	reader->indent = indent + INDENT;
	uint64_t count = 0;
	const char *digits = at, *most = end - at > MOST_DIGITS ? at + MOST_DIGITS : end;
	for (unsigned digit; at < most && (digit = (unsigned char)*at - (unsigned)'0') <= 9; at++)
		count = count * 10 + digit;
	if (at == digits || at == end || *at != ' ')
		return "a count is missing";
	if (indent % 2)
		return "the indentation is odd";
	bool waits;
	uint32_t node, name = name_of(reader, (struct text){at, (size_t)(end - at)}, &waits);
	if (!calltree_row(&reader->tree, indent / 2, name, (double)count, &node))
		return "a level of the call graph is missing above";
	if (waits)
		calltree_ignore_self(&reader->tree);
	return NULL;
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct reader *reader = state;
	if (line.at == chunk->data)
		reader->indent = 0;
	if (text_starts(line, "Call graph")) {
		reader->inside = reader->started = true;
	} else if (text_starts(line, "Total number")) {
		calltree_end(&reader->tree);
		reader->inside = false;
	} else if (reader->inside) {
		const char *wrong = read_row(reader, line);
		if (wrong && text_trim(line).size)
			skip_record(&reader->run->skipped, chunk, line.at, "%s", wrong);
	}
}

static void end_file(void *state, const struct chunk *chunk)
{
	struct reader *reader = state;
	calltree_end(&reader->tree);
	if (reader->inside)
		skip_record(
			&reader->run->skipped, chunk, chunk->data, "the input ends in the middle of the call graph");
	else if (!reader->started)
		report_warning("%s: there is no call graph: is it the output of sample?", chunk->file);
	reader->inside = reader->started = false;
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct reader reader = {.run = run, .tree = {.stacks = stacks}};
	lines_read(source, take_line, end_file, &reader);
	calltree_free(&reader.tree);
	cache_free(&reader.names);
	buffer_free(&reader.name);
	buffer_free(&reader.rust);
	return true;
}

static int detect(struct text head)
{
	if (text_starts(head, "Analysis of sampling "))
		return 100;
	return text_find(head, "\nCall graph:\n") ? 80 : 0;
}

const struct converter sample_converter = {
	.name = "sample",
	.summary = "Converts the output of macOS's sample to folded stacks.",
	.examples = "  sample PID 10 -file out.txt; stackcollapse-sample out.txt | flamerender > out.svg\n",
	.options = options,
	.detect = detect,
	.read = read,
};
