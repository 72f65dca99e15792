#include "convert/fold/gate.h"

#include <math.h>

#include "common/report.h"

_Noreturn static void refuse(const char *text)
{
	die(EXIT_USAGE, "--fail-if needs a condition such as 'self(work)>+5%%' or 'total(*)>20%%', not '%s'", text);
}

struct gate gate_parse(const char *text)
{
	struct gate gate = {.text = text};
	struct text whole = text_of(text);
	gate.total = text_starts(whole, "total(");
	if (!gate.total && !text_starts(whole, "self("))
		refuse(text);
	const char *name = strchr(text, '(') + 1, *close = name;
	for (const char *p = name; *p; p++)
		if (*p == ')' && (p[1] == '>' || p[1] == '<'))
			close = p;
	if (close == name)
		refuse(text);
	gate.name = (struct text){name, (size_t)(close - name)};
	gate.below = close[1] == '<';
	struct text limit = text_of(close + 2);
	gate.percent = text_ends(limit, "%");
	limit.size -= gate.percent;
	gate.relative = text_starts(limit, "+") || text_starts(limit, "-");
	if (text_starts(limit, "+"))
		limit = (struct text){limit.at + 1, limit.size - 1};
	if (!text_number(limit, true, &gate.limit))
		refuse(text);
	return gate;
}

static double weight_of(const struct gate *gate, const struct function *function)
{
	return gate->total ? function->total : function->self;
}

/* True if the two shares differ by more than chance makes them differ. */
static bool is_sure(double old, double old_sum, double new, double new_sum, double noise)
{
	if (!(old_sum > 0) || !(new_sum > 0))
		return true;
	double p = old / old_sum, q = new / new_sum;
	double error = sqrt(p * fmax(0, 1 - p) / old_sum + q * fmax(0, 1 - q) / new_sum);
	return fabs(q - p) > noise * error;
}

static bool breaks(
	const struct gate *gate, struct functions *before, struct functions *after, struct text name, double noise)
{
	double old = weight_of(gate, functions_find(before, name)), new = weight_of(gate, functions_find(after, name));
	double old_value = old, new_value = new;
	if (gate->percent) {
		old_value = before->sum > 0 ? 100 * old / before->sum : 0;
		new_value = after->sum > 0 ? 100 * new / after->sum : 0;
	}
	double value = gate->relative ? new_value - old_value : new_value;
	if (gate->below ? value >= gate->limit : value <= gate->limit)
		return false;
	if (gate->relative && !is_sure(old, before->sum, new, after->sum, noise))
		return false;
	report_error("%s: %s(%.*s) was %.6g%s, is %.6g%s", gate->text, gate->total ? "total" : "self", (int)name.size,
		name.at, old_value, gate->percent ? "%" : "", new_value, gate->percent ? "%" : "");
	return true;
}

size_t gate_check(const struct gate *gate, struct functions *before, struct functions *after, double noise)
{
	if (!text_is(gate->name, "*"))
		return breaks(gate, before, after, gate->name, noise);
	size_t broken = 0;
	uint32_t old_count = before->names.count, new_count = after->names.count;
	for (uint32_t i = 0; i < new_count; i++)
		broken += breaks(gate, before, after, after->names.names[i], noise);
	for (uint32_t i = 0; gate->below && i < old_count; i++) /* those that are gone */
		if (functions_find(after, before->names.names[i])->total == 0)
			broken += breaks(gate, before, after, before->names.names[i], noise);
	return broken;
}
