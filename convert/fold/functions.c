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

void functions_add(struct functions *functions, struct text stack, double weight, function_name *name_of)
{
	const char *at = stack.at, *end = at + stack.size;
	struct function *function = NULL;
	functions->stacks++;
	functions->sum += weight;
	while (at < end) {
		const char *stop = memchr(at, ';', (size_t)(end - at));
		if (!stop)
			stop = end;
		struct text frame = {at, (size_t)(stop - at)};
		function = function_of(functions, name_of ? name_of(frame) : frame);
		if (function->seen != functions->stacks)
			function->total += weight;
		function->seen = functions->stacks;
		at = stop + 1;
	}
	if (function)
		function->self += weight;
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
