/* foldgrep: picks and cuts stacks. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/opt.h"
#include "common/report.h"
#include "convert/fold/options.h"
#include "convert/fold/pattern.h"
#include "convert/fold/profile.h"

static struct {
	const char *split, *from, *to;
	struct opt_list keep, drop, hide, show, rename;
	const char *focus, *focus_inner, *until;
	long trim_roots, trim_leaves, depth;
	bool invert, ignore_case, fixed, recursion, ordered;
} asked = {.depth = -1};

static const char *const splits[] = {"first", "process", "thread", NULL};

static const struct opt options[] = {
	{0, NULL, OPT_HEADING, NULL, NULL, "Which stacks (PATTERN, keep and drop are asked of each frame):", NULL, 0,
		false},
	{'v', "invert-match", OPT_FLAG, &asked.invert, NULL,
		"Drop the stacks in which PATTERN matches, keep the others.", NULL, 0, false},
	{0, "keep", OPT_LIST, &asked.keep, "RE", "Keep only stacks with a frame that matches (all of several).", NULL,
		0, false},
	{0, "drop", OPT_LIST, &asked.drop, "RE", "Drop stacks with a frame that matches (any of several).", NULL, 0,
		false},
	{0, "from", OPT_STRING, &asked.from, "TIME", "Ordered input: only from this time on (seconds; 20ms, 5us).",
		NULL, 0, false},
	{0, "to", OPT_STRING, &asked.to, "TIME", "Ordered input: only up to this time.", NULL, 0, false},
	{0, NULL, OPT_HEADING, NULL, NULL, "Which frames, in this order:", NULL, 0, false},
	{0, "rename", OPT_LIST, &asked.rename, "RULE", "Rename frames as sed does: s/RE/TEXT/, with g and i.", NULL, 0,
		false},
	{0, "hide", OPT_LIST, &asked.hide, "RE", "Take matching frames out of the stacks.", NULL, 0, false},
	{0, "show", OPT_LIST, &asked.show, "RE", "Take out all frames that do not match.", NULL, 0, false},
	{0, "focus", OPT_STRING, &asked.focus, "RE",
		"Cut stacks to begin with the outermost match; drop those without.", NULL, 0, false},
	{0, "focus-inner", OPT_STRING, &asked.focus_inner, "RE", "The same with the innermost match.", NULL, 0, false},
	{0, "until", OPT_STRING, &asked.until, "RE", "Cut stacks to end with the outermost match.", NULL, 0, false},
	{0, "trim-roots", OPT_INTEGER, &asked.trim_roots, "N", "Cut N frames off the root end.", NULL, 0, false},
	{0, "trim-leaves", OPT_INTEGER, &asked.trim_leaves, "N", "Cut N frames off the leaf end.", NULL, 0, false},
	{0, "collapse-recursion", OPT_FLAG, &asked.recursion, NULL, "A frame equal to the one before it is taken out.",
		NULL, 0, false},
	{0, "depth", OPT_INTEGER, &asked.depth, "N", "Keep at most N frames from the root.", NULL, 0, false},
	{0, NULL, OPT_HEADING, NULL, NULL, "General:", NULL, 0, false},
	{'i', "ignore-case", OPT_FLAG, &asked.ignore_case, NULL, "Upper and lower case are the same.", NULL, 0, false},
	{'F', "fixed-strings", OPT_FLAG, &asked.fixed, NULL, "Patterns are plain text.", NULL, 0, false},
	{0, "ordered", OPT_FLAG, &asked.ordered, NULL, "Keep the order of the lines (with --from and --to always).",
		NULL, 0, false},
	{0, "split", OPT_CHOICE, &asked.split, "WHAT",
		"Write a file for each first frame, process or thread into the folder given with -o.", splits, 0,
		false},
	{0},
};

static const struct opt_program program = {
	.name = "foldgrep",
	.summary = "Picks stacks by regular expression (PCRE2), and cuts frames out of them.",
	.usage = "[options] [PATTERN] [FILE ...]",
	.examples =
		"  foldgrep -v idle stacks.folded\n  foldgrep --focus '^work ' stacks.folded | flamerender > work.svg\n"
		"  foldgrep --from 2 --to 2.5 ordered.folded | flamerender --flamechart > out.svg\n"
		"  foldgrep --split thread -o threads/ stacks.folded\n",
	.options = options,
	.more = fold_options,
};

/* The patterns that were asked for; NULL or empty where none was. */
struct patterns {
	struct pattern **list;
	size_t count;
};

struct editor {
	struct patterns keep, drop, hide, show, rename;
	struct pattern *pattern, *focus, *focus_inner, *until;
	struct intern names;
	uint32_t *frames; /* of the stack that is edited */
	size_t count, capacity;
	struct buffer renamed;
	double from, to; /* microseconds; to may be infinite */
	bool timed;
	struct intern threads;
	double *clocks; /* by thread, microseconds */
	size_t clock_capacity;
};

static struct pattern *one(const char *option, const char *expression)
{
	return expression ? pattern_new(option, expression, asked.ignore_case, asked.fixed) : NULL;
}

static struct patterns several(const char *option, const struct opt_list *list, bool rename)
{
	struct patterns patterns = {mem_zero(list->count + 1, sizeof *patterns.list), list->count};
	for (size_t i = 0; i < list->count; i++)
		patterns.list[i] = rename ? pattern_new_rename(option, list->items[i]) : one(option, list->items[i]);
	return patterns;
}

/* "2", "2s", "20ms", "5us": microseconds. */
static double parse_time(const char *option, const char *text, double none)
{
	static const struct {
		const char *unit;
		double factor;
	} units[] = {{"ms", 1e3}, {"us", 1}, {"s", 1e6}, {"", 1e6}};
	if (!text)
		return none;
	struct text time = text_of(text);
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (text_ends(time, units[i].unit)) {
			double value;
			time.size -= strlen(units[i].unit);
			if (!text_number(time, false, &value))
				break;
			return value * units[i].factor;
		}
	die(EXIT_USAGE, "%s needs a time such as 2.5, 20ms or 5us, not '%s'", option, text);
}

/* ---- one stack ---- */

static void cut_frames(struct editor *editor, struct text stack)
{
	editor->count = 0;
	for (struct text frame; folded_frame(&stack, &frame);) {
		editor->frames = mem_grow(editor->frames, &editor->capacity, editor->count + 1, sizeof *editor->frames);
		editor->frames[editor->count++] = intern(&editor->names, frame.at, frame.size);
	}
}

static bool matches(struct editor *editor, struct pattern *pattern, size_t frame)
{
	uint32_t number = editor->frames[frame];
	return pattern_matches(pattern, editor->names.names[number], number);
}

/* The first frame that matches; the count if there is none. */
static size_t find(struct editor *editor, struct pattern *pattern)
{
	size_t i = 0;
	while (i < editor->count && !matches(editor, pattern, i))
		i++;
	return i;
}

static bool is_picked(struct editor *editor)
{
	for (size_t i = 0; i < editor->keep.count; i++)
		if (find(editor, editor->keep.list[i]) == editor->count)
			return false;
	for (size_t i = 0; i < editor->drop.count; i++)
		if (find(editor, editor->drop.list[i]) < editor->count)
			return false;
	if (!editor->pattern)
		return true;
	return (find(editor, editor->pattern) < editor->count) != asked.invert;
}

static void rename_frames(struct editor *editor)
{
	for (size_t i = 0; i < editor->count; i++)
		for (size_t rule = 0; rule < editor->rename.count; rule++) {
			buffer_clear(&editor->renamed);
			pattern_rename(
				editor->rename.list[rule], editor->names.names[editor->frames[i]], &editor->renamed);
			for (size_t k = 0; k < editor->renamed.size; k++)
				if (editor->renamed.at[k] == ';' || editor->renamed.at[k] == '\n')
					editor->renamed.at[k] = ':';
			struct text name = buffer_text(&editor->renamed);
			editor->frames[i] = intern(&editor->names, name.at, name.size);
		}
}

static bool any_matches(struct editor *editor, const struct patterns *patterns, size_t frame)
{
	for (size_t i = 0; i < patterns->count; i++)
		if (matches(editor, patterns->list[i], frame))
			return true;
	return false;
}

static void hide_frames(struct editor *editor)
{
	size_t kept = 0;
	for (size_t i = 0; i < editor->count; i++)
		if (!any_matches(editor, &editor->hide, i) &&
			(!editor->show.count || any_matches(editor, &editor->show, i)))
			editor->frames[kept++] = editor->frames[i];
	editor->count = kept;
}

static void cut_roots(struct editor *editor, size_t frames)
{
	if (frames > editor->count)
		frames = editor->count;
	editor->count -= frames;
	if (frames)
		memmove(editor->frames, editor->frames + frames, editor->count * sizeof *editor->frames);
}

static bool focus(struct editor *editor)
{
	if (editor->focus) {
		size_t first = find(editor, editor->focus);
		if (first == editor->count)
			return false;
		cut_roots(editor, first);
	}
	if (editor->focus_inner) {
		size_t last = editor->count;
		while (last > 0 && !matches(editor, editor->focus_inner, last - 1))
			last--;
		if (last == 0)
			return false;
		cut_roots(editor, last - 1);
	}
	return true;
}

static void trim(struct editor *editor)
{
	if (editor->until) {
		size_t first = find(editor, editor->until);
		if (first < editor->count)
			editor->count = first + 1;
	}
	cut_roots(editor, (size_t)asked.trim_roots);
	editor->count -= (size_t)asked.trim_leaves < editor->count ? (size_t)asked.trim_leaves : editor->count;
	size_t kept = 0;
	for (size_t i = 0; asked.recursion && i < editor->count; i++)
		if (!kept || editor->frames[kept - 1] != editor->frames[i])
			editor->frames[kept++] = editor->frames[i];
	if (asked.recursion)
		editor->count = kept;
	if (asked.depth >= 0 && editor->count > (size_t)asked.depth)
		editor->count = (size_t)asked.depth;
}

/* ---- time ---- */

/* Cuts the line to the time window; false if nothing is left of it. */
static bool cut_time(struct editor *editor, struct folded_line *line)
{
	if (line->pair)
		die(EXIT_FAILED,
			"differential files (two counts a line) have no time: --from and --to need ordered input");
	struct text stack = line->stack, first = {"", 0};
	folded_frame(&stack, &first);
	uint32_t known = editor->threads.count, thread = intern(&editor->threads, first.at, first.size);
	editor->clocks = mem_grow(editor->clocks, &editor->clock_capacity, (size_t)thread + 1, sizeof *editor->clocks);
	if (thread == known)
		editor->clocks[thread] = 0;
	double start = editor->clocks[thread], stop = start + line->count;
	editor->clocks[thread] = stop;
	line->count = fmin(stop, editor->to) - fmax(start, editor->from);
	return line->count > 0;
}

static bool edit(struct folded_line *line, struct buffer *out, void *context)
{
	struct editor *editor = context;
	if (editor->timed && !cut_time(editor, line))
		return false;
	cut_frames(editor, line->stack);
	if (!is_picked(editor))
		return false;
	rename_frames(editor);
	hide_frames(editor);
	if (!focus(editor))
		return false;
	trim(editor);
	for (size_t i = 0; i < editor->count; i++) {
		struct text name = editor->names.names[editor->frames[i]];
		if (i)
			buffer_add_char(out, ';');
		buffer_add(out, name.at, name.size);
	}
	return true;
}

/* ---- output ---- */

/* The frame that the line's file is named after: the first one, or the first thread below a process. */
static struct text split_name(struct text stack)
{
	struct text frame, first = text_of("(no frame)");
	for (bool is_first = true; folded_frame(&stack, &frame); is_first = false) {
		if (is_first)
			first = frame;
		if (*asked.split != 't' || text_starts(frame, "thread") || text_starts(frame, "Thread"))
			return frame;
	}
	return first;
}

/* FOLDER/NAME.folded; what does not fit into a file's name becomes _. */
static char *split_path(struct text name)
{
	struct buffer path = {0};
	buffer_add_format(&path, "%s/", fold_asked.output);
	for (size_t i = 0; i < name.size && i < 100; i++) {
		char c = name.at[i];
		bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    strchr("-+.,=@", c);
		buffer_add_char(&path, fits && c && !(i == 0 && c == '.') ? c : '_');
	}
	buffer_add_string(&path, ".folded");
	return path.at;
}

/* The lines' numbers file by file, each file's in their order; *ends: by file, where its lines end. */
static size_t *gather(const uint32_t *file_of, size_t count, uint32_t file_count, size_t **ends)
{
	size_t *gathered = mem_zero(count + 1, sizeof *gathered), *next = mem_zero(file_count + 1, sizeof *next);
	for (size_t i = 0; i < count; i++)
		next[file_of[i] + 1]++;
	for (uint32_t file = 0; file < file_count; file++)
		next[file + 1] += next[file];
	for (size_t i = 0; i < count; i++)
		gathered[next[file_of[i]]++] = i;
	*ends = next;
	return gathered;
}

/* Names may become the same file's: those go on in it. */
static void write_split(const struct profile *profile)
{
	struct intern paths = {0};
	size_t count = profile_count(profile), *ends, at = 0;
	uint32_t *file_of = mem_zero(count + 1, sizeof *file_of);
	if (mkdir(fold_asked.output, 0777) != 0 && access(fold_asked.output, W_OK | X_OK) != 0)
		die(EXIT_FAILED, "%s: the folder cannot be made or written to", fold_asked.output);
	for (size_t i = 0; i < count; i++) {
		char *path = split_path(split_name(profile_line(profile, i).stack));
		file_of[i] = intern(&paths, path, strlen(path) + 1);
		free(path);
	}
	size_t *gathered = gather(file_of, count, paths.count, &ends);
	for (uint32_t file = 0; file < paths.count; file++) {
		struct sink sink;
		sink_open(&sink, paths.names[file].at);
		for (; at < ends[file]; at++) {
			struct profile_line line = profile_line(profile, gathered[at]);
			profile_write_line(&line, profile->pairs, &sink);
		}
		sink_close(&sink);
	}
	intern_free(&paths);
	free(file_of);
	free(gathered);
	free(ends);
}

static bool edits_frames(void)
{
	return asked.keep.count || asked.drop.count || asked.hide.count || asked.show.count || asked.rename.count ||
	       asked.focus || asked.focus_inner || asked.until || asked.trim_roots || asked.trim_leaves ||
	       asked.depth >= 0 || asked.recursion || asked.from || asked.to || asked.split;
}

static struct editor settle(const char *pattern)
{
	struct editor editor = {
		.keep = several("--keep", &asked.keep, false),
		.drop = several("--drop", &asked.drop, false),
		.hide = several("--hide", &asked.hide, false),
		.show = several("--show", &asked.show, false),
		.rename = several("--rename", &asked.rename, true),
		.pattern = one("the pattern", pattern),
		.focus = one("--focus", asked.focus),
		.focus_inner = one("--focus-inner", asked.focus_inner),
		.until = one("--until", asked.until),
		.from = parse_time("--from", asked.from, 0),
		.to = parse_time("--to", asked.to, INFINITY),
		.timed = asked.from || asked.to,
	};
	asked.ordered |= editor.timed;
	if (asked.split && !fold_asked.output)
		die(EXIT_USAGE, "--split needs a folder: -o FOLDER");
	return editor;
}

int main(int argc, char **argv)
{
	size_t count = opt_parse(&program, argc, argv);
	/* As with grep the first operand is the pattern, unless other options say what to do and it is a file. */
	const char *pattern = NULL;
	if (count && !(edits_frames() && !asked.invert && access(argv[0], R_OK) == 0)) {
		pattern = argv[0];
		argv++;
		count--;
	}
	if (!pattern && !edits_frames())
		die(EXIT_USAGE, "a pattern or an option that says what to pick is needed: see 'foldgrep --help'");
	struct editor editor = settle(pattern);
	struct profile profile = {.ordered = asked.ordered};
	struct profile_rules rules = {.edit = edit, .context = &editor, .skipped = {.strict = fold_asked.strict}};
	bool good = profile_read(&profile, argv, count, &rules);
	skipped_summary(&rules.skipped, "lines");
	profile_sort(&profile);
	if (asked.split) {
		write_split(&profile);
	} else {
		struct sink sink;
		sink_open(&sink, fold_asked.output);
		profile_write(&profile, &sink);
		sink_close(&sink);
	}
	return good ? EXIT_DONE : EXIT_FAILED;
}
