#include "render/report/condition.h"

#include "common/report.h"

_Noreturn static void refuse(const char *text)
{
	die(EXIT_USAGE, "--fail-if needs a condition such as 'self(work)>+5%%' or 'total(*)>20%%', not '%s'", text);
}

/* "+5%", "20%", "-100" */
static bool parse_limit(struct condition *condition, struct text limit)
{
	condition->percent = text_ends(limit, "%");
	limit.size -= condition->percent;
	condition->relative = text_starts(limit, "+") || text_starts(limit, "-");
	if (text_starts(limit, "+"))
		limit = (struct text){limit.at + 1, limit.size - 1};
	return text_number(limit, true, &condition->limit);
}

struct condition condition_parse(const char *text)
{
	struct condition condition = {.text = text};
	struct text whole = text_of(text);
	condition.total = text_starts(whole, "total(");
	if (!condition.total && !text_starts(whole, "self("))
		refuse(text);
	const char *name = strchr(text, '(') + 1, *close = name;
	for (const char *p = name; *p; p++)
		if (*p == ')' && (p[1] == '>' || p[1] == '<'))
			close = p;
	if (close == name)
		refuse(text);
	condition.name = (struct text){name, (size_t)(close - name)};
	condition.below = close[1] == '<';
	if (!parse_limit(&condition, text_of(close + 2)))
		refuse(text);
	return condition;
}

/* True if `asked` is "*", the function's name, or "name (file)". */
static bool is_meant(struct text asked, const struct function *function)
{
	if (text_is(asked, "*") || text_compare(asked, function->name) == 0)
		return true;
	size_t size = function->name.size;
	return asked.size == size + function->file.size + 3 && memcmp(asked.at, function->name.at, size) == 0 &&
	       memcmp(asked.at + size, " (", 2) == 0 &&
	       memcmp(asked.at + size + 2, function->file.at, function->file.size) == 0 &&
	       asked.at[asked.size - 1] == ')';
}

static double value_of(const struct condition *condition, double weight, double sum)
{
	if (!condition->percent)
		return weight;
	return sum > 0 ? 100 * weight / sum : 0;
}

static void check_function(const struct condition *condition, const struct functions *functions,
	const struct function *function, double noise, struct buffer *out)
{
	double old = condition->total ? function->old_total : function->old_self;
	double now = condition->total ? function->total : function->self;
	double old_value = value_of(condition, old, functions->old_sum);
	double new_value = value_of(condition, now, functions->sum);
	double value = condition->relative ? new_value - old_value : new_value;
	if (condition->below ? value >= condition->limit : value <= condition->limit)
		return;
	if (condition->relative && !change_is_sure(old, functions->old_sum, now, functions->sum, noise))
		return;
	const char *unit = condition->percent ? "%" : "";
	buffer_add_format(out, "%s: %s(", condition->text, condition->total ? "total" : "self");
	buffer_add(out, function->name.at, function->name.size);
	buffer_add_string(out, ") ");
	if (functions->old_sum > 0)
		buffer_add_format(out, "was %.6g%s, ", old_value, unit);
	buffer_add_format(out, "is %.6g%s\n", new_value, unit);
}

void condition_check(
	const struct condition *condition, const struct functions *functions, double noise, struct buffer *out)
{
	if (condition->relative && !(functions->old_sum > 0))
		return;
	bool met = text_is(condition->name, "*");
	for (size_t i = 0; i < functions->count; i++) {
		if (!is_meant(condition->name, &functions->items[i]))
			continue;
		check_function(condition, functions, &functions->items[i], noise, out);
		met = true;
	}
	struct function absent = {.name = condition->name};
	if (!met)
		check_function(condition, functions, &absent, noise, out);
}
