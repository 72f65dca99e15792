#include "common/frame_parts.h"

#include "tests/unit/check.h"

static const struct {
	const char *name, *function, *file, *module;
	unsigned line;
} cases[] = {
	{"work (app.py:12)", "work", "app.py", "", 12},
	{"<module> (a b/app.py:1)", "<module>", "a b/app.py", "", 1},
	{"work (app.py)", "work", "app.py", "", 0},
	{"app.py:work:12", "work", "app.py", "", 12},
	{"/opt/x/app.py:Class.work:7", "Class.work", "/opt/x/app.py", "", 7},
	{"<frozen importlib._bootstrap>:_find_and_load:1360", "_find_and_load", "<frozen importlib._bootstrap>", "",
		1360},
	{"_call (<frozen importlib._bootstrap>:241)", "_call", "<frozen importlib._bootstrap>", "", 241},
	{"main:file.cpp:137", "main", "file.cpp", "", 137},
	{"ns::f:file.cpp:9", "ns::f", "file.cpp", "", 9},
	{"genunix`open", "genunix`open", "", "genunix", 0},
	{"f(int) (const)", "f(int) (const)", "", "", 0},
	{"std::vector<int>::push_back", "std::vector<int>::push_back", "", "", 0},
	{"process 12:\"python a.py\"", "process 12:\"python a.py\"", "", "", 0},
	{"[unknown]", "[unknown]", "", "", 0},
	{"()", "()", "", "", 0},
	{" ()", " ()", "", "", 0},
	{":1", ":1", "", "", 0},
	{"`", "`", "", "", 0},
	{"", "", "", "", 0},
};

int main(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct frame_parts parts = frame_parts(text_of(cases[i].name));
		CHECK_TEXT(parts.function.at, parts.function.size, cases[i].function, cases[i].name);
		CHECK_TEXT(parts.file.at, parts.file.size, cases[i].file, cases[i].name);
		CHECK_TEXT(parts.module.at, parts.module.size, cases[i].module, cases[i].name);
		CHECK(parts.line == cases[i].line, cases[i].name);
	}
	return check_end();
}
