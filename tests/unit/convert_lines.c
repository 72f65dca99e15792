/* convert/: cutting lines, Java's frame names. */
#include "check.h"
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/java.h"
#include "convert/lines.h"

const struct converter *const converters[] = {NULL};

static void test_cut(void)
{
	struct text rest = text_of("  #12 0x1f in f (a)  "), part;
	uint64_t number;
	CHECK(cut_blanks(&rest) == 2, "cutting from the left");
	CHECK(!cut_integer(&rest, &number) && cut_start(&rest, "#") && !cut_start(&rest, "#"), "cutting from the left");
	CHECK(cut_integer(&rest, &number) && number == 12, "cutting from the left");
	CHECK(text_is(cut_word(&rest), "0x1f"), "cutting from the left");
	CHECK(!cut_until(&rest, "no", &part) && cut_until(&rest, " f", &part) && text_is(part, "in"),
		"cutting from the left");
	CHECK(text_is(rest, " (a)  ") && text_is(text_before(rest, ')'), " (a") &&
			text_is(text_before(rest, 'x'), " (a)  "),
		"cutting from the left");
	CHECK(text_is(cut_word(&rest), "(a)") && rest.size == 0 && cut_word(&rest).size == 0, "cutting from the left");
	rest = text_of("99999999999999999999999x");
	CHECK(!cut_integer(&rest, &number) && rest.size == 24, "cutting from the left");
}

static const struct {
	const char *line, *whole, *shortened, *bare, *numbered;
} frames[] = {
	{"\tat java.lang.Thread.run(Thread.java:840)", "java.lang.Thread.run", "j.l.Thread.run", "Thread.run",
		"java.lang.Thread.run:840"},
	{"  at java.base@17.0.1/a_b.C.d(java.base@17.0.1/C.java:7)", "java.base@17.0.1/a_b.C.d", "j.b@1.0.1/a.C.d",
		"C.d", "java.base@17.0.1/a_b.C.d:7"},
	{"at a/b/C.d(C.java:7(Compiled Code))", "a/b/C.d", "a/b/C.d", "C.d", "a/b/C.d:7"},
	{"at java/lang/C.d(Native Method)", "java/lang/C.d", "j/l/C.d", "C.d", "java/lang/C.d"},
	{"at C$$Lambda$1/0x00ff.run(Unknown Source)", "C$$Lambda$1/0x00ff.run", "C$$Lambda$1/0x00ff.run",
		"C$$Lambda$1/0x00ff.run", "C$$Lambda$1/0x00ff.run"},
	{"at main(", "main", "main", "main", "main"},
};

static void check_name(struct stacks *stacks, const char *line, struct java_naming naming, const char *expected)
{
	struct text method, number;
	CHECK(java_frame_cut(text_of(line), &method, &number), "a frame is cut");
	uint32_t found = java_frame_name(stacks, method, number, &naming);
	struct text name = stacks->names.names[found];
	CHECK_TEXT(name.at, name.size, expected, line);
}

static void test_java(void)
{
	struct stacks *stacks = stacks_new(false);
	struct text method, number;
	for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
		check_name(stacks, frames[i].line, (struct java_naming){0}, frames[i].whole);
		check_name(stacks, frames[i].line, (struct java_naming){.shorten = true}, frames[i].shortened);
		check_name(stacks, frames[i].line, (struct java_naming){.bare = true}, frames[i].bare);
		check_name(stacks, frames[i].line, (struct java_naming){.lines = true}, frames[i].numbered);
	}
	CHECK(!java_frame_cut(text_of("\t- locked <0x1>"), &method, &number), "what is no frame; names of threads");
	CHECK(!java_frame_cut(text_of("\tat (x)"), &method, &number) && !java_frame_cut(text_of(""), &method, &number),
		"what is no frame; names of threads");
	CHECK(text_is(java_thread_name(text_of("pool-1-thread-7"), false), "pool-1-thread"),
		"what is no frame; names of threads");
	CHECK(text_is(java_thread_name(text_of("pool-1-thread-7"), true), "pool-1-thread-7"),
		"what is no frame; names of threads");
	CHECK(text_is(java_thread_name(text_of("C2"), false), "C2") &&
			text_is(java_thread_name(text_of("-7"), false), ""),
		"what is no frame; names of threads");
	stacks_free(stacks);
}

static bool is_x(struct text line)
{
	return text_is(line, "x");
}

int main(void)
{
	test_cut();
	test_java();
	CHECK(lines_any(text_of("a\nx"), is_x) && lines_any(text_of("x\r\n"), is_x) &&
			!lines_any(text_of("xx\n"), is_x),
		"cutting from the left");
	return check_end();
}
