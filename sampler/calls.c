#include "sampler/calls.h"

#include <stdlib.h>
#include <string.h>

#include "common/hash.h"
#include "common/mem.h"

/* What was certain wrongly will hardly be so again and again. */
enum { TIMES = 3, FIRST_SLOTS = 256, MOST_SLOTS = 1 << 18 };

static struct call call_of(const struct pystack *stack, size_t frame)
{
	struct call call = {.callee = stack->frames[frame].code};
	if (frame + 1 < stack->count) {
		call.caller = stack->frames[frame + 1].code;
		call.position = stack->frames[frame + 1].position;
	}
	return call;
}

static struct call *slot_for(const struct calls *calls, const struct call *call)
{
	uint64_t hash = hash_mix(hash_mix(call->caller, call->position), call->callee);
	size_t mask = calls->slots - 1, i = hash & mask;
	for (; calls->list[i].callee; i = (i + 1) & mask)
		if (calls->list[i].callee == call->callee && calls->list[i].caller == call->caller &&
			calls->list[i].position == call->position)
			break;
	return &calls->list[i];
}

bool calls_knows(const struct calls *calls, const struct pystack *stack, size_t frame)
{
	struct call call = call_of(stack, frame);
	return calls->slots && slot_for(calls, &call)->times >= TIMES;
}

static void grow(struct calls *calls)
{
	struct calls old = *calls;
	calls->slots = old.slots ? old.slots * 2 : FIRST_SLOTS;
	calls->list = mem_zero(calls->slots, sizeof *calls->list);
	for (size_t i = 0; i < old.slots; i++)
		if (old.list[i].callee)
			*slot_for(calls, &old.list[i]) = old.list[i];
	free(old.list);
}

void calls_learn(struct calls *calls, const struct pystack *stack, size_t frame)
{
	struct call call = call_of(stack, frame);
	if (calls->used * 2 >= MOST_SLOTS)
		calls_forget(calls);
	if (calls->used * 2 >= calls->slots)
		grow(calls);
	struct call *slot = slot_for(calls, &call);
	calls->used += !slot->callee;
	call.times = slot->times < TIMES ? slot->times + 1 : TIMES;
	*slot = call;
}

void calls_forget(struct calls *calls)
{
	if (calls->used)
		memset(calls->list, 0, calls->slots * sizeof *calls->list);
	calls->used = 0;
}

void calls_free(struct calls *calls)
{
	free(calls->list);
	*calls = (struct calls){0};
}
