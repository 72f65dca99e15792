#include "common/gate.h"

#include <math.h>

#include "common/report.h"

_Noreturn static void refuse(const char *text)
{
	die(EXIT_USAGE, "--fail-if needs a condition such as 'self(work)>+5%%' or 'self(*)>20%%', not '%s'", text);
}

/* "+5%", "20%", "-100" */
static bool parse_limit(struct gate *gate, struct text limit)
{
	gate->percent = text_ends(limit, "%");
	limit.size -= gate->percent;
	gate->relative = text_starts(limit, "+") || text_starts(limit, "-");
	if (text_starts(limit, "+"))
		limit = (struct text){limit.at + 1, limit.size - 1};
	return text_number(limit, true, &gate->limit);
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
	if (!parse_limit(&gate, text_of(close + 2)))
		refuse(text);
	return gate;
}

bool gate_is_sure(const struct gate_weights *weights, double noise)
{
	if (!(weights->old_sum > 0) || !(weights->new_sum > 0))
		return true;
	double p = weights->old / weights->old_sum, q = weights->new / weights->new_sum;
	double error = sqrt(p * fmax(0, 1 - p) / weights->old_sum + q * fmax(0, 1 - q) / weights->new_sum);
	return fabs(q - p) > noise * error;
}

static double value_of(const struct gate *gate, double weight, double sum)
{
	if (!gate->percent)
		return weight;
	return sum > 0 ? 100 * weight / sum : 0;
}

bool gate_holds(
	const struct gate *gate, struct text name, const struct gate_weights *weights, double noise, struct buffer *out)
{
	double old = value_of(gate, weights->old, weights->old_sum),
	       new = value_of(gate, weights->new, weights->new_sum);
	double value = gate->relative ? new - old : new;
	if (gate->below ? value >= gate->limit : value <= gate->limit)
		return false;
	if (gate->relative && !gate_is_sure(weights, noise))
		return false;
	buffer_add_format(out, "%s: %s(", gate->text, gate->total ? "total" : "self");
	buffer_add(out, name.at, name.size);
	buffer_add_string(out, ") ");
	if (weights->old_sum > 0)
		buffer_add_format(out, gate->percent ? "was %.4g%%, " : "was %.15g, ", old);
	buffer_add_format(out, gate->percent ? "is %.4g%%\n" : "is %.15g\n", new);
	return true;
}
