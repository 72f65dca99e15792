#include "convert/slices.h"

#include <math.h>
#include <stdlib.h>

#include "common/mem.h"

void slices_add(struct slices *slices, int64_t start, int64_t length, uint32_t name)
{
	if (length <= 0)
		return; /* it has no time for itself, nor has what it calls */
	slices->calls = mem_grow(slices->calls, &slices->capacity, slices->count + 1, sizeof *slices->calls);
	slices->calls[slices->count++] = (struct slice){start, length, name, slices->arrived++};
}

static void add_mark(struct slices *slices, int64_t time, uint32_t name, uint32_t key, bool begins)
{
	slices->marks = mem_grow(slices->marks, &slices->mark_capacity, slices->mark_count + 1, sizeof *slices->marks);
	slices->marks[slices->mark_count++] = (struct slice_mark){time, name, key, slices->arrived++, begins};
}

void slices_open(struct slices *slices, int64_t time, uint32_t name, uint32_t key)
{
	add_mark(slices, time, name, key, true);
}

void slices_close(struct slices *slices, int64_t time, uint32_t key)
{
	add_mark(slices, time, 0, key, false);
}

/* ---- beginnings and ends to calls ---- */

static int compare_marks(const void *left, const void *right)
{
	const struct slice_mark *a = left, *b = right;
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

static void begin_call(struct slices *slices, const struct slice_mark *mark)
{
	slices->open = mem_grow(slices->open, &slices->open_capacity, slices->open_count + 1, sizeof *slices->open);
	slices->open[slices->open_count++] = *mark;
}

static void add_call(struct slices *slices, const struct slice_mark *begin, int64_t end)
{
	slices_add(slices, begin->time, end - begin->time, begin->name);
	if (end > begin->time)
		slices->calls[slices->count - 1].order = begin->order;
}

/* Ends the call on top, or, if others were put on top of it at this very time, the one below those. */
static void end_call(struct slices *slices, const struct slice_mark *mark)
{
	const struct slice_mark *open = slices->open;
	size_t at = slices->open_count;
	bool any = mark->key == SLICES_ANY;
	while (at > 0 && !any && open[at - 1].key != mark->key && open[at - 1].time == mark->time)
		at--;
	if (at == 0 || (!any && open[at - 1].key != mark->key)) {
		slices->unmatched++;
		return;
	}
	add_call(slices, &open[at - 1], mark->time);
	memmove(&slices->open[at - 1], &slices->open[at], (slices->open_count - at) * sizeof *slices->open);
	slices->open_count--;
}

/* Calls that were not ended end with the last thing that happened. */
static void match_marks(struct slices *slices)
{
	int64_t last = INT64_MIN;
	mem_sort(slices->marks, slices->mark_count, sizeof *slices->marks, compare_marks);
	for (size_t i = 0; i < slices->mark_count; i++) {
		if (slices->marks[i].begins)
			begin_call(slices, &slices->marks[i]);
		else
			end_call(slices, &slices->marks[i]);
		last = slices->marks[i].time;
	}
	for (size_t i = 0; i < slices->count; i++)
		if (slices->calls[i].start + slices->calls[i].length > last)
			last = slices->calls[i].start + slices->calls[i].length;
	while (slices->open_count)
		add_call(slices, &slices->open[--slices->open_count], last);
}

/* ---- calls to stacks ---- */

/* Callers before those they call: the earlier, the longer, the first to arrive. */
static int compare_calls(const void *left, const void *right)
{
	const struct slice *a = left, *b = right;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->length != b->length)
		return a->length > b->length ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

static void add_step(struct slices_output *output, uint32_t node, int64_t start, int64_t end)
{
	if (end <= start)
		return;
	if (!output->ordered) {
		stacks_add(output->stacks, node, (double)(end - start));
		return;
	}
	output->steps = mem_grow(output->steps, &output->capacity, output->count + 1, sizeof *output->steps);
	output->steps[output->count++] = (struct slice_step){start, end - start, node, output->threads};
}

/* The calls that are running: each one's end and stack. */
struct running {
	int64_t end;
	uint32_t node;
};

struct sweep {
	struct slices_output *output;
	struct running *running;
	size_t count, capacity;
	int64_t now; /* what is before it is written */
	uint32_t root;
};

static void run_until(struct sweep *sweep, int64_t time)
{
	while (sweep->count && sweep->running[sweep->count - 1].end <= time) {
		struct running call = sweep->running[--sweep->count];
		add_step(sweep->output, call.node, sweep->now, call.end);
		sweep->now = call.end;
	}
	if (sweep->count)
		add_step(sweep->output, sweep->running[sweep->count - 1].node, sweep->now, time);
	else if (sweep->output->ordered && sweep->root && time != INT64_MAX)
		add_step(sweep->output, sweep->root, sweep->now, time); /* nothing ran */
	sweep->now = time;
}

/* Times are rounded: a call that ends just after the next one begins, which ends later still, does not contain it. */
static void forgive_rounding(struct sweep *sweep, const struct slice *next)
{
	enum { ROUNDING = 2 };
	for (size_t i = sweep->count; i > 0; i--) {
		struct running *call = &sweep->running[i - 1];
		if (call->end >= next->start + next->length || call->end - next->start > ROUNDING)
			break;
		if (call->end > next->start)
			call->end = next->start;
	}
}

void slices_write(struct slices *slices, uint32_t node, struct slices_output *output)
{
	match_marks(slices);
	if (!slices->count)
		return;
	mem_sort(slices->calls, slices->count, sizeof *slices->calls, compare_calls);
	struct sweep sweep = {.output = output, .now = slices->calls[0].start, .root = node};
	for (size_t i = 0; i < slices->count; i++) {
		const struct slice *call = &slices->calls[i];
		int64_t end = call->start + call->length;
		forgive_rounding(&sweep, call);
		run_until(&sweep, call->start);
		if (sweep.count && end > sweep.running[sweep.count - 1].end) {
			end = sweep.running[sweep.count - 1].end;
			output->overlaps++;
		}
		uint32_t parent = sweep.count ? sweep.running[sweep.count - 1].node : node;
		sweep.running = mem_grow(sweep.running, &sweep.capacity, sweep.count + 1, sizeof *sweep.running);
		sweep.running[sweep.count++] = (struct running){end, stacks_child(output->stacks, parent, call->name)};
	}
	run_until(&sweep, INT64_MAX);
	free(sweep.running);
	output->threads++;
}

/* ---- ordered output ---- */

static int compare_steps(const void *left, const void *right)
{
	const struct slice_step *a = left, *b = right;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->thread > b->thread) - (a->thread < b->thread);
}

/* A thread's clock starts with the first step of all. */
static void add_first_gaps(struct slices_output *output, const bool *known, size_t i, int64_t start)
{
	const struct slice_step *step = &output->steps[i];
	if (known[step->thread] || step->start == start)
		return;
	uint32_t thread = step->node;
	while (output->stacks->nodes[thread].parent)
		thread = output->stacks->nodes[thread].parent;
	stacks_add(output->stacks, thread, (double)(step->start - start) / 1000);
}

void slices_end(struct slices_output *output)
{
	bool *known = mem_zero((size_t)output->threads + 1, sizeof *known);
	mem_sort(output->steps, output->count, sizeof *output->steps, compare_steps);
	for (size_t i = 0; i < output->count; i++) {
		add_first_gaps(output, known, i, output->steps[0].start);
		known[output->steps[i].thread] = true;
		stacks_add(output->stacks, output->steps[i].node, (double)output->steps[i].length / 1000);
	}
	free(known);
	free(output->steps);
	output->steps = NULL;
	output->count = output->capacity = 0;
}

void slices_free(struct slices *slices)
{
	free(slices->calls);
	free(slices->open);
	free(slices->marks);
	*slices = (struct slices){0};
}

/* ---- times ---- */

bool slices_microseconds(struct text text, int64_t *nanoseconds)
{
	const char *dot = memchr(text.at, '.', text.size);
	struct text whole = {text.at, dot ? (size_t)(dot - text.at) : text.size};
	bool negative = text_starts(whole, "-");
	if (negative)
		whole = (struct text){whole.at + 1, whole.size - 1};
	uint64_t value;
	double number;
	if (text_integer(whole, &value) && value < (uint64_t)1 << 52) {
		int64_t fraction = 0, place = 100;
		bool digits = true;
		for (const char *p = dot ? dot + 1 : NULL; p && p < text.at + text.size; p++, place /= 10) {
			digits &= *p >= '0' && *p <= '9';
			fraction += place * (*p - '0');
		}
		if (digits) {
			*nanoseconds = ((int64_t)value * 1000 + fraction) * (negative ? -1 : 1);
			return true;
		}
	}
	if (!text_number(text, true, &number) || !(fabs(number) < 4e15))
		return false;
	*nanoseconds = (int64_t)round(number * 1000);
	return true;
}
