#include "convert/csv.h"

static void take(struct text *line, size_t size)
{
	line->at += size;
	line->size -= size;
}

/* What follows the opening quote, up to the closing one. */
static void take_quoted(struct text *line, struct buffer *out)
{
	while (line->size) {
		char c = *line->at;
		take(line, 1);
		if (c == '"') {
			if (!line->size || *line->at != '"')
				return;
			take(line, 1);
		}
		buffer_add_char(out, c);
	}
}

bool csv_field(struct text *line, struct buffer *out, struct text *field, size_t *blanks)
{
	if (!line->at)
		return false;
	for (*blanks = 0; line->size && *line->at == ' '; (*blanks)++)
		take(line, 1);
	buffer_clear(out);
	bool quoted = line->size && *line->at == '"';
	if (quoted) {
		take(line, 1);
		take_quoted(line, out);
	}
	const char *comma = memchr(line->at, ',', line->size);
	size_t size = comma ? (size_t)(comma - line->at) : line->size;
	*field = quoted ? buffer_text(out) : (struct text){line->at, size};
	if (comma)
		take(line, size + 1);
	else
		line->at = NULL; /* that was the last one */
	return true;
}

int csv_column(struct text heading_line, const char *heading)
{
	struct buffer buffer = {0};
	struct text field;
	size_t blanks;
	int column = 0, found = -1;
	for (; found < 0 && csv_field(&heading_line, &buffer, &field, &blanks); column++)
		if (text_is(text_trim(field), heading))
			found = column;
	buffer_free(&buffer);
	return found;
}
