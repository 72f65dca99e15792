#include "common/frame_parts.h"

static struct text part(const char *start, const char *end)
{
	return (struct text){start, (size_t)(end - start)};
}

/* True for what looks like a file's name: a slash, a suffix, or Python's <frozen ...>, <string>, <stdin>. */
static bool is_file(struct text text)
{
	if (!text.size)
		return false;
	if (*text.at == '<' && text_ends(text, ">"))
		return true;
	if (memchr(text.at, '/', text.size) || memchr(text.at, '\\', text.size))
		return true;
	const char *dot = memrchr(text.at, '.', text.size), *end = text.at + text.size;
	if (!dot || dot == text.at || end - dot < 2 || end - dot > 6)
		return false;
	for (const char *p = dot + 1; p < end; p++)
		if (!(*p >= 'a' && *p <= 'z') && !(*p >= 'A' && *p <= 'Z') && !(*p >= '0' && *p <= '9') && *p != '+')
			return false;
	return true;
}

/* "file.py:12" or "file.py". */
static bool cut_place(struct text place, struct frame_parts *out)
{
	const char *end = place.at + place.size, *colon = memrchr(place.at, ':', place.size);
	uint64_t line = 0;
	if (colon && text_integer(part(colon + 1, end), &line))
		place = part(place.at, colon);
	if (!is_file(place))
		return false;
	out->file = place;
	out->line = line;
	return true;
}

/* "function (place)" */
static bool cut_parentheses(struct text name, struct frame_parts *out)
{
	if (!text_ends(name, ")"))
		return false;
	const char *end = name.at + name.size, *open = end;
	while (open > name.at + 1 && !(open[0] == '(' && open[-1] == ' ' && open < end))
		open--;
	if (open <= name.at + 1 || !cut_place(part(open + 1, end - 1), out))
		return false;
	out->function = part(name.at, open - 1);
	return true;
}

/* "file:function:line" or "function:file:line" */
static bool cut_colons(struct text name, struct frame_parts *out)
{
	const char *end = name.at + name.size, *last = memrchr(name.at, ':', name.size);
	uint64_t line;
	if (!last || !text_integer(part(last + 1, end), &line))
		return false;
	const char *first = memchr(name.at, ':', (size_t)(last - name.at));
	const char *middle = memrchr(name.at, ':', (size_t)(last - name.at));
	if (!first)
		return false;
	if (is_file(part(name.at, first))) {
		out->file = part(name.at, first);
		out->function = part(first + 1, last);
	} else if (is_file(part(middle + 1, last))) {
		out->file = part(middle + 1, last);
		out->function = part(name.at, middle);
	} else {
		return false;
	}
	out->line = line;
	return true;
}

struct frame_parts frame_parts(struct text name)
{
	struct frame_parts parts = {.function = name};
	if (cut_parentheses(name, &parts) || cut_colons(name, &parts))
		return parts;
	const char *tick = memchr(name.at, '`', name.size);
	if (tick && tick > name.at && tick + 1 < name.at + name.size)
		parts.module = part(name.at, tick);
	return parts;
}
