#include "sampler/sample_parts.h"

#include <string.h>

#include "common/hash.h"
#include "sampler/clock.h"

enum { ROOT_TIMES = 3, COPIES = 6, MOST_READINGS = 16, MOST_ATTEMPTS = 6 };
/* One copy is mostly wrong because it is torn, seldom because it has a call that is to be learned: so often that is
 * assumed. */
enum { LEARN_EVERY = 8 };

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

/* What the copies of a stack have in common: the first is sampler->stack. */
struct agreement {
	size_t copies;
	size_t certain; /* frames from the root on */
	bool fetched;   /* its code objects were read since */
};

/* Compares another copy, in `later`; one that has nothing in common with those before is the first of new ones. False
 * if it is not the same and should be. */
static bool compare(struct sampler *sampler, struct agreement *agreement, bool whole)
{
	const struct pystack *stack = &sampler->stack, *later = &sampler->later;
	size_t common = agreement->copies ? common_frames(stack, later) : 0;
	if (agreement->copies && whole && !pystack_equal(stack, later))
		return false;
	if (agreement->copies && (common || (!stack->count && !later->count))) {
		agreement->copies++;
		agreement->certain = common < agreement->certain ? common : agreement->certain;
		return true;
	}
	struct pystack first = *later;
	sampler->later = *stack;
	sampler->stack = first;
	*agreement = (struct agreement){.copies = 1, .certain = first.count};
	return true;
}

/* Lets up to 32 µs pass. A program that does the same again in just the time of a reading would show the same wrong
 * thing again and again; so each has another distance from the one before, and another order. */
static void drift(struct sampler *sampler)
{
	sampler->random = hash_mix(sampler->random + 1, sampler->number);
	double until = clock_now() + (double)(sampler->random >> 48) / 65536 * 32e-6;
	while (clock_now() < until)
		;
}

/* Reads it again and again until six copies show a stack that ends where stacks do. The code objects are read before
 * the last: until then they were in use. */
static bool read_copies(struct sampler *sampler, struct lane *lane, bool runs, bool whole, size_t *certain)
{
	struct snapshot *snapshot = &lane->copies;
	struct agreement agreement = {0};
	for (int i = 0; i < MOST_READINGS && agreement.copies < COPIES; i++) {
		if (agreement.copies >= COPIES - 2 && !agreement.fetched) {
			sample_fetch_codes(sampler, sampler->stack.frames, sampler->stack.count);
			agreement.fetched = true;
		}
		if (i && runs)
			drift(sampler);
		snapshot_begin_twice(snapshot, i % 2 == 0);
		for (int copy = 0; copy < 2 && (copy == 0 || snapshot_turn(snapshot)); copy++)
			if (sample_walk(sampler, snapshot, lane->thread, runs, &sampler->later) &&
				!compare(sampler, &agreement, whole))
				return false;
	}
	*certain = agreement.certain;
	return agreement.copies >= COPIES && agreement.fetched;
}

/* Only the moving end is uncertain: from the root on, as far as its calls are known, it is the stack. False if that is
 * nothing. */
static bool cut(struct sampler *sampler, bool *is_cut)
{
	struct pystack *stack = &sampler->stack;
	size_t uncertain = stack->count;
	while (uncertain && calls_knows(&sampler->calls, stack, uncertain - 1))
		uncertain--;
	*is_cut = uncertain > 0;
	stack->count -= uncertain;
	if (stack->count)
		memmove(stack->frames, stack->frames + uncertain, stack->count * sizeof *stack->frames);
	return stack->count || !uncertain;
}

/* Six copies are for learning; what they show is believed when it is known. */
static bool read_certain(struct sampler *sampler, struct lane *lane, bool runs, bool *is_cut)
{
	bool whole = sampler->sampling.whole || has_marks(sampler);
	const struct pystack *stack = &sampler->stack;
	size_t certain;
	if (!read_copies(sampler, lane, runs, whole, &certain))
		return false;
	bool root_known = is_root_known(sampler, lane, stack);
	for (size_t i = 0; i < certain && !whole; i++)
		calls_learn(&sampler->calls, stack, stack->count - 1 - i);
	if (!whole && !cut(sampler, is_cut))
		return false;
	return root_known && name_stack(sampler, &sampler->code_snapshot);
}

bool sample_moving(struct sampler *sampler, uint64_t thread, bool runs, bool *is_cut)
{
	struct lane *lane = sample_lane(sampler, thread);
	*is_cut = false;
	for (int tries = has_marks(sampler) ? 0 : sampler->number % LEARN_EVERY ? 2 : 1; tries; tries--)
		if (read_once(sampler, lane, runs))
			return true;
	for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++)
		if (read_certain(sampler, lane, runs, is_cut))
			return true;
	return false;
}
