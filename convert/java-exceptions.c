/* Stack traces of Java exceptions in any log. Each counts 1. */
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/java.h"
#include "convert/lines.h"

static bool no_shorten, with_packages; /* say what is done anyway */
static struct java_naming naming;

static const struct opt options[] = {
	{0, "shorten-pkgs", OPT_FLAG, &naming.shorten, NULL, "Packages by their initials: j.l.Thread.run.", NULL, 0,
		false},
	{0, "no-shorten-pkgs", OPT_FLAG, &no_shorten, NULL, "Whole packages. Default.", NULL, 0, true},
	{0, "no-pkgs", OPT_FLAG, &naming.bare, NULL, "No packages: Thread.run.", NULL, 0, false},
	{0, "pkgs", OPT_FLAG, &with_packages, NULL, "Whole packages. Default.", NULL, 0, true},
	{0, "line-numbers", OPT_FLAG, &naming.lines, NULL, "Append line numbers: java.lang.Thread.run:840.", NULL, 0,
		false},
	{0},
};

struct exceptions {
	struct stacks *stacks;
	struct frame_list frames; /* leaf first */
};

/*
 * 2026-11-21 07:50:45 ERROR request failed
 * java.lang.IllegalStateException: no connection
 *         at com.example.Pool.take(Pool.java:31)
 *         at com.example.Main.main(Main.java:7)
 * Caused by: java.net.ConnectException: refused
 *         at com.example.Pool.connect(Pool.java:52)
 *         ... 2 more
 */
static void end_trace(void *state, const struct chunk *chunk)
{
	struct exceptions *exceptions = state;
	(void)chunk;
	if (exceptions->frames.count)
		stacks_add(exceptions->stacks, frame_list_down(&exceptions->frames, exceptions->stacks, 0), 1);
}

/* Not "at the end of the day". */
static bool is_method(struct text name)
{
	return memchr(name.at, '.', name.size) && !memchr(name.at, ' ', name.size);
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct exceptions *exceptions = state;
	struct text method, number;
	if (java_frame_cut(line, &method, &number) && is_method(method))
		frame_list_add(&exceptions->frames, java_frame_name(exceptions->stacks, method, number, &naming));
	else
		end_trace(state, chunk);
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct exceptions exceptions = {.stacks = stacks};
	(void)run;
	lines_read(source, take_line, end_trace, &exceptions);
	frame_list_free(&exceptions.frames);
	return true;
}

/* "	at com.example.Main.main(Main.java:7)" */
static bool is_frame(struct text line)
{
	struct text method, number;
	return java_frame_cut(line, &method, &number) && line.at[0] == '\t' && is_method(method) &&
	       text_ends(line, ")");
}

static int detect(struct text head)
{
	return lines_any(head, is_frame) ? 20 : 0;
}

const struct converter java_exceptions_converter = {
	.name = "java-exceptions",
	.summary = "Counts the stack traces of Java exceptions in logs as folded stacks.",
	.examples = "  stackcollapse-java-exceptions --shorten-pkgs server.log | flamerender > out.svg\n",
	.options = options,
	.detect = detect,
	.read = read,
};
