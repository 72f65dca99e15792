#include "render/report/functions.h"

#include "common/gate.h"

#include <stdlib.h>

#include "common/mem.h"

static int compare(const void *left, const void *right)
{
	const struct function *a = left, *b = right;
	if (a->self != b->self)
		return a->self < b->self ? 1 : -1;
	if (a->total != b->total)
		return a->total < b->total ? 1 : -1;
	int order = text_compare(a->name, b->name);
	return order ? order : text_compare(a->file, b->file);
}

static struct function *add(struct functions *functions, const struct callgraph_function *from)
{
	struct function *function = &functions->items[functions->count++];
	*function = (struct function){
		.name = from->name, .file = from->file.size ? from->file : text_of(""), .number = UINT32_MAX};
	return function;
}

/* The function of the baseline with the name and file of `number`, or NULL. */
static const struct callgraph_function *find(struct callgraph *graph, uint32_t known, struct text key)
{
	uint32_t number = intern(&graph->names, key.at, key.size);
	return number < known ? &graph->functions[number] : NULL;
}

struct functions functions_of(const struct callgraph *graph, double sum, struct callgraph *old, double old_sum)
{
	uint32_t count = graph->names.count, old_count = old ? old->names.count : 0;
	struct functions functions = {.sum = sum, .old_sum = old ? old_sum : 0};
	bool *met = mem_zero(old_count + 1, sizeof *met);
	functions.items = mem_zero((size_t)count + old_count + 1, sizeof *functions.items);
	for (uint32_t i = 0; i < count; i++) {
		if (!(graph->functions[i].total > 0))
			continue; /* only a thread's name */
		struct function *function = add(&functions, &graph->functions[i]);
		function->self = graph->functions[i].self;
		function->total = graph->functions[i].total;
		function->number = i;
		const struct callgraph_function *before = old ? find(old, old_count, graph->names.names[i]) : NULL;
		if (!before)
			continue;
		function->old_self = before->self;
		function->old_total = before->total;
		met[before - old->functions] = true;
	}
	for (uint32_t i = 0; i < old_count; i++) {
		if (met[i] || !(old->functions[i].total > 0))
			continue;
		struct function *function = add(&functions, &old->functions[i]);
		function->old_self = old->functions[i].self;
		function->old_total = old->functions[i].total;
	}
	free(met);
	qsort(functions.items, functions.count, sizeof *functions.items, compare);
	return functions;
}

void functions_free(struct functions *functions)
{
	free(functions->items);
	*functions = (struct functions){0};
}

static double change(double old, double old_sum, double now, double sum)
{
	return (sum > 0 ? 100 * now / sum : 0) - (old_sum > 0 ? 100 * old / old_sum : 0);
}

double function_self_change(const struct functions *functions, const struct function *function)
{
	return change(function->old_self, functions->old_sum, function->self, functions->sum);
}

double function_total_change(const struct functions *functions, const struct function *function)
{
	return change(function->old_total, functions->old_sum, function->total, functions->sum);
}

bool change_is_sure(double old, double old_sum, double now, double sum, double noise)
{
	return gate_is_sure(&(struct gate_weights){old, old_sum, now, sum}, noise);
}
