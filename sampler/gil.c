#include "sampler/gil.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "sampler/remote.h"
#include "sampler/threads.h"
#include "sampler/walk.h"

enum { MOST_INTERPRETERS = 256, GIL_BYTES = 256, LOOK_EVERY = 64, ASK_EVERY = 16 };

/* Bytes at a GIL's address that tell its holder. */
static size_t bytes_of(const struct layout *layout)
{
	uint32_t locked = layout->gil_state.locked, last = layout->gil_state.last_holder;
	return layout->gil != GIL_INTERPRETER ? 8 : (locked > last ? locked : last) + 16; /* with the switches */
}

static uint64_t holder_in(const struct layout *layout, const unsigned char *bytes)
{
	uint64_t holder;
	int32_t locked = 1;
	size_t place = layout->gil == GIL_INTERPRETER ? layout->gil_state.last_holder : 0;
	if (layout->gil == GIL_INTERPRETER)
		memcpy(&locked, bytes + layout->gil_state.locked, sizeof locked);
	memcpy(&holder, bytes + place, sizeof holder);
	return locked == 1 ? holder : 0;
}

/* Where the holder of an interpreter's GIL is noted. */
static uint64_t place_of(const struct target *target, uint64_t interpreter)
{
	switch (target->layout.gil) {
	case GIL_VARIABLE:
		return target->current_thread;
	case GIL_CURRENT:
		return target->runtime + target->layout.runtime.current_thread;
	case GIL_INTERPRETER:
		break;
	}
	return remote_word(target->pid, interpreter + target->layout.interpreter.gil);
}

static struct gil *find_gil(const struct gils *gils, uint64_t address)
{
	for (size_t i = 0; i < gils->count; i++)
		if (gils->list[i].address == address)
			return &gils->list[i];
	return NULL;
}

static bool is_in_use(const struct gils *gils, uint64_t address)
{
	for (size_t i = 0; i < gils->interpreter_count; i++)
		if (gils->interpreters[i].gil == address)
			return true;
	return false;
}

static void free_gil(struct gil *gil)
{
	snapshot_free(&gil->snapshot);
	free(gil->threads);
}

static void look_for_interpreters(struct gils *gils, const struct target *target)
{
	uint64_t list[MOST_INTERPRETERS];
	size_t count = target_interpreters(target, list, MOST_INTERPRETERS);
	if (!gils->interpreters)
		gils->interpreters = mem_zero(MOST_INTERPRETERS, sizeof *gils->interpreters);
	gils->interpreter_count = count;
	gils->head = count ? list[0] : 0;
	for (size_t i = 0; i < count; i++) {
		uint64_t place = place_of(target, list[i]);
		gils->interpreters[i].address = list[i];
		gils->interpreters[i].gil = place;
		if (!place || find_gil(gils, place))
			continue;
		gils->list = mem_grow(gils->list, &gils->capacity, gils->count + 1, sizeof *gils->list);
		gils->list[gils->count++] = (struct gil){.address = place, .snapshot = {.pid = target->pid}};
	}
	for (size_t i = 0; i < gils->count; i++)
		if (!is_in_use(gils, gils->list[i].address)) {
			free_gil(&gils->list[i]);
			gils->list[i--] = gils->list[--gils->count];
		}
}

/* False if there are other interpreters than were known. */
static bool read_holders(struct gils *gils, const struct target *target)
{
	static struct piece pieces[MOST_INTERPRETERS + 1];
	static unsigned char states[MOST_INTERPRETERS][GIL_BYTES + 16];
	uint64_t head = 0;
	pieces[0] = (struct piece){target->runtime + target->layout.runtime.interpreters_head, &head, sizeof head};
	for (size_t i = 0; i < gils->count; i++)
		pieces[i + 1] = (struct piece){gils->list[i].address, states[i], bytes_of(&target->layout)};
	size_t got = remote_read_pieces(target->pid, pieces, gils->count + 1);
	for (size_t i = 0; i < gils->count; i++)
		gils->list[i].holder = i + 1 < got ? holder_in(&target->layout, states[i]) : 0;
	return got == gils->count + 1 && head == gils->head;
}

void gils_read(struct gils *gils, const struct target *target)
{
	bool look = !gils->head || gils->reads++ % LOOK_EVERY == 0;
	if (!look && read_holders(gils, target))
		return;
	look_for_interpreters(gils, target);
	read_holders(gils, target);
}

struct gil *gils_unchanged(struct gils *gils)
{
	bool only = gils->count == 1 && gils->interpreter_count == 1 && gils->list[0].holder;
	if (!only || gils->reads % LOOK_EVERY == 0)
		return NULL;
	gils->reads++;
	return &gils->list[0];
}

/* From 3.13 on the thread's state, which is read anyway, tells it. */
bool gils_is_held(
	const struct gils *gils, const struct gil *gil, const struct target *target, struct snapshot *snapshot)
{
	uint64_t head = target->runtime + target->layout.runtime.interpreters_head;
	const unsigned char *state = walk_thread(target, snapshot, gil->holder);
	bool held = target->layout.thread.state ? state && threads_is_attached(target, state)
						: gil_holder(gil, target, snapshot) == gil->holder;
	return held && (gils->reads % ASK_EVERY || snapshot_word(snapshot, head) == gils->head);
}

uint64_t gil_holder(const struct gil *gil, const struct target *target, struct snapshot *snapshot)
{
	const unsigned char *bytes = snapshot_peek(snapshot, gil->address, bytes_of(&target->layout), 0, 0);
	return bytes ? holder_in(&target->layout, bytes) : 0;
}

struct gil_turn gil_turn(const struct gil *gil, const struct target *target, struct snapshot *snapshot)
{
	const struct layout *layout = &target->layout;
	const unsigned char *bytes = snapshot_peek(snapshot, gil->address, bytes_of(layout), 0, 0);
	if (!bytes || layout->gil != GIL_INTERPRETER)
		return (struct gil_turn){0};
	return (struct gil_turn){
		word_at(bytes, layout->gil_state.last_holder), word_at(bytes, layout->gil_state.switches)};
}

/* As target_threads. */
static size_t standing_threads(
	const struct target *target, struct snapshot *snapshot, uint64_t interpreter, uint64_t *list, size_t most)
{
	uint64_t thread = snapshot_word(snapshot, interpreter + target->layout.interpreter.threads_head);
	size_t count = 0;
	while (thread && count < most && (!count || thread != list[count - 1])) {
		list[count++] = thread;
		const unsigned char *state = walk_thread(target, snapshot, thread);
		thread = state ? word_at(state, target->layout.thread.next) : 0;
	}
	return count;
}

size_t gil_threads(const struct gils *gils, const struct gil *gil, const struct target *target,
	struct snapshot *snapshot, uint64_t *list, size_t most)
{
	size_t count = 0;
	for (size_t i = 0; i < gils->interpreter_count; i++) {
		uint64_t interpreter = gils->interpreters[i].address;
		if (gils->interpreters[i].gil != gil->address)
			continue;
		count += snapshot ? standing_threads(target, snapshot, interpreter, list + count, most - count)
				  : target_threads(target, interpreter, list + count, most - count);
	}
	return count;
}

void gils_free(struct gils *gils)
{
	for (size_t i = 0; i < gils->count; i++)
		free_gil(&gils->list[i]);
	free(gils->list);
	free(gils->interpreters);
	*gils = (struct gils){0};
}
