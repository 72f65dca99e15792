#include "sampler/walk.h"

#include <string.h>

#include "common/mem.h"
#include "sampler/remote.h"

enum {
	MOST_DEPTH = 100000,
	MOST_CHUNKS = 4096,
	CHUNK_HEADER = 24,
	MOST_CHUNK = 1 << 20,
	CHUNK_STEP = 512,
	CFRAME_BYTES = 24,
	MOST_COPIES = 1 << 16
};
enum { OWNED_BY_C = 3 }; /* 3.12 and on: this and above is no frame of Python code, but where C called Python */

const unsigned char *walk_thread(const struct target *target, struct snapshot *snapshot, uint64_t thread)
{
	return snapshot_peek(snapshot, thread, target->layout.thread.used, 0, 0);
}

static struct frame_ref *push(struct pystack *stack, uint64_t address, uint64_t code, uint64_t position)
{
	stack->frames = mem_grow(stack->frames, &stack->capacity, stack->count + 1, sizeof *stack->frames);
	stack->frames[stack->count] = (struct frame_ref){.address = address, .code = code, .position = position};
	return &stack->frames[stack->count++];
}

/* Notices a chain that goes in circles: compares with a place that moves on at every power of two of steps (Brent). */
struct circle {
	uint64_t place;
	size_t steps, next;
};

static bool is_circle(struct circle *circle, uint64_t frame)
{
	if (circle->steps && frame == circle->place)
		return true;
	if (circle->steps++ >= circle->next) {
		circle->place = frame;
		circle->next = circle->steps * 2;
	}
	return false;
}

/* ---- up to 3.10: PyFrameObject ---- */

static bool walk_objects(const struct target *target, struct snapshot *snapshot, uint64_t frame, struct pystack *stack)
{
	const struct layout *layout = &target->layout;
	struct circle circle = {0};
	while (frame) {
		const unsigned char *bytes = snapshot_peek(snapshot, frame, layout->frame.size, 0, 0);
		int32_t last;
		if (!bytes || stack->count >= MOST_DEPTH || is_circle(&circle, frame))
			return false;
		memcpy(&last, bytes + layout->frame.position, sizeof last);
		struct frame_ref *ref = push(stack, frame, word_at(bytes, layout->frame.code), (uint64_t)(int64_t)last);
		ref->first = word_at(bytes, layout->frame.first_local);
		frame = word_at(bytes, layout->frame.previous);
	}
	return true;
}

/* ---- 3.11 and on: _PyInterpreterFrame, mostly in the thread's data stack ---- */

/* The chunks of a data stack: the parts that hold frames, newest first. */
struct data_stack {
	struct {
		uint64_t start;
		size_t size;
	} chunks[MOST_CHUNKS];
	size_t count;
};

/* _PyStackChunk: previous, size in bytes, top in words (of those that are not the newest), then data. The newest one is
 * used up to the thread's datastack_top. */
static void find_chunks(struct snapshot *snapshot, uint64_t newest, uint64_t top, struct data_stack *data)
{
	data->count = 0;
	if (!newest || top <= newest || top - newest > MOST_CHUNK)
		return;
	uint64_t used = (top - newest + CHUNK_STEP - 1) / CHUNK_STEP * CHUNK_STEP;
	for (uint64_t chunk = newest; chunk && data->count < MOST_CHUNKS;) {
		const unsigned char *header = data->count ? snapshot_peek(snapshot, chunk, CHUNK_HEADER, 0, 0)
							  : snapshot_peek(snapshot, chunk, CHUNK_HEADER, chunk, used);
		if (!header)
			return;
		uint64_t words = word_at(header, 16);
		if (data->count)
			used = CHUNK_HEADER + words * 8;
		if (used > MOST_CHUNK || words > MOST_CHUNK)
			return;
		data->chunks[data->count].start = chunk;
		data->chunks[data->count++].size = (size_t)used;
		chunk = word_at(header, 0);
	}
}

static const unsigned char *peek_frame(
	struct snapshot *snapshot, const struct data_stack *data, size_t *chunk, uint64_t frame, size_t size)
{
	for (size_t tried = 0; tried < data->count; tried++, *chunk = (*chunk + 1) % data->count) {
		uint64_t start = data->chunks[*chunk].start;
		if (frame >= start && frame + size <= start + data->chunks[*chunk].size)
			return snapshot_peek(snapshot, frame, size, start, data->chunks[*chunk].size);
	}
	return snapshot_peek(snapshot, frame, size, 0, 0);
}

/* Free-threaded builds from 3.14 on: threads may run copies of their own of the bytecode, which co_tlbc lists (a size,
 * then pointers; the first is the code object's). The same place in the code object's; 0 if there is none. */
static uint64_t main_position(const struct layout *layout, struct snapshot *snapshot, uint64_t code, uint64_t position,
	const unsigned char *frame)
{
	int32_t number = 0;
	memcpy(&number, frame + layout->frame.copy_number, sizeof number);
	if (number <= 0 || number > MOST_COPIES || !code)
		return number ? 0 : position;
	uint64_t copies = snapshot_word(snapshot, code + layout->code.copies);
	uint64_t entry = copies ? snapshot_word(snapshot, copies + 8 + 8 * (uint64_t)number) : 0;
	return entry ? position - entry + code + layout->code.bytecode : 0;
}

static bool walk_frames(const struct target *target, struct snapshot *snapshot, uint64_t frame,
	const struct data_stack *data, struct pystack *stack)
{
	const struct layout *layout = &target->layout;
	struct circle circle = {0};
	size_t chunk = 0;
	for (size_t steps = 0; frame; steps++) {
		const unsigned char *bytes = peek_frame(snapshot, data, &chunk, frame, layout->frame.size);
		if (!bytes || steps >= 2 * MOST_DEPTH || stack->count >= MOST_DEPTH || is_circle(&circle, frame))
			return false;
		unsigned owner = bytes[layout->frame.owner];
		uint64_t code = word_at(bytes, layout->frame.code) & ~(uint64_t)3; /* 3.14 and on: a tagged reference */
		uint64_t position = word_at(bytes, layout->frame.position),
			 previous = word_at(bytes, layout->frame.previous);
		if (owner < OWNED_BY_C && layout->frame.copy_number)
			position = main_position(layout, snapshot, code, position, bytes);
		if (owner < OWNED_BY_C)
			push(stack, frame, code, position);
		else if (owner > 8)
			return false;
		frame = previous;
	}
	return true;
}

static bool contains(const struct pystack *stack, uint64_t frame)
{
	for (size_t i = 0; i < stack->count; i++)
		if (stack->frames[i].address == frame)
			return true;
	return !frame;
}

/* 3.11 and 3.12 note the current frame in a _PyCFrame on the C stack, a new one for each call of the interpreter from
 * C. A new one is in place a moment before its frame is noted: what it holds then is no frame, or an old one, and does
 * not lead to the frame of the one before, which is the right one. */
static bool walk_cframes(const struct target *target, struct snapshot *snapshot, uint64_t cframe,
	const struct data_stack *data, struct pystack *stack)
{
	const struct layout *layout = &target->layout;
	uint64_t current[2] = {0}, previous = 0;
	for (int i = 0; i < 2 && cframe; i++, cframe = previous) {
		const unsigned char *bytes = snapshot_peek(snapshot, cframe, CFRAME_BYTES, 0, 0);
		if (!bytes)
			return false;
		current[i] = word_at(bytes, layout->cframe_current);
		previous = word_at(bytes, layout->cframe_previous);
	}
	if (walk_frames(target, snapshot, current[0], data, stack) && contains(stack, current[1]))
		return true;
	stack->count = 0;
	return walk_frames(target, snapshot, current[1], data, stack);
}

bool walk_stack(const struct target *target, struct snapshot *snapshot, uint64_t thread, struct pystack *stack)
{
	static struct data_stack data;
	const struct layout *layout = &target->layout;
	const unsigned char *state = walk_thread(target, snapshot, thread);
	stack->count = 0;
	stack->complete = false;
	if (!state)
		return false;
	uint64_t frame = word_at(state, layout->thread.frame);
	if (layout->frames == FRAME_OBJECTS)
		return stack->complete = walk_objects(target, snapshot, frame, stack);
	uint64_t chunk = word_at(state, layout->thread.chunk), top = word_at(state, layout->thread.top);
	find_chunks(snapshot, chunk, top, &data);
	if (layout->frames == FRAME_CFRAME)
		return stack->complete = walk_cframes(target, snapshot, frame, &data, stack);
	return stack->complete = walk_frames(target, snapshot, frame, &data, stack);
}

static void insert_mark(struct pystack *stack, size_t place, uint64_t code, uint64_t address)
{
	push(stack, 0, 0, 0);
	memmove(stack->frames + place + 1, stack->frames + place, (stack->count - 1 - place) * sizeof *stack->frames);
	stack->frames[place] = (struct frame_ref){.address = address, .code = code};
}

void walk_mark_gc(const struct target *target, struct snapshot *snapshot, uint64_t thread, struct pystack *stack)
{
	const struct layout *layout = &target->layout;
	const unsigned char *state = walk_thread(target, snapshot, thread);
	uint64_t interpreter = state ? word_at(state, layout->thread.interpreter) : 0;
	uint64_t base = layout->minor <= 8 ? target->runtime : interpreter;
	if (!layout->gc.collecting || !interpreter || !(uint32_t)snapshot_word(snapshot, base + layout->gc.collecting))
		return;
	uint64_t frame = layout->gc.frame ? snapshot_word(snapshot, interpreter + layout->gc.frame) : 0;
	size_t place = 0;
	while (frame && place < stack->count && stack->frames[place].address != frame)
		place++;
	if (place == stack->count)
		place = 0;
	insert_mark(stack, place, CODE_GC, 0);
}

void walk_mark_exception(uint64_t class, struct pystack *stack)
{
	insert_mark(stack, 0, CODE_EXCEPTION, class);
}

bool pystack_equal(const struct pystack *a, const struct pystack *b)
{
	if (a->count != b->count || !a->complete || !b->complete)
		return false;
	size_t leaf = 0;
	while (leaf < a->count && a->frames[leaf].code < CODE_MARKS)
		leaf++;
	for (size_t i = 0; i < a->count; i++)
		if (a->frames[i].address != b->frames[i].address || a->frames[i].code != b->frames[i].code ||
			(i != leaf && a->frames[i].position != b->frames[i].position))
			return false;
	return true;
}
