#include "convert/fold/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

struct pattern {
	pcre2_code *code;
	pcre2_match_data *match;
	struct buffer replacement; /* in PCRE2's form */
	bool everywhere;           /* rename: all matches, not only the first */
	char *answers;             /* by number of name: 0 not asked, 1 no, 2 yes */
	size_t count;
};

static struct pattern *compile(const char *option, struct text expression, bool ignore_case, bool fixed)
{
	struct pattern *pattern = mem_zero(1, sizeof *pattern);
	int error;
	PCRE2_SIZE place;
	uint32_t flags =
		PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | (ignore_case ? PCRE2_CASELESS : 0) | (fixed ? PCRE2_LITERAL : 0);
	pattern->code = pcre2_compile((PCRE2_SPTR)expression.at, expression.size, flags, &error, &place, NULL);
	if (!pattern->code) {
		PCRE2_UCHAR why[200];
		pcre2_get_error_message(error, why, sizeof why);
		die(EXIT_USAGE, "%s '%.*s': %s (at character %zu)", option, (int)expression.size, expression.at,
			(const char *)why, (size_t)place + 1);
	}
	pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE); /* where it cannot, matching is only slower */
	pattern->match = pcre2_match_data_create_from_pattern(pattern->code, NULL);
	if (!pattern->match)
		die(EXIT_FAILED, "out of memory");
	return pattern;
}

struct pattern *pattern_new(const char *option, const char *expression, bool ignore_case, bool fixed)
{
	return compile(option, text_of(expression), ignore_case, fixed);
}

/* The end of the part that starts at `at`: the next separator that no backslash stands before, or the string's end. */
static const char *part_end(const char *at, char separator)
{
	while (*at && *at != separator)
		at += *at == '\\' && at[1] ? 2 : 1;
	return at;
}

struct pattern *pattern_new_rename(const char *option, const char *rule)
{
	char separator = rule[0] == 's' ? rule[1] : '\0';
	const char *middle = separator ? part_end(rule + 2, separator) : rule;
	const char *end = *middle ? part_end(middle + 1, separator) : middle;
	if (!separator || !*end || strspn(end + 1, "gi") != strlen(end + 1))
		die(EXIT_USAGE, "%s needs a rule such as s/_test$// or s/(a|b)_old/$1/g, not '%s'", option, rule);
	struct text expression = {rule + 2, (size_t)(middle - rule - 2)};
	struct pattern *pattern = compile(option, expression, strchr(end + 1, 'i') != NULL, false);
	pattern->everywhere = strchr(end + 1, 'g') != NULL;
	for (const char *p = middle + 1; p < end; p++) {
		if (*p == '\\' && p[1] >= '0' && p[1] <= '9')
			buffer_add_format(&pattern->replacement, "${%c}", *++p);
		else if (*p == '\\' && p + 1 < end)
			buffer_add_char(&pattern->replacement, *++p);
		else
			buffer_add_char(&pattern->replacement, *p);
	}
	return pattern;
}

void pattern_free(struct pattern *pattern)
{
	pcre2_match_data_free(pattern->match);
	pcre2_code_free(pattern->code);
	buffer_free(&pattern->replacement);
	free(pattern->answers);
	free(pattern);
}

bool pattern_matches(struct pattern *pattern, struct text name, uint32_t number)
{
	size_t before = pattern->count;
	if (number >= pattern->count) {
		pattern->answers = mem_grow(pattern->answers, &pattern->count, (size_t)number + 1, 1);
		memset(pattern->answers + before, 0, pattern->count - before);
	}
	char *answer = &pattern->answers[number];
	if (!*answer) {
		int result = pcre2_match(pattern->code, (PCRE2_SPTR)name.at, name.size, 0, 0, pattern->match, NULL);
		*answer = result >= 0 ? 2 : 1;
	}
	return *answer == 2;
}

void pattern_rename(struct pattern *pattern, struct text name, struct buffer *out)
{
	PCRE2_SIZE size = name.size * 2 + pattern->replacement.size + 64;
	struct text replacement = buffer_text(&pattern->replacement);
	uint32_t flags = PCRE2_SUBSTITUTE_OVERFLOW_LENGTH | PCRE2_SUBSTITUTE_UNSET_EMPTY |
			 PCRE2_SUBSTITUTE_UNKNOWN_UNSET | (pattern->everywhere ? PCRE2_SUBSTITUTE_GLOBAL : 0);
	for (int attempt = 0; attempt < 2; attempt++) {
		PCRE2_SIZE written = size;
		PCRE2_UCHAR *result = mem_alloc(size);
		int count = pcre2_substitute(pattern->code, (PCRE2_SPTR)name.at, name.size, 0, flags, pattern->match,
			NULL, (PCRE2_SPTR)replacement.at, replacement.size, result, &written);
		if (count >= 0)
			buffer_add(out, result, written);
		free(result);
		if (count >= 0)
			return;
		if (count != PCRE2_ERROR_NOMEMORY)
			break;
		size = written;
	}
	buffer_add(out, name.at, name.size); /* it cannot be matched: it stays */
}
