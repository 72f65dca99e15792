#include "convert/fold/check.h"

#include "common/frame_parts.h"
#include "common/report.h"
#include "convert/fold/functions.h"

static struct text function_of(struct text frame)
{
	return frame_parts(frame).function;
}

static bool check_name(const struct gate *gate, struct functions *functions, struct text name, double noise)
{
	struct function function = *functions_find(functions, name);
	struct profile_weights weight = gate->total ? function.total : function.self;
	struct gate_weights weights = {weight.old, functions->sum.old, weight.count, functions->sum.count};
	struct buffer line = {0};
	bool holds = gate_holds(gate, name, &weights, noise, &line);
	if (holds)
		report_error("%.*s", (int)line.size - 1, line.at);
	buffer_free(&line);
	return holds;
}

/* All functions of the new profile and, for less than a limit, those that are gone. */
static size_t check_all(const struct gate *gate, struct functions *functions, double noise)
{
	size_t held = 0;
	for (uint32_t i = 0, count = functions->names.count; i < count; i++)
		if (gate->below || functions->table[i].total.count > 0)
			held += check_name(gate, functions, functions->names.names[i], noise);
	return held;
}

static bool is_there(struct functions *functions, struct text name)
{
	const struct function *function = functions_find(functions, name);
	return function->total.old > 0 || function->total.count > 0;
}

size_t check_profile(const struct gate *gates, size_t gate_count, const struct profile *profile, double noise)
{
	struct functions frames = {0}, functions = {0};
	size_t held = 0;
	for (size_t i = 0; i < profile_count(profile); i++) {
		struct profile_line line = profile_line(profile, i);
		functions_add(&frames, &line, NULL);
		functions_add(&functions, &line, function_of);
	}
	for (size_t i = 0; i < gate_count; i++) {
		const struct gate *gate = &gates[i];
		if (text_is(gate->name, "*"))
			held += check_all(gate, &functions, noise);
		else
			held += check_name(
				gate, is_there(&frames, gate->name) ? &frames : &functions, gate->name, noise);
	}
	functions_free(&frames);
	functions_free(&functions);
	return held;
}
