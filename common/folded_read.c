#include <stdlib.h>

#include "common/folded.h"
#include "common/folded_guess.h"
#include "common/folded_lines.h"
#include "common/folded_path.h"
#include "common/mem.h"

struct reader {
	struct folded_path path;
	struct folded_rules *rules;
	struct buffer kept; /* holds the last stack when it does not stand in the chunk any more */
	bool pairs;         /* this file has two counts a line */
	struct buffer edited, turned;
	struct folded_lines *lines; /* where lines are kept for sorting; NULL: they go into the table at once */
	bool stay;                  /* lines stay where they are read */
};

/* So many lines ahead memory is asked for. */
enum { AHEAD = 8 };
/* So many bytes are kept for sorting at most. */
enum { MOST_KEPT = 1 << 30 };

/* "a;b;c" -> "c;b;a" */
static struct text turn_round(struct text stack, struct buffer *out)
{
	buffer_clear(out);
	size_t end = stack.size;
	while (stack.size) {
		const char *semicolon = memrchr(stack.at, ';', end);
		size_t start = semicolon ? (size_t)(semicolon - stack.at) + 1 : 0;
		if (end != stack.size)
			buffer_add_char(out, ';');
		buffer_add(out, stack.at + start, end - start);
		if (!start)
			break;
		end = start - 1;
	}
	return buffer_text(out);
}

static const struct text none = {"", 0};

/* Too much to be kept for sorting: what was kept goes into the table, and so will the rest. */
static void stop_keeping(struct reader *reader)
{
	struct folded_lines *kept = reader->lines;
	reader->lines = NULL;
	for (size_t i = 0; i < kept->count; i++) {
		struct folded_line line = folded_lines_get(kept, i);
		folded_path_add(&reader->path, line.stack, folded_path_shared(&reader->path, line.stack), &line);
	}
	folded_path_move(&reader->path, none);
	folded_lines_free(kept);
}

/* shared: so many bytes of the line are those of the stack before. */
static bool add_line(struct reader *reader, const struct folded_line *line, size_t shared)
{
	struct folded_rules *rules = reader->rules;
	struct text stack = line->stack;
	if (rules->edit) {
		buffer_clear(&reader->edited);
		if (!rules->edit(stack, &reader->edited, rules->context))
			return true;
		stack = folded_trim(buffer_text(&reader->edited));
	}
	if (rules->reverse)
		stack = turn_round(stack, &reader->turned);
	if (reader->lines && reader->lines->size > MOST_KEPT)
		stop_keeping(reader);
	if (reader->lines) {
		struct folded_line kept = *line;
		kept.stack = stack;
		if (reader->stay)
			folded_lines_add(reader->lines, &kept);
		else
			folded_lines_add_copy(reader->lines, &kept);
		return true;
	}
	if (!rules->reverse && !rules->edit)
		return folded_path_add(&reader->path, stack, shared < stack.size ? shared : stack.size, line);
	bool good = folded_path_add(&reader->path, stack, 0, line);
	folded_path_move(&reader->path, none); /* it stands in a buffer that the next one overwrites */
	return good;
}

static struct text copy_text(struct text text, struct buffer *to)
{
	buffer_clear(to);
	buffer_add(to, text.at, text.size);
	return buffer_text(to);
}

static bool read_chunk(struct reader *reader, const struct chunk *chunk)
{
	const char *at = chunk->data, *end = chunk->data + chunk->size;
	struct text text;
	if (chunk->first)
		reader->pairs =
			reader->rules->pairs && folded_dialect((struct text){chunk->data, chunk->size}) == FOLDED_PAIRS;
	while (at < end) {
		struct folded_line line;
		size_t shared = folded_path_shared(&reader->path, (struct text){at, (size_t)(end - at)});
		next_line_behind(&at, end, shared, &text);
		if (text.size == 0 || (text.at[0] == '#' && folded_is_blank(text)))
			continue;
		if (folded_parse(text, reader->pairs, &line)) {
			if (!add_line(reader, &line, shared))
				return false;
		} else if (!folded_is_blank(text)) {
			skip_record(&reader->rules->skipped, chunk, text.at,
				"not a line of folded text (frame;frame COUNT): skipped");
		}
	}
	folded_path_move(&reader->path, copy_text(reader->path.last, &reader->kept));
	return true;
}

/* False if it expected more than there was. */
static bool end_reader(struct reader *reader)
{
	bool good = folded_path_end(&reader->path);
	buffer_free(&reader->kept);
	buffer_free(&reader->edited);
	buffer_free(&reader->turned);
	return good;
}

/* Reads all that is left; the reader is done then. */
static bool read_chunks(struct reader *reader, struct source *source)
{
	struct chunk chunk = {0};
	bool complete = true;
	while (complete && source_chunk(source, source_cut_lines, &chunk))
		complete = read_chunk(reader, &chunk);
	complete &= end_reader(reader);
	chunk_free(&chunk);
	return complete;
}

/* Reads all lines into the table: they are expected to come in that order, and to have that sum at least. False if it
 * is not so. */
static bool read_all(struct source *source, struct stacks *stacks, struct folded_rules *rules, enum folded_order order,
	double prune, double sum)
{
	struct reader reader = {.rules = rules};
	folded_path_start(&reader.path, stacks, order, prune, sum);
	return read_chunks(&reader, source);
}

/* Keeps the lines, as long as they are not too much; what is too much goes into the table. */
static void keep_all(
	struct source *source, struct stacks *stacks, struct folded_rules *rules, struct folded_lines *lines)
{
	struct reader reader = {.rules = rules, .lines = lines};
	struct chunk map;
	reader.stay = !rules->edit && !rules->reverse && source_map(source, &map);
	folded_path_start(&reader.path, stacks, FOLDED_ANY, 0, 0);
	if (!reader.stay) {
		read_chunks(&reader, source);
		return;
	}
	read_chunk(&reader, &map);
	end_reader(&reader);
}

/* Adds the lines in their order; false if it is none. Each is copied first, as the one before was: what lies in a
 * mapped file may be written by others meanwhile, but the path must see the same twice. */
static bool add_sorted_lines(struct stacks *stacks, const struct folded_rules *rules, const struct folded_lines *lines)
{
	const struct light_run *light = lines->light.list, *end = light + lines->light.count;
	struct folded_path path;
	struct buffer copies[2] = {0};
	bool complete = true;
	folded_path_start(&path, stacks, FOLDED_SORTED, rules->prune, lines->sum * (1 - 1e-9));
	for (size_t i = 0, turn = 0; complete && i < lines->count; turn ^= 1) {
		struct folded_line line = folded_lines_get(lines, i);
		line.stack = copy_text(line.stack, &copies[turn]);
		size_t common = folded_path_shared(&path, line.stack);
		folded_lines_prefetch(lines, i + AHEAD); /* they lie all over the memory */
		if (light < end && light->start == i) {
			complete = folded_path_add_light(&path, line.stack, common, light->shared,
				folded_lines_frames(lines, light), light->weight);
			i = light++->end;
		} else {
			complete = folded_path_add(&path, line.stack, common, &line);
			i++;
		}
	}
	folded_path_end(&path);
	buffer_free(&copies[0]);
	buffer_free(&copies[1]);
	return complete;
}

/* Adds them whatever their order is. */
static void add_all_lines(struct stacks *stacks, const struct folded_lines *lines)
{
	struct folded_path path;
	folded_path_start(&path, stacks, FOLDED_ANY, 0, 0);
	for (size_t i = 0; i < lines->count; i++) {
		struct folded_line line = folded_lines_get(lines, i);
		folded_path_add(&path, line.stack, folded_path_shared(&path, line.stack), &line);
	}
	folded_path_end(&path);
}

/* Adds lines that were kept: sorted, and dropping what will be too narrow. */
static void add_kept(struct stacks *stacks, struct folded_rules *rules, struct folded_lines *lines)
{
	folded_lines_sort(lines, rules->prune);
	if (!add_sorted_lines(stacks, rules, lines)) {
		stacks_clear(stacks); /* bytes of 0 in names do not sort as they should */
		add_all_lines(stacks, lines);
	}
	folded_lines_free(lines);
}

void folded_read(struct source *source, struct stacks *stacks, struct folded_rules *rules)
{
	bool in_order = rules->in_order || stacks->ordered;
	bool as_it_is = !rules->edit && !rules->reverse && !in_order && stacks->count == 1;
	unsigned long skipped = rules->skipped.count;
	struct folded_lines lines = {0};
	if (in_order) {
		read_all(source, stacks, rules, FOLDED_ANY, 0, 0);
		return;
	}
	if (as_it_is && source_can_rewind(source)) {
		if (read_all(source, stacks, rules, FOLDED_SORTED, rules->prune, folded_guess_sum(source)))
			return;
		stacks_clear(stacks);
		rules->skipped.said = rules->skipped.count;
		rules->skipped.count = skipped;
		source_rewind(source);
	} else if (!(rules->prune > 0)) {
		read_all(source, stacks, rules, as_it_is ? FOLDED_SORTED_SO_FAR : FOLDED_ANY, 0, 0);
		return;
	}
	keep_all(source, stacks, rules, &lines);
	if (lines.count)
		add_kept(stacks, rules, &lines);
}
