#include "sampler/sample_parts.h"

#include "common/mem.h"

enum { CAREFUL_STOPS = 1000 };

bool sample_name(struct sampler *sampler, struct snapshot *snapshot, const struct frame_ref *frames, size_t count,
	uint32_t *names)
{
	for (size_t i = 0; i < count; i++)
		if (!codecache_name(sampler->cache, snapshot, &frames[i], &names[i]))
			return false;
	return true;
}

void sample_fetch_codes(struct sampler *sampler, const struct frame_ref *frames, size_t count)
{
	sampler->codes = mem_grow(sampler->codes, &sampler->code_capacity, count, sizeof *sampler->codes);
	for (size_t i = 0; i < count; i++)
		sampler->codes[i] = frames[i].code < CODE_MARKS ? 0 : frames[i].code;
	if (count)
		codecache_fetch(sampler->cache, &sampler->code_snapshot, sampler->codes, count);
}

/* Takes the stacks from the one with this number on back. */
static void drop_stacks(struct sampler *sampler, size_t from)
{
	if (from < sampler->pending_count)
		sampler->frame_count = sampler->pending[from].first;
	sampler->pending_count = from;
}

static void name_stacks(struct sampler *sampler, size_t from, struct taking *taking)
{
	size_t first = from < sampler->pending_count ? sampler->pending[from].first : sampler->frame_count;
	size_t count = sampler->frame_count - first;
	sample_fetch_codes(sampler, sampler->frames + first, count);
	for (size_t i = from; i < sampler->pending_count; i++) {
		struct pending *pending = &sampler->pending[i];
		size_t place = pending->first;
		if (!pending->named && !sample_name(sampler, &sampler->code_snapshot, sampler->frames + place,
					       pending->count, sampler->names + place)) {
			taking->failed = true;
			sampler->pending[i--] = sampler->pending[--sampler->pending_count];
		}
	}
}

static bool are_known(const struct sampler *sampler, size_t from)
{
	size_t first = from < sampler->pending_count ? sampler->pending[from].first : sampler->frame_count;
	for (size_t i = first; i < sampler->frame_count; i++)
		if (sampler->frames[i].code >= CODE_MARKS && !codecache_knows(sampler->cache, sampler->frames[i].code))
			return false;
	return true;
}

bool sample_can_wait(struct sampler *sampler, size_t from, struct taking *taking)
{
	if (!sampler->careful && are_known(sampler, from))
		return true;
	if (sampler->careful)
		sampler->careful--;
	name_stacks(sampler, from, taking);
	return false;
}

void sample_name_late(struct sampler *sampler, size_t from, struct taking *taking)
{
	unsigned long replaced = codecache_replaced(sampler->cache);
	name_stacks(sampler, from, taking);
	if (codecache_replaced(sampler->cache) == replaced)
		return;
	sampler->careful = CAREFUL_STOPS;
	drop_stacks(sampler, from);
	taking->failed = true;
}
