#include "convert/rust_names.h"

/* "_$LT$T$u20$as$u20$gc..trace..Trace$GT$::trace::h0123456789abcdef" -> "<T as gc::trace::Trace>::trace" */

enum { HASH_SIZE = 19 }; /* ::h and 16 digits */

static const struct {
	const char *escape, *text;
} escapes[] = {
	{"$LT$", "<"},
	{"$GT$", ">"},
	{"$LP$", "("},
	{"$RP$", ")"},
	{"$C$", ","},
	{"$SP$", "@"},
	{"$BP$", "*"},
	{"$RF$", "&"},
	{"$u7e$", "~"},
	{"$u20$", " "},
	{"$u27$", "'"},
	{"$u3d$", "="},
	{"$u5b$", "["},
	{"$u5d$", "]"},
	{"$u7b$", "{"},
	{"$u7d$", "}"},
	{"$u3b$", ";"},
	{"$u2b$", "+"},
	{"$u21$", "!"},
	{"$u22$", "\""},
};

static bool has_hash(struct text name)
{
	if (name.size <= HASH_SIZE || memcmp(name.at + name.size - HASH_SIZE, "::h", 3) != 0)
		return false;
	for (size_t i = name.size - 16; i < name.size; i++)
		if (!strchr("0123456789abcdef", name.at[i]) || !name.at[i])
			return false;
	return true;
}

/* Writes what the escape at the start of the text means; returns its length, 0 if there is none. */
static size_t put_escape(struct text text, struct buffer *out)
{
	for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
		if (text_starts(text, escapes[i].escape)) {
			buffer_add_string(out, escapes[i].text);
			return strlen(escapes[i].escape);
		}
	return 0;
}

bool rust_name(struct text name, struct buffer *out)
{
	if (!has_hash(name))
		return false;
	buffer_clear(out);
	struct text rest = {name.at, name.size - HASH_SIZE};
	if (text_starts(rest, "_$"))
		rest.at++, rest.size--;
	while (rest.size) {
		size_t size = 1;
		if (rest.at[0] == '$' && (size = put_escape(rest, out)) == 0) {
			buffer_add_char(out, '$');
			size = 1;
		} else if (text_starts(rest, "..")) {
			buffer_add_string(out, "::");
			size = 2;
		} else if (rest.at[0] != '$') {
			buffer_add_char(out, rest.at[0]);
		}
		rest.at += size;
		rest.size -= size;
	}
	return true;
}
