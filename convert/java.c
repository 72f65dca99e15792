#include "convert/java.h"

#include "convert/cut.h"
#include "convert/frame.h"

struct java_dump java_dump;

/* Those without effect say what is done anyway. */
const struct opt java_dump_options[] = {
	{0, "include-tname", OPT_FLAG, &java_dump.include_name, NULL, "The first frame is the thread's name. Default.",
		NULL, 0, false},
	{0, "no-include-tname", OPT_FLAG, &java_dump.omit_name, NULL, "No frame for the thread.", NULL, 0, false},
	{0, "include-tid", OPT_FLAG, &java_dump.include_number, NULL, "Threads are named with their numbers.", NULL, 0,
		false},
	{0, "no-include-tid", OPT_FLAG, &java_dump.omit_number, NULL, "They are named without. Default.", NULL, 0,
		true},
	{0, "shorten-pkgs", OPT_FLAG, &java_dump.naming.shorten, NULL, "Packages by their initials: j.l.Thread.run.",
		NULL, 0, false},
	{0, "no-shorten-pkgs", OPT_FLAG, &java_dump.no_shorten, NULL, "Whole packages. Default.", NULL, 0, true},
	{0, "line-numbers", OPT_FLAG, &java_dump.naming.lines, NULL, "Append line numbers: java.lang.Thread.run:840.",
		NULL, 0, false},
	{0},
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* "(Thread.java:840)", "(java.base@17.0.15/Thread.java:840)", "(Thread.java:785(Compiled Code))": 840, 785. */
static struct text line_number(struct text place)
{
	struct text number = {"", 0};
	for (size_t i = 0; i < place.size; i++) {
		if (place.at[i] != ':')
			continue;
		number = (struct text){place.at + i + 1, 0};
		while (i + 1 < place.size && is_digit(place.at[i + 1]))
			number.size++, i++;
	}
	return number;
}

bool java_frame_cut(struct text line, struct text *method, struct text *number)
{
	cut_blanks(&line);
	if (!cut_start(&line, "at "))
		return false;
	*method = text_trim(text_before(line, '('));
	*number = line_number(
		(struct text){method->at + method->size, line.size - (size_t)(method->at - line.at) - method->size});
	return method->size != 0;
}

/* How much of "java.base@17/java.lang.Thread.run", "java/lang/Thread.run" is the package with what ends it. The slash
 * of "Busy$$Lambda/0x00007ff3d8150208.run" does not count. */
static size_t package_length(struct text method)
{
	size_t dots = 0;
	for (size_t i = method.size; i > 0; i--)
		if (method.at[i - 1] == '.' && ++dots == 2)
			return i;
	for (size_t i = method.size; i > 0; i--)
		if (method.at[i - 1] == '/' && !text_starts((struct text){method.at + i, method.size - i}, "0x"))
			return i;
	return 0;
}

uint32_t java_frame_name(
	struct stacks *stacks, struct text method, struct text number, const struct java_naming *naming)
{
	struct buffer name = {0};
	size_t package = naming->shorten || naming->bare ? package_length(method) : 0;
	for (size_t i = 0; i < package && !naming->bare; i++)
		if (!is_word(method.at[i]) || i == 0 || !is_word(method.at[i - 1]))
			buffer_add_char(&name, method.at[i]);
	buffer_add(&name, method.at + package, method.size - package);
	if (naming->lines && number.size) {
		buffer_add_char(&name, ':');
		buffer_add(&name, number.at, number.size);
	}
	uint32_t result = frame_name(stacks, buffer_text(&name));
	buffer_free(&name);
	return result;
}

struct text java_thread_name(struct text name, bool with_number)
{
	struct text base = name;
	while (base.size && is_digit(base.at[base.size - 1]))
		base.size--;
	bool numbered = base.size < name.size && text_ends(base, "-");
	return numbered && !with_number ? (struct text){base.at, base.size - 1} : name;
}
