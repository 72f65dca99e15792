#include "render/report/condition.h"

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

static void check_function(const struct gate *gate, const struct functions *functions, const struct function *function,
	double noise, struct buffer *out)
{
	struct gate_weights weights = {gate->total ? function->old_total : function->old_self, functions->old_sum,
		gate->total ? function->total : function->self, functions->sum};
	struct buffer name = {0};
	buffer_add(&name, function->name.at, function->name.size);
	if (function->file.size)
		buffer_add_format(&name, " (%.*s)", (int)function->file.size, function->file.at);
	gate_holds(gate, buffer_text(&name), &weights, noise, out);
	buffer_free(&name);
}

void condition_check(const struct gate *gate, const struct functions *functions, double noise, struct buffer *out)
{
	if (gate->relative && !(functions->old_sum > 0))
		return;
	bool met = text_is(gate->name, "*");
	for (size_t i = 0; i < functions->count; i++) {
		if (!is_meant(gate->name, &functions->items[i]))
			continue;
		check_function(gate, functions, &functions->items[i], noise, out);
		met = true;
	}
	struct function absent = {.name = gate->name};
	if (!met)
		check_function(gate, functions, &absent, noise, out);
}
