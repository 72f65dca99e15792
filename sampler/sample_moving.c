#include "sampler/sample_parts.h"

#include <string.h>

enum { ROOT_TIMES = 3, READINGS = 3 };

/* Stacks seldom change at their root: another root than last time is believed when it is seen again. */
static bool is_root_known(struct sampler *sampler, struct lane *lane, const struct pystack *stack)
{
	if (!stack->count)
		return true;
	uint64_t root = stack->frames[stack->count - 1].address;
	if (codecache_is_generator(sampler->cache, stack->frames[stack->count - 1].code))
		return false;
	lane->times = root == lane->candidate ? lane->times + 1 : 1;
	lane->candidate = root;
	if (lane->times >= ROOT_TIMES)
		lane->root = root;
	return root == lane->root;
}

/* Names the stack; false if one of its frames shows no code object, or another one than it did before: then nothing
 * that was learned holds. */
static bool name_stack(struct sampler *sampler, struct snapshot *snapshot)
{
	const struct pystack *stack = &sampler->stack;
	unsigned long replaced = codecache_replaced(sampler->cache);
	sample_reserve(sampler, stack->count);
	bool named = sample_name(sampler, snapshot, stack->frames, stack->count, sampler->names + sampler->frame_count);
	if (codecache_replaced(sampler->cache) == replaced)
		return named;
	calls_forget(&sampler->calls);
	return false;
}

/* Marks are no calls: they must be the same in all copies. */
static bool has_marks(const struct sampler *sampler)
{
	const struct sampling *sampling = &sampler->sampling;
	return sampling->gc || sampling->exceptions || sampling->only_exceptions;
}

/* ---- one copy, all of whose calls are known ---- */

static bool are_calls_known(const struct sampler *sampler, const struct lane *lane, const struct pystack *stack)
{
	if (!stack->count || stack->frames[stack->count - 1].address != lane->root)
		return false;
	for (size_t i = 0; i < stack->count; i++)
		if (!calls_knows(&sampler->calls, stack, i))
			return false;
	return true;
}

static bool read_once(struct sampler *sampler, struct lane *lane, bool runs)
{
	snapshot_begin(&lane->snapshot);
	return sample_walk(sampler, &lane->snapshot, lane->thread, runs, &sampler->stack) &&
	       are_calls_known(sampler, lane, &sampler->stack) && name_stack(sampler, &lane->snapshot);
}

/* ---- six copies ---- */

/* So many frames from the root on are the same in both; the last of them may be at another instruction. */
static size_t common_frames(const struct pystack *a, const struct pystack *b)
{
	size_t most = a->count < b->count ? a->count : b->count, count = 0;
	while (count < most) {
		const struct frame_ref *left = &a->frames[a->count - 1 - count],
				       *right = &b->frames[b->count - 1 - count];
		if (left->address != right->address || left->code != right->code)
			break;
		count++;
		if (left->position != right->position)
			break;
	}
	return count;
}

/* Reads it again and again; *certain is how many frames, from the root on, all copies have. False if a copy shows no
 * stack, or (`whole`) another one. The code objects are read before the last copies: until then they were in use. */
static bool read_copies(struct sampler *sampler, struct lane *lane, bool runs, bool whole, size_t *certain)
{
	struct snapshot *snapshot = &lane->copies;
	const struct pystack *stack = &sampler->stack;
	*certain = SIZE_MAX;
	for (int i = 0; i < READINGS; i++) {
		struct pystack *pair[] = {i ? &sampler->later : &sampler->stack, &sampler->again};
		if (i == READINGS - 1)
			sample_fetch_codes(sampler, stack->frames, stack->count);
		snapshot_begin_twice(snapshot);
		for (int copy = 0; copy < 2; copy++) {
			if ((copy && !snapshot_turn(snapshot)) ||
				!sample_walk(sampler, snapshot, lane->thread, runs, pair[copy]) ||
				(whole && !pystack_equal(stack, pair[copy])))
				return false;
			size_t common = common_frames(stack, pair[copy]);
			*certain = common < *certain ? common : *certain;
		}
	}
	return !stack->count || *certain;
}

/* Only the moving end is uncertain: what is certain, and what follows by calls that are known, is the stack. */
static bool cut(struct sampler *sampler, size_t certain)
{
	struct pystack *stack = &sampler->stack;
	while (certain < stack->count && calls_knows(&sampler->calls, stack, stack->count - 1 - certain))
		certain++;
	size_t uncertain = stack->count - certain;
	memmove(stack->frames, stack->frames + uncertain, certain * sizeof *stack->frames);
	stack->count = certain;
	return uncertain > 0;
}

static bool read_certain(struct sampler *sampler, struct lane *lane, bool runs, bool *is_cut)
{
	bool whole = sampler->sampling.whole || has_marks(sampler);
	const struct pystack *stack = &sampler->stack;
	size_t certain;
	if (!read_copies(sampler, lane, runs, whole, &certain))
		return false;
	*is_cut = !whole && cut(sampler, certain);
	if (!name_stack(sampler, &sampler->code_snapshot) || !is_root_known(sampler, lane, stack))
		return false;
	for (size_t i = 0; i < certain && !whole; i++)
		calls_learn(&sampler->calls, stack, stack->count - 1 - i);
	return true;
}

bool sample_moving(struct sampler *sampler, uint64_t thread, bool runs, bool *is_cut)
{
	struct lane *lane = sample_lane(sampler, thread);
	*is_cut = false;
	if (!has_marks(sampler) && read_once(sampler, lane, runs))
		return true;
	for (int attempt = 0; attempt < MOST_TRIES; attempt++)
		if (read_certain(sampler, lane, runs, is_cut))
			return true;
	return false;
}
