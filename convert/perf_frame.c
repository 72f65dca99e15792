#include "convert/perf_frame.h"

#include "convert/rust_names.h"

/* Frame lines:
 *
 *   ffffffff8103d0ca native_write_msr_safe ([kernel.kallsyms])
 *             414297 runtime.mapassign_faststr+0x277 (/usr/lib/go/bin/go)
 *       7f72421d2d76 JavaCalls::call_helper(JavaValue, methodHandle) (/opt/jdk/libjvm.so)
 *       7f54e0a1b2c3 [unknown] (/a/lib c.so (deleted))
 *       7f1e         (/lib/libc.so)
 */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* The position of the " (" that starts the module: the last one; not perl: the last one before what looks like a
 * module. */
static const char *find_module(struct text line, bool perl)
{
	const char *last = NULL;
	for (size_t i = line.size; i-- > 1;) {
		if (line.at[i] != '(' || !is_blank(line.at[i - 1]))
			continue;
		struct text inside = {line.at + i + 1, line.size - i - 1};
		if (!last)
			last = line.at + i;
		if (perl || text_starts(inside, "/") || text_starts(inside, "[") || text_starts(inside, "inlined)"))
			return line.at + i;
	}
	return last;
}

/* Cuts "+0x1f" off the symbol's end. */
static void cut_offset(struct perf_frame *frame)
{
	struct text symbol = frame->symbol;
	size_t i = symbol.size;
	while (i && is_hex(symbol.at[i - 1]))
		i--;
	if (i < 3 || i == symbol.size || memcmp(symbol.at + i - 3, "+0x", 3) != 0)
		return;
	frame->offset = (struct text){symbol.at + i - 3, symbol.size - i + 3};
	frame->symbol.size = i - 3;
}

bool perf_frame_parse(struct text line, bool perl, struct perf_frame *frame)
{
	line = text_trim(line);
	size_t pc = 0;
	if (text_starts(line, "0x"))
		pc = 2;
	size_t digits = pc;
	while (pc < line.size && is_hex(line.at[pc]))
		pc++;
	if (pc == digits || pc == line.size || !is_blank(line.at[pc]) || line.at[line.size - 1] != ')')
		return false;
	*frame = (struct perf_frame){.pc = {line.at, pc}};
	const char *open = find_module(line, perl);
	if (!open)
		return false;
	frame->module = (struct text){open + 1, (size_t)(line.at + line.size - 1 - (open + 1))};
	if (!perl && text_ends(frame->module, " (deleted)"))
		frame->module.size -= strlen(" (deleted)");
	const char *symbol = line.at + pc;
	while (symbol < open && is_blank(*symbol))
		symbol++;
	frame->symbol = (struct text){symbol, symbol < open ? (size_t)(open - 1 - symbol) : 0};
	if (!frame->symbol.size)
		frame->symbol = text_of(" ");
	cut_offset(frame);
	return true;
}

/* ---- names ---- */

/* A Go method: "net/http.(*Client).Do" */
static bool is_go_method(struct text name)
{
	const char *open = text_find(name, ".(");
	return open && text_find((struct text){open + 2, name.size - (size_t)(open + 2 - name.at)}, ").");
}

static bool is_anonymous(struct text name, size_t at)
{
	return text_starts((struct text){name.at + at, name.size - at}, "(anonymous namespace)");
}

/* Length up to the argument list: the first '(' that does not start "(anonymous namespace)". */
static size_t perl_length(struct text name)
{
	if (is_go_method(name))
		return name.size;
	for (size_t i = 0; i < name.size; i++)
		if (name.at[i] == '(' && !is_anonymous(name, i))
			return i;
	return name.size;
}

/* The signs of "operator<", "operator->" and the like at this position: they are no brackets. */
static size_t operator_signs(struct text name, size_t at)
{
	static const char word[] = "operator";
	size_t size = sizeof word - 1;
	if (at < size || memcmp(name.at + at - size, word, size) != 0)
		return 0;
	size_t signs = 0;
	while (at + signs < name.size && strchr("<>=-", name.at[at + signs]) && signs < 3)
		signs++;
	return signs;
}

/* Length up to the argument list: the first '(' outside of all brackets; Go's ".(" is none. */
static size_t tidy_length(struct text name)
{
	long depth = 0;
	for (size_t i = 0; i < name.size; i++) {
		char c = name.at[i];
		if (c == '<' || c == '>' || c == '-')
			while (operator_signs(name, i) && i < name.size)
				i += operator_signs(name, i);
		if (i >= name.size)
			break;
		c = name.at[i];
		if (c == '<' || c == '{' || c == '[')
			depth++;
		else if ((c == '>' && (i == 0 || name.at[i - 1] != '-')) || c == '}' || c == ']')
			depth--;
		else if (c == '(' && depth <= 0 && !is_anonymous(name, i) && (i == 0 || name.at[i - 1] != '.'))
			return i;
	}
	return name.size;
}

static bool is_kernel(struct text module, bool perl)
{
	if (perl)
		return (text_starts(module, "[") || text_ends(module, "vmlinux")) && !text_find(module, "unknown");
	if (text_is(module, "[unknown]"))
		return false;
	const char *slash = memrchr(module.at, '/', module.size);
	struct text base = slash ? (struct text){slash + 1, module.size - (size_t)(slash + 1 - module.at)} : module;
	return text_starts(module, "[") || text_ends(module, "vmlinux") || text_starts(base, "vmlinux-") ||
	       text_ends(module, ".ko");
}

/* "/tmp/perf-123.map", "/home/x/jitted-123-4.so" */
static bool is_jit(struct text module, bool perl)
{
	const char *start = text_find(module, "/tmp/perf-");
	if (start) {
		struct text rest = {start + 10, module.size - (size_t)(start + 10 - module.at)};
		size_t digits = 0;
		while (digits < rest.size && rest.at[digits] >= '0' && rest.at[digits] <= '9')
			digits++;
		rest.at += digits, rest.size -= digits;
		if (perl)
			return digits && text_starts(rest, ".map");
		return text_ends(rest, ".map");
	}
	return !perl && text_find(module, "/jitted-") && text_ends(module, ".so");
}

/* The name of an [unknown] frame: "[libc.so]", "[libc.so <7f1e>]". */
static void put_unknown(const struct perf_frame *frame, bool addresses, struct buffer *out)
{
	struct text name = {"unknown", 7};
	if (!text_is(frame->module, "[unknown]")) {
		const char *slash = memrchr(frame->module.at, '/', frame->module.size);
		name = frame->module;
		if (slash)
			name = (struct text){slash + 1, name.size - (size_t)(slash + 1 - name.at)};
	}
	buffer_add_char(out, '[');
	buffer_add(out, name.at, name.size);
	if (addresses) {
		buffer_add_string(out, " <");
		buffer_add(out, frame->pc.at, frame->pc.size);
		buffer_add_char(out, '>');
	}
	buffer_add_char(out, ']');
}

/* Writes the tidied name: without arguments, ';' as ':', perl: without quotes. */
static void put_tidy(struct text name, bool perl, bool java, struct buffer *out)
{
	size_t start = out->size;
	name.size = perl ? perl_length(name) : tidy_length(name);
	for (size_t i = 0; i < name.size; i++) {
		char c = name.at[i];
		if (perl && (c == '"' || c == '\''))
			continue;
		buffer_add_char(out, c == ';' ? ':' : c == '\n' ? ' ' : c);
	}
	if (java && out->size > start && out->at[start] == 'L' && memchr(out->at + start, '/', out->size - start)) {
		memmove(out->at + start, out->at + start + 1, out->size - start - 1);
		out->size--;
	}
}

static void put_mark(const struct perf_frame *frame, const struct perf_naming *naming, bool inlined, size_t start,
	struct buffer *out)
{
	struct text name = {out->at + start, out->size - start};
	if (inlined) {
		if (!text_find(name, "_[i]"))
			buffer_add_string(out, "_[i]");
	} else if (naming->kernel && is_kernel(frame->module, naming->perl)) {
		buffer_add_string(out, "_[k]");
	} else if (naming->jit && is_jit(frame->module, naming->perl) && !text_find(name, "_[j]")) {
		buffer_add_string(out, "_[j]");
	}
}

/* The piece up to the next "->" that joins inlined Java frames; not perl: not the one of "operator->". */
static struct text next_piece(struct text *rest, bool perl)
{
	size_t at = 0;
	for (; at + 1 < rest->size; at++)
		if (rest->at[at] == '-' && rest->at[at + 1] == '>' && (perl || !operator_signs(*rest, at)))
			break;
	struct text piece = {rest->at, at + 1 < rest->size ? at : rest->size};
	size_t used = at + 1 < rest->size ? at + 2 : rest->size;
	rest->at += used;
	rest->size -= used;
	return piece;
}

/* "(swapper)": a process name where a symbol should be. */
static bool is_process_name(struct text symbol, bool perl)
{
	if (!symbol.size || symbol.at[0] != '(')
		return false;
	return perl || (const char *)memchr(symbol.at, ')', symbol.size) == symbol.at + symbol.size - 1;
}

struct text perf_symbol(const struct perf_frame *frame, bool perl, struct buffer *scratch)
{
	if (!perl && rust_name(frame->symbol, scratch))
		return buffer_text(scratch);
	return frame->symbol;
}

void perf_frame_names(const struct perf_frame *frame, const struct perf_naming *naming, bool java, struct buffer *out,
	struct buffer *scratch)
{
	struct text rest = perf_symbol(frame, naming->perl, scratch);
	bool rust = rest.at != frame->symbol.at;
	buffer_clear(out);
	if (is_process_name(rest, naming->perl))
		return;
	for (bool inlined = false; rest.size; inlined = true) {
		struct text piece = rust ? rest : next_piece(&rest, naming->perl);
		size_t start = out->size;
		if (rust)
			rest.size = 0;
		if (text_is(piece, "[unknown]")) {
			struct buffer name = {0};
			put_unknown(frame, naming->addresses, &name);
			put_tidy(buffer_text(&name), naming->perl, java, out);
			buffer_free(&name);
		} else {
			put_tidy(piece, naming->perl, java, out);
		}
		put_mark(frame, naming, inlined, start, out);
		buffer_add_char(out, '\n');
	}
}
