#include "convert/fold/check.h"

#include "common/frame_parts.h"
#include "common/report.h"
#include "convert/fold/functions.h"

static struct text function_of(struct text frame)
{
	return frame_parts(frame).function;
}

/* What frames, or functions, weigh in both profiles. */
struct tables {
	struct functions old, new;
};

static void count(struct functions *functions, const struct profile *profile, function_name *name_of)
{
	for (size_t i = 0; i < profile->lines.count; i++)
		functions_add(functions, profile->lines.lines[i].stack, profile->lines.lines[i].count, name_of);
}

static bool check_name(const struct gate *gate, struct tables *tables, struct text name, double noise)
{
	struct function old = *functions_find(&tables->old, name), new = *functions_find(&tables->new, name);
	struct gate_weights weights = {gate->total ? old.total : old.self, tables->old.sum,
		gate->total ? new.total : new.self, tables->new.sum};
	struct buffer line = {0};
	bool holds = gate_holds(gate, name, &weights, noise, &line);
	if (holds)
		report_error("%.*s", (int)line.size - 1, line.at);
	buffer_free(&line);
	return holds;
}

/* All functions of the new profile and, for less than a limit, those that are gone. */
static size_t check_all(const struct gate *gate, struct tables *tables, double noise)
{
	size_t held = 0;
	uint32_t old_count = tables->old.names.count, new_count = tables->new.names.count;
	for (uint32_t i = 0; i < new_count; i++)
		held += check_name(gate, tables, tables->new.names.names[i], noise);
	for (uint32_t i = 0; gate->below && i < old_count; i++)
		if (functions_find(&tables->new, tables->old.names.names[i])->total == 0)
			held += check_name(gate, tables, tables->old.names.names[i], noise);
	return held;
}

size_t check_profiles(
	const struct gate *gates, size_t gate_count, const struct profile *old, const struct profile *new, double noise)
{
	struct tables frames = {0}, functions = {0};
	size_t held = 0;
	count(&frames.old, old, NULL);
	count(&frames.new, new, NULL);
	count(&functions.old, old, function_of);
	count(&functions.new, new, function_of);
	for (size_t i = 0; i < gate_count; i++) {
		const struct gate *gate = &gates[i];
		bool frame = functions_find(&frames.old, gate->name)->total > 0 ||
			     functions_find(&frames.new, gate->name)->total > 0;
		if (text_is(gate->name, "*"))
			held += check_all(gate, &functions, noise);
		else
			held += check_name(gate, frame ? &frames : &functions, gate->name, noise);
	}
	functions_free(&frames.old);
	functions_free(&frames.new);
	functions_free(&functions.old);
	functions_free(&functions.new);
	return held;
}
