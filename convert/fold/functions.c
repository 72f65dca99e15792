#include "convert/fold/functions.h"

#include <stdlib.h>

static struct function *function_of(struct functions *functions, struct text name)
{
	uint32_t count = functions->names.count, number = intern(&functions->names, name.at, name.size);
	if (number == count) {
		functions->table =
			mem_grow(functions->table, &functions->capacity, count + 1, sizeof *functions->table);
		functions->table[number] = (struct function){0};
	}
	return &functions->table[number];
}

static void add(struct profile_weights *to, const struct profile_line *line)
{
	to->count += line->count;
	to->old += line->old;
}

void functions_add(struct functions *functions, const struct profile_line *line, function_name *name_of)
{
	struct text stack = line->stack;
	struct function *function = NULL;
	functions->stacks++;
	add(&functions->sum, line);
	for (struct text frame; folded_frame(&stack, &frame);) {
		function = function_of(functions, name_of ? name_of(frame) : frame);
		if (function->seen != functions->stacks)
			add(&function->total, line);
		function->seen = functions->stacks;
	}
	if (function)
		add(&function->self, line);
}

const struct function *functions_find(struct functions *functions, struct text name)
{
	return function_of(functions, name);
}

void functions_free(struct functions *functions)
{
	intern_free(&functions->names);
	free(functions->table);
	*functions = (struct functions){0};
}
