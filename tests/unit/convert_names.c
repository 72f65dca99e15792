/* convert/: header lines, frame names, Rust names. */
#include "check.h"
#include "convert/converter.h"
#include "convert/perf_frame.h"
#include "convert/perf_header.h"
#include "convert/rust_names.h"

const struct converter *const converters[] = {NULL};

static const struct {
	const char *line, *comm, *pid, *tid, *event, *rest;
	double time, period;
} headers[] = {
	{"java 25607 4794564.109216: 1 cycles:", "java", "", "25607", "cycles", "", 4794564.109216, 1},
	{"java 12688 [002] 6544038.708352: 235 cpu-clock: ", "java", "", "12688", "cpu-clock", "", 6544038.708352, 235},
	{"V8 WorkerThread 24636/25607 [000] 94564.1: 100 cycles:", "V8 WorkerThread", "24636", "25607", "cycles", "",
		94564.1, 100},
	{"func_ab 15294 cpu-clock: ", "func_ab", "", "15294", "cpu-clock", "", 0, 1},
	{"java 19983 100 cycles:", "java", "", "19983", "cycles", "", 0, 100},
	{"  false 39654 1.5: 0 cycles: 7fa68 x (/y)", "false", "", "39654", "cycles", "7fa68 x (/y)", 1.5, 1},
	{"f 12 [001] 1.5: sched:sched_switch: a=b ==> c", "f", "", "12", "sched:sched_switch", "a=b ==> c", 1.5, 1},
	{"foo 2 bar 12/13 1.5: 5 cpu_core/cycles/P:", "foo 2 bar", "12", "13", "cpu_core/cycles/P", "", 1.5, 5},
};

static const char *const no_headers[] = {
	"", "   ", "java", "java 123", "7f12 main (/bin/x)", "123 [001] 1.5:", "a b c:"};

static const struct {
	const char *line, *perl, *tidy; /* names joined by '|' */
} frames[] = {
	{"7f1 main+0x1a (/bin/x)", "main|", "main|"},
	{"7f1 f(int) (/bin/x)", "f|", "f|"},
	{"7f1 std::function<void (int)>::operator()() (/x)", "std::function<void |",
		"std::function<void (int)>::operator|"},
	{"7f1 operator<<(A, B) (/x)", "operator<<|", "operator<<|"},
	{"7f1 A::operator->() (/x)", "A::operator|_[i]|", "A::operator->|"},
	{"7f1 a->b (/tmp/perf-1.map)", "a|b_[i]|", "a|b_[i]|"},
	{"7f1 (anonymous namespace)::f(int) (/x)", "", "(anonymous namespace)::f|"},
	{"7f1 (swapper) (/x)", "", ""},
	{"7f1 [unknown] (/lib/libc.so.6)", "[libc.so.6]|", "[libc.so.6]|"},
	{"7f1 [unknown] ([unknown])", "[unknown]|", "[unknown]|"},
	{"7f1 [unknown] (/a b.so (deleted))", "[unknown] |", "[a b.so]|"},
	{"7f1  (/lib/libc.so)", " |", " |"},
	{"7f1 a;b'c (/x)", "a:bc|", "a:b'c|"},
	{"7f1 Lorg/x/Y;::z (/tmp/perf-1.map)", "org/x/Y:::z|", "org/x/Y:::z|"},
};

static void check_names(const char *line, bool perl, const char *expected)
{
	struct perf_naming naming = {.perl = perl};
	struct perf_frame frame;
	struct buffer out = {0}, scratch = {0};
	CHECK(perf_frame_parse(text_of(line), perl, &frame), line);
	perf_frame_names(&frame, &naming, true, &out, &scratch);
	for (size_t i = 0; i < out.size; i++)
		if (out.at[i] == '\n')
			out.at[i] = '|';
	CHECK_TEXT(out.size ? out.at : "", out.size, expected, line);
	buffer_free(&out);
	buffer_free(&scratch);
}

static void check_rust(void)
{
	struct buffer out = {0};
	CHECK(rust_name(text_of("_$LT$T$u20$as$u20$a..B$GT$::c::h0123456789abcdef"), &out), "a Rust name");
	CHECK_TEXT(out.at, out.size, "<T as a::B>::c", "a Rust name");
	CHECK(!rust_name(text_of("main::h0123456789abcdeg"), &out), "no hash");
	CHECK(!rust_name(text_of("::h0123456789abcdef"), &out), "nothing but a hash");
	CHECK(rust_name(text_of("a$X$b$::h0123456789abcdef"), &out), "an escape that is none");
	CHECK_TEXT(out.at, out.size, "a$X$b$", "an escape that is none");
	buffer_free(&out);
}

int main(void)
{
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		struct perf_header header;
		const char *line = headers[i].line;
		CHECK(perf_header_parse(text_of(line), &header), line);
		CHECK_TEXT(header.comm.at, header.comm.size, headers[i].comm, line);
		CHECK_TEXT(header.pid.at, header.pid.size, headers[i].pid, line);
		CHECK_TEXT(header.tid.at, header.tid.size, headers[i].tid, line);
		CHECK_TEXT(header.event.at, header.event.size, headers[i].event, line);
		CHECK_TEXT(header.rest.at, header.rest.size, headers[i].rest, line);
		CHECK_NUMBER(header.time, headers[i].time, line);
		CHECK_NUMBER(header.period, headers[i].period, line);
	}
	for (size_t i = 0; i < sizeof no_headers / sizeof *no_headers; i++) {
		struct perf_header header;
		CHECK(!perf_header_parse(text_of(no_headers[i]), &header), no_headers[i]);
	}
	for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
		check_names(frames[i].line, true, frames[i].perl);
		check_names(frames[i].line, false, frames[i].tidy);
	}
	struct text base = perf_event_base(text_of("cycles:uppp"));
	CHECK_TEXT(base.at, base.size, "cycles", "modifiers");
	base = perf_event_base(text_of("sched:sched_switch"));
	CHECK_TEXT(base.at, base.size, "sched:sched_switch", "no modifiers");
	check_rust();
	return check_end();
}
