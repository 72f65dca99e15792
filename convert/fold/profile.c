#include "convert/fold/profile.h"

#include <stdlib.h>

#include "common/report.h"
#include "common/text_sort.h"

/* So many lines ahead memory is asked for. */
enum { AHEAD = 8 };

/* Its number. As long as the stacks come in their order, none has to be looked up. */
static uint32_t number_of(struct profile *profile, struct text stack)
{
	uint32_t count = profile->stacks.count;
	int order = !count ? 1 : profile->unsorted ? -1 : text_compare(stack, profile->stacks.names[count - 1]);
	if (order == 0)
		return count - 1;
	if (order > 0)
		return intern_new(&profile->stacks, stack.at, stack.size);
	profile->unsorted = true;
	return intern(&profile->stacks, stack.at, stack.size);
}

static void add_line(struct profile *profile, struct text stack, struct profile_weights weights)
{
	uint32_t known = profile->stacks.count, number = number_of(profile, stack);
	profile->weights =
		mem_grow(profile->weights, &profile->capacity, profile->stacks.count, sizeof *profile->weights);
	if (number == known)
		profile->weights[number] = (struct profile_weights){0};
	profile->weights[number].count += weights.count;
	profile->weights[number].old += weights.old;
	profile->total += weights.count;
	profile->old_total += weights.old;
	if (!profile->ordered)
		return;
	profile->steps =
		mem_grow(profile->steps, &profile->step_capacity, profile->step_count + 1, sizeof *profile->steps);
	profile->steps[profile->step_count++] = (struct profile_step){number, weights};
}

struct reader {
	struct profile *profile;
	struct profile_rules *rules;
	struct buffer edited;
	bool pairs;   /* the file is differential */
	bool refused; /* it is left out */
	bool failed;
};

static void read_line(struct reader *reader, const struct chunk *chunk, struct text text)
{
	struct folded_line line;
	if (folded_is_blank(text))
		return;
	if (!folded_parse(text, reader->pairs, &line)) {
		skip_record(&reader->rules->skipped, chunk, text.at, "not a folded line: '%.*s'",
			text.size < 60 ? (int)text.size : 60, text.at);
		return;
	}
	if (reader->rules->edit) {
		buffer_clear(&reader->edited);
		if (!reader->rules->edit(&line, &reader->edited, reader->rules->context))
			return;
		line.stack = buffer_text(&reader->edited);
	}
	struct profile_weights weights = {line.count, line.pair ? line.old : 0};
	if (reader->rules->side == PROFILE_OLD)
		weights = (struct profile_weights){0, line.count};
	add_line(reader->profile, line.stack, weights);
}

/* A file whose dialect differs from that of the others has no sum with them. */
static void begin_file(struct reader *reader, const struct chunk *chunk)
{
	struct profile *profile = reader->profile;
	int dialect = folded_dialect((struct text){chunk->data, chunk->size});
	reader->pairs = dialect == FOLDED_PAIRS;
	reader->refused = false;
	if (dialect == FOLDED_EMPTY)
		return;
	if (reader->rules->side != PROFILE_ALONE) {
		reader->refused = reader->pairs;
		profile->pairs = true;
	} else {
		reader->refused = profile->decided && profile->pairs != reader->pairs;
		profile->pairs = profile->decided ? profile->pairs : reader->pairs;
	}
	profile->decided = true;
	reader->failed |= reader->refused;
	if (reader->refused)
		report_error("%s: %s", chunk->file,
			reader->rules->side != PROFILE_ALONE
				? "it is differential (two counts a line): give the profiles that it was made from"
			: reader->pairs ? "it is differential (two counts a line), files before it are not: left out"
					: "it has one count a line, files before it are differential: left out");
}

bool profile_read(struct profile *profile, char *const *paths, size_t count, struct profile_rules *rules)
{
	struct source *source = source_open(paths, count);
	struct chunk chunk = {0};
	struct reader reader = {.profile = profile, .rules = rules};
	while (source_chunk(source, source_cut_lines, &chunk)) {
		const char *at = chunk.data, *end = chunk.data + chunk.size;
		if (chunk.first)
			begin_file(&reader, &chunk);
		if (reader.refused)
			continue;
		for (struct text line; next_line(&at, end, &line);)
			read_line(&reader, &chunk, line);
	}
	chunk_free(&chunk);
	buffer_free(&reader.edited);
	return source_close(source) && !reader.failed;
}

void profile_sort(struct profile *profile)
{
	if (!profile->ordered && profile->unsorted)
		profile->order = texts_order(profile->stacks.names, profile->stacks.count);
}

size_t profile_count(const struct profile *profile)
{
	return profile->ordered ? profile->step_count : profile->stacks.count;
}

struct profile_line profile_line(const struct profile *profile, size_t number)
{
	uint32_t stack = profile->ordered ? profile->steps[number].stack
			 : profile->order ? profile->order[number]
					  : (uint32_t)number;
	struct profile_weights weights = profile->ordered ? profile->steps[number].weights : profile->weights[stack];
	return (struct profile_line){profile->stacks.names[stack], weights.count, weights.old};
}

void profile_write_line(const struct profile_line *line, bool pairs, struct sink *sink)
{
	sink_write(sink, line->stack.at, line->stack.size);
	if (pairs) {
		sink_char(sink, ' ');
		sink_number(sink, line->old);
	}
	sink_char(sink, ' ');
	sink_number(sink, line->count);
	sink_char(sink, '\n');
}

void profile_write(const struct profile *profile, struct sink *sink)
{
	size_t count = profile_count(profile);
	for (size_t i = 0; i < count; i++) {
		struct profile_line line = profile_line(profile, i);
		if (i + AHEAD < count)
			text_prefetch(profile_line(profile, i + AHEAD).stack);
		profile_write_line(&line, profile->pairs, sink);
	}
}

void profile_free(struct profile *profile)
{
	intern_free(&profile->stacks);
	free(profile->weights);
	free(profile->steps);
	free(profile->order);
	*profile = (struct profile){0};
}
