#include "render/report/summary.h"

#include <math.h>

double summary_change(const struct record *record, const struct function *function)
{
	struct functions all = record_functions(record);
	return function_self_change(&all, function);
}

size_t summary_changes(
	const struct settings *settings, const struct record *record, const struct function *out[SUMMARY_CHANGES])
{
	size_t found = 0;
	for (size_t i = 0; record->old_sum > 0 && i < record->count; i++) {
		const struct function *function = &record->items[i];
		double size = fabs(summary_change(record, function));
		if (size < 0.005 || !change_is_sure(function->old_self, record->old_sum, function->self, record->sum,
					    settings->noise))
			continue;
		size_t place = found < SUMMARY_CHANGES ? found++ : SUMMARY_CHANGES;
		for (; place > 0 && fabs(summary_change(record, out[place - 1])) < size; place--)
			if (place < SUMMARY_CHANGES)
				out[place] = out[place - 1];
		if (place < SUMMARY_CHANGES)
			out[place] = function;
	}
	return found;
}
