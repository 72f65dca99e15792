#include "render/view/scheme.h"

#include "common/hash.h"

const char *const scheme_names[] = {"hot", "mem", "io", "wakeup", "chain", "java", "js", "perl", "python", "rust",
	"red", "green", "blue", "aqua", "yellow", "purple", "orange", "safe", "module", "diff", NULL};

struct scheme scheme_of(const char *name)
{
	struct scheme scheme = {BY_PALETTE, {.palette = name}};
	if (strcmp(name, "safe") == 0)
		scheme.by = BY_SAFE;
	else if (strcmp(name, "module") == 0)
		scheme.by = BY_MODULE;
	else if (strcmp(name, "diff") == 0)
		scheme.by = BY_DELTA;
	if (scheme.by != BY_PALETTE)
		scheme.coloring.palette = "hot";
	return scheme;
}

const char *scheme_label(const struct scheme *scheme)
{
	switch (scheme->by) {
	case BY_SAFE:
		return "colours by name, safe for the colour-blind";
	case BY_MODULE:
		return "colours by module";
	case BY_DELTA:
		return "colours by difference: red is more, blue is less";
	case BY_PALETTE:
		break;
	}
	return "colours by name";
}

/* The text behind the last `open` without the closing bracket and the line number: "f (a.py:12)" -> "a.py". */
static struct text in_brackets(struct text name)
{
	const char *open = name.size && name.at[name.size - 1] == ')' ? memrchr(name.at, '(', name.size) : NULL;
	if (!open || open == name.at || open[-1] != ' ')
		return (struct text){NULL, 0};
	struct text inner = {open + 1, (size_t)(name.at + name.size - open - 2)};
	const char *colon = memrchr(inner.at, ':', inner.size);
	if (colon)
		inner.size = (size_t)(colon - inner.at);
	return inner;
}

/* "f.isra.0", "f.cold": what the compiler made of f. */
static struct text without_suffix(struct text name)
{
	static const char *const suffixes[] = {".isra.", ".constprop.", ".part.", ".cold", ".llvm."};
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		const char *at = text_find(name, suffixes[i]);
		if (at && at > name.at)
			name.size = (size_t)(at - name.at);
	}
	return name;
}

/* What stands before the last of the separators outside of <...> and (...); empty if there are none. */
static struct text before_last(struct text name)
{
	int depth = 0;
	struct text found = {name.at, 0};
	for (size_t i = 0; i < name.size && (name.at[i] != '(' || i == 0); i++) {
		char c = name.at[i];
		depth += c == '<' ? 1 : c == '>' && depth ? -1 : 0;
		bool pair = c == ':' && i + 1 < name.size && name.at[i + 1] == ':';
		if (depth == 0 && i && (pair || c == '/' || c == '.'))
			found.size = i;
		i += pair;
	}
	return found;
}

/* "java/util/List.get": the class does not count, the package does. */
static struct text without_class(struct text module)
{
	const char *slash = memrchr(module.at, '/', module.size);
	return slash && slash > module.at ? (struct text){module.at, (size_t)(slash - module.at)} : module;
}

struct text scheme_module(struct text name)
{
	struct text inner = in_brackets(name);
	const char *tick = memchr(name.at, '`', name.size);
	if (inner.size)
		return inner;
	if (tick && tick > name.at)
		return (struct text){name.at, (size_t)(tick - name.at)};
	if (text_ends(name, "_[k]"))
		return text_of("[kernel]");
	return without_class(before_last(without_suffix(name)));
}

struct color scheme_mix(struct color color, struct color other, double share)
{
	return (struct color){(uint8_t)(color.r + (other.r - color.r) * share),
		(uint8_t)(color.g + (other.g - color.g) * share), (uint8_t)(color.b + (other.b - color.b) * share)};
}

struct color scheme_ink(struct color paper)
{
	int light = 2126 * paper.r + 7152 * paper.g + 722 * paper.b;
	uint8_t part = light > 110 * 10000 ? 0 : 255;
	return (struct color){part, part, part};
}

/* The colours of Okabe and Ito that letters can be read on, each a little lighter or darker. */
static struct color safe_color(struct text key)
{
	static const struct color colors[] = {{230, 159, 0}, {86, 180, 233}, {0, 158, 115}, {240, 228, 66},
		{204, 121, 167}, {213, 94, 0}, {0, 114, 178}};
	uint64_t hash = hash_bytes(key.at, key.size);
	struct color color = colors[hash % (sizeof colors / sizeof *colors)];
	return scheme_mix(color, (struct color){255, 255, 255}, (double)(hash >> 32 & 255) / 255 * 0.4);
}

static struct color module_color(struct text module)
{
	return module.size ? safe_color(module) : (struct color){210, 210, 210};
}

/* Unchanged frames are grey: white is the selected one. */
static struct color delta_color(const struct graph *graph, uint32_t node)
{
	double change = graph->old ? graph->self[node] - graph->old_self[node] : 0;
	return change != 0 ? palette_delta_color(change, graph->max_delta) : (struct color){210, 210, 210};
}

struct color scheme_color(const struct scheme *scheme, const struct graph *graph, uint32_t node)
{
	struct text name = graph_name(graph, node);
	switch (scheme->by) {
	case BY_DELTA:
		return delta_color(graph, node);
	case BY_MODULE:
		return module_color(scheme_module(name));
	case BY_SAFE:
		return safe_color(name);
	case BY_PALETTE:
		break;
	}
	return palette_color(&scheme->coloring, name);
}
