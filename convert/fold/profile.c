#include "convert/fold/profile.h"

static void read_line(struct profile *profile, struct profile_rules *rules, const struct chunk *chunk, struct text text,
	struct buffer *edited)
{
	struct folded_line line;
	if (folded_is_blank(text))
		return;
	if (!folded_parse(text, false, &line)) {
		skip_record(&rules->skipped, chunk, text.at, "not a folded line: '%.*s'",
			text.size < 60 ? (int)text.size : 60, text.at);
		return;
	}
	if (rules->edit) {
		buffer_clear(edited);
		if (!rules->edit(&line, edited, rules->context))
			return;
		line.stack = buffer_text(edited);
	}
	profile->total += line.count;
	folded_lines_add(&profile->lines, &line);
}

bool profile_read(struct profile *profile, char *const *paths, size_t count, struct profile_rules *rules)
{
	struct source *source = source_open(paths, count);
	struct chunk chunk = {0};
	struct buffer edited = {0};
	while (source_chunk(source, source_cut_lines, &chunk)) {
		const char *at = chunk.data, *end = chunk.data + chunk.size;
		for (struct text line; next_line(&at, end, &line);)
			read_line(profile, rules, &chunk, line, &edited);
	}
	chunk_free(&chunk);
	buffer_free(&edited);
	return source_close(source);
}

void profile_sum(struct profile *profile)
{
	struct folded_lines *lines = &profile->lines;
	size_t kept = 0;
	folded_lines_sort(lines);
	for (size_t i = 0; i < lines->count; i++) {
		if (kept && text_compare(lines->lines[kept - 1].stack, lines->lines[i].stack) == 0)
			lines->lines[kept - 1].count += lines->lines[i].count;
		else
			lines->lines[kept++] = lines->lines[i];
	}
	lines->count = kept;
}

void profile_write(const struct profile *profile, struct sink *sink)
{
	for (size_t i = 0; i < profile->lines.count; i++) {
		const struct folded_line *line = &profile->lines.lines[i];
		sink_write(sink, line->stack.at, line->stack.size);
		sink_char(sink, ' ');
		sink_number(sink, line->count);
		sink_char(sink, '\n');
	}
}

void profile_free(struct profile *profile)
{
	folded_lines_free(&profile->lines);
	*profile = (struct profile){0};
}
