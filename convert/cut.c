#include "convert/cut.h"

static void pass(struct text *rest, size_t size)
{
	rest->at += size;
	rest->size -= size;
}

size_t cut_blanks(struct text *rest)
{
	size_t count = 0;
	while (count < rest->size && (rest->at[count] == ' ' || rest->at[count] == '\t'))
		count++;
	pass(rest, count);
	return count;
}

bool cut_start(struct text *rest, const char *start)
{
	if (!text_starts(*rest, start))
		return false;
	pass(rest, strlen(start));
	return true;
}

bool cut_integer(struct text *rest, uint64_t *value)
{
	size_t digits = 0;
	while (digits < rest->size && rest->at[digits] >= '0' && rest->at[digits] <= '9')
		digits++;
	if (!text_integer((struct text){rest->at, digits}, value))
		return false;
	pass(rest, digits);
	return true;
}

bool cut_until(struct text *rest, const char *stop, struct text *part)
{
	const char *at = text_find(*rest, stop);
	if (!at)
		return false;
	*part = (struct text){rest->at, (size_t)(at - rest->at)};
	pass(rest, part->size + strlen(stop));
	return true;
}

struct text cut_word(struct text *rest)
{
	cut_blanks(rest);
	struct text word = {rest->at, 0};
	while (word.size < rest->size && word.at[word.size] != ' ' && word.at[word.size] != '\t')
		word.size++;
	pass(rest, word.size);
	cut_blanks(rest);
	return word;
}

struct text text_before(struct text text, char c)
{
	const char *stop = text.size ? memchr(text.at, c, text.size) : NULL;
	return stop ? (struct text){text.at, (size_t)(stop - text.at)} : text;
}
