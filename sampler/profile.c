#include "sampler/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "common/folded.h"
#include "common/mem.h"

struct profile profile_new(const struct target *target, const struct profile_rules *rules, double now)
{
	struct profile profile = {
		.rules = *rules, .target = target, .stacks = stacks_new(rules->ordered), .began = now, .last = now};
	char track[32];
	int size = snprintf(track, sizeof track, "process %d", (int)target->pid);
	profile.track = stacks_name(profile.stacks, track, (size_t)size);
	profile.idle = stacks_name(profile.stacks, "(idle)", 6);
	return profile;
}

void profile_free(struct profile *profile)
{
	stacks_free(profile->stacks);
	free(profile->lanes);
	buffer_free(&profile->label);
}

void profile_begin(struct profile *profile, double now)
{
	struct timespec real;
	bool time = profile->rules.ordered || profile->rules.weigh_time || profile->rules.top;
	profile->weight = time ? (double)(long)((now - profile->last) * 1e6 + 0.5) : 1;
	profile->last = now;
	for (size_t i = 0; i < profile->lane_count; i++)
		profile->lanes[i].seen = false;
	clock_gettime(CLOCK_REALTIME, &real);
	profile->stamp = (long long)real.tv_sec * 1000000 + real.tv_nsec / 1000;
}

/* ---- pyflame's pairs of lines ---- */

/* A stack, its frames ended by ";", or (idle) and (failed) alone. */
static void put_pair(struct profile *profile, const struct sampled *sampled, const char *instead)
{
	struct sink *sink = profile->rules.pairs;
	sink_format(sink, "%lld\n", profile->stamp);
	for (size_t i = sampled ? sampled->count : 0; i > 0; i--) {
		struct text name = profile->stacks->names.names[sampled->names[i - 1]];
		sink_write(sink, name.at, name.size);
		sink_char(sink, ';');
	}
	sink_format(sink, "%s\n", instead);
}

/* ---- counting ---- */

/* thread (1234): MainThread */
static uint32_t thread_node(struct profile *profile, const struct member_thread *thread)
{
	char head[32];
	struct buffer *label = &profile->label;
	buffer_clear(label);
	buffer_add(label, head, (size_t)snprintf(head, sizeof head, "thread (%d)", (int)thread->tid));
	if (thread->name.size) {
		buffer_add_string(label, ": ");
		buffer_add(label, thread->name.at, thread->name.size);
	}
	return stacks_child(profile->stacks, profile->base, stacks_name(profile->stacks, label->at, label->size));
}

/* The lane of the thread is seen; a new one starts with the time before it. */
static void see_lane(struct profile *profile, uint32_t node)
{
	for (size_t i = 0; i < profile->lane_count; i++)
		if (profile->lanes[i].node == node) {
			profile->lanes[i].seen = true;
			return;
		}
	profile->lanes =
		mem_grow(profile->lanes, &profile->lane_capacity, profile->lane_count + 1, sizeof *profile->lanes);
	profile->lanes[profile->lane_count++] = (struct profile_lane){node, true};
	double before = (double)(long)((profile->last - profile->began) * 1e6 + 0.5) - profile->weight;
	if (before > 0)
		stacks_add(profile->stacks, node, before);
}

/* thread: NULL if none runs. */
static uint32_t root_node(struct profile *profile, const struct member_thread *thread)
{
	if (profile->rules.threads && thread) {
		uint32_t node = thread_node(profile, thread);
		if (profile->rules.ordered)
			see_lane(profile, node);
		return node;
	}
	return profile->rules.ordered ? stacks_child(profile->stacks, 0, profile->track) : profile->base;
}

void profile_take(const struct sampled *sampled, void *context)
{
	struct profile *profile = context;
	const struct member_thread *thread = NULL;
	if (profile->rules.roster) {
		thread = roster_find(profile->rules.roster, profile->target, sampled);
		if (!thread->wanted)
			return;
	}
	profile->any = true;
	profile->cut += sampled->cut;
	if (profile->rules.top) {
		top_table_stack(profile->rules.top, sampled, profile->weight / 1e6);
		return;
	}
	if (profile->rules.pairs) {
		put_pair(profile, sampled, "");
		return;
	}
	uint32_t node = root_node(profile, thread);
	for (size_t i = sampled->count; i > 0; i--)
		node = stacks_child(profile->stacks, node, sampled->names[i - 1]);
	stacks_add(profile->stacks, node, profile->weight);
}

/* Nothing ran: ordered profiles keep that as a step of the lane alone. */
static void add_idle(struct profile *profile)
{
	if (profile->rules.ordered && profile->rules.no_idle)
		stacks_add(profile->stacks, root_node(profile, NULL), profile->weight);
	else if (!profile->rules.no_idle)
		stacks_add(profile->stacks, stacks_child(profile->stacks, root_node(profile, NULL), profile->idle),
			profile->weight);
}

void profile_end(struct profile *profile, enum sample_result result)
{
	bool lanes = profile->rules.ordered && profile->rules.threads;
	if (result == SAMPLE_TAKEN && !profile->any)
		result = SAMPLE_IDLE; /* of the threads that are asked for */
	profile->any = false;
	if (profile->rules.top)
		return;
	if (profile->rules.pairs) {
		if (result == SAMPLE_IDLE && !profile->rules.no_idle)
			put_pair(profile, NULL, "(idle)");
		else if (result == SAMPLE_FAILED)
			put_pair(profile, NULL, "(failed)");
		return;
	}
	if (result == SAMPLE_IDLE && !lanes)
		add_idle(profile);
	for (size_t i = 0; lanes && i < profile->lane_count; i++)
		if (!profile->lanes[i].seen)
			stacks_add(profile->stacks, profile->lanes[i].node, profile->weight);
}

void profile_flush(struct profile *profile, struct sink *sink)
{
	folded_write(profile->stacks, sink);
	for (uint32_t node = 0; node < profile->stacks->count; node++)
		profile->stacks->nodes[node].self = 0;
}

size_t profile_stacks(const struct profile *profile)
{
	size_t count = 0;
	for (uint32_t node = 0; node < profile->stacks->count; node++)
		count += profile->stacks->nodes[node].self > 0;
	return count;
}
