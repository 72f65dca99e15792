#include "sampler/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "common/hash.h"
#include "common/mem.h"
#include "sampler/remote.h"

enum { MOST_RANGES = 1 << 18, MOST_AHEAD = 1 << 14 };

static size_t slot_for(const struct snapshot *snapshot, uint64_t address)
{
	size_t mask = snapshot->index_size - 1, i = hash_mix(address, 0) & mask;
	while (snapshot->index[i] && snapshot->ranges[snapshot->index[i] - 1].address != address)
		i = (i + 1) & mask;
	return i;
}

static void note_range(struct snapshot *snapshot, size_t number)
{
	snapshot->index[slot_for(snapshot, snapshot->ranges[number].address)] = (uint32_t)number + 1;
	if (snapshot->ranges[number].wide && snapshot->wide_count < WIDE_RANGES)
		snapshot->wide[snapshot->wide_count++] = (uint32_t)number;
}

/* The index for the ranges that are there, with room for as many more. */
static void make_index(struct snapshot *snapshot)
{
	size_t size = 256;
	while (size < snapshot->count * 4)
		size *= 2;
	if (size > snapshot->index_size) {
		snapshot->index = mem_resize(snapshot->index, size, sizeof *snapshot->index);
		snapshot->index_size = size;
	}
	memset(snapshot->index, 0, snapshot->index_size * sizeof *snapshot->index);
	snapshot->wide_count = snapshot->last_wide = 0;
	for (size_t i = 0; i < snapshot->count; i++)
		note_range(snapshot, i);
}

static size_t add_range(struct snapshot *snapshot, uint64_t address, size_t size, bool wide)
{
	snapshot->ranges =
		mem_grow(snapshot->ranges, &snapshot->capacity, snapshot->count + 1, sizeof *snapshot->ranges);
	snapshot->bytes = mem_grow(snapshot->bytes, &snapshot->byte_capacity, snapshot->size + size, 1);
	snapshot->ranges[snapshot->count] = (struct range){
		.address = address, .size = (uint32_t)size, .place = (uint32_t)snapshot->size, .wide = wide};
	snapshot->size += size;
	return snapshot->count++;
}

static int compare_ranges(const void *a, const void *b)
{
	uint64_t left = ((const struct range *)a)->address, right = ((const struct range *)b)->address;
	return left < right ? -1 : left > right;
}

static bool are_sorted(const struct snapshot *snapshot)
{
	for (size_t i = 1; i < snapshot->count; i++)
		if (snapshot->ranges[i].address < snapshot->ranges[i - 1].address)
			return false;
	return true;
}

static uint64_t next_reading(void)
{
	static uint64_t readings;
	return ++readings;
}

/* Forgets the ranges that were not used (lately), and gives the others new places, by address: neighbours are read
 * together. */
static void keep_used(struct snapshot *snapshot)
{
	snapshot->number = next_reading();
	size_t kept = 0, size = 0;
	for (size_t i = 0; i < snapshot->count && kept < MOST_AHEAD; i++) {
		struct range *range = &snapshot->ranges[i];
		range->unused = range->used ? 0 : range->unused + 1;
		if (range->unused <= snapshot->keep)
			snapshot->ranges[kept++] = *range;
	}
	snapshot->count = kept;
	if (!are_sorted(snapshot))
		mem_sort(snapshot->ranges, kept, sizeof *snapshot->ranges, compare_ranges);
	for (size_t i = 0; i < kept; i++) {
		snapshot->ranges[i].place = (uint32_t)size;
		snapshot->ranges[i].used = false;
		size += snapshot->ranges[i].size;
	}
	snapshot->size = size;
	snapshot->mirror_size = 0;
}

static struct piece piece_of(const struct snapshot *snapshot, size_t i, unsigned char *bytes)
{
	const struct range *range = &snapshot->ranges[i];
	return (struct piece){range->address, bytes + range->place, range->size};
}

void snapshot_begin(struct snapshot *snapshot)
{
	static struct piece pieces[MOST_AHEAD];
	keep_used(snapshot);
	for (size_t i = 0; i < snapshot->count; i++)
		pieces[i] = piece_of(snapshot, i, snapshot->bytes);
	if (snapshot->count)
		snapshot->count = remote_read_pieces(snapshot->pid, pieces, snapshot->count);
	make_index(snapshot);
}

/* pieces[count], ...: the second copies; the pieces that are read together stay in order. */
static void add_second(const struct snapshot *snapshot, struct piece *pieces, bool opposite)
{
	size_t count = snapshot->count, to = count;
	if (!opposite)
		for (size_t i = 0; i < count; i++)
			pieces[to++] = piece_of(snapshot, i, snapshot->mirror);
	for (size_t first = count, end = count; opposite && end; end = first) {
		while (remote_is_joined(pieces, --first))
			;
		for (size_t i = first; i < end; i++)
			pieces[to++] = piece_of(snapshot, i, snapshot->mirror);
	}
}

void snapshot_begin_twice(struct snapshot *snapshot, bool opposite)
{
	static struct piece pieces[2 * MOST_AHEAD];
	keep_used(snapshot);
	size_t count = snapshot->count;
	make_index(snapshot);
	if (!count)
		return;
	snapshot->mirror = mem_grow(snapshot->mirror, &snapshot->mirror_capacity, snapshot->size, 1);
	for (size_t i = 0; i < count; i++)
		pieces[i] = piece_of(snapshot, i, snapshot->bytes);
	add_second(snapshot, pieces, opposite);
	size_t got = remote_read_pieces(snapshot->pid, pieces, 2 * count);
	if (got == 2 * count)
		snapshot->mirror_size = snapshot->size;
	else
		snapshot->count = got < count ? got : count;
	make_index(snapshot);
}

bool snapshot_turn(struct snapshot *snapshot)
{
	if (!snapshot->mirror_size || snapshot->mirror_size != snapshot->size)
		return false;
	memcpy(snapshot->bytes, snapshot->mirror, snapshot->size);
	snapshot->number = next_reading();
	return true;
}

void snapshot_fetch(struct snapshot *snapshot, const uint64_t *addresses, size_t count, size_t size)
{
	snapshot->count = snapshot->size = 0;
	for (size_t i = 0; i < count && i < MOST_AHEAD; i++) {
		size_t number = add_range(snapshot, addresses[i], size, false);
		snapshot->ranges[number].used = true;
	}
	snapshot_begin(snapshot);
}

static const void *find(struct snapshot *snapshot, size_t i, uint64_t address, size_t size)
{
	struct range *range = &snapshot->ranges[i];
	if (address < range->address || address - range->address > range->size ||
		size > range->size - (address - range->address))
		return NULL;
	range->used = true;
	return snapshot->bytes + range->place + (address - range->address);
}

static const void *look_up(struct snapshot *snapshot, uint64_t address, size_t size)
{
	const void *found =
		snapshot->wide_count ? find(snapshot, snapshot->wide[snapshot->last_wide], address, size) : NULL;
	if (found)
		return found;
	uint32_t number = snapshot->index_size ? snapshot->index[slot_for(snapshot, address)] : 0;
	if (number)
		found = find(snapshot, number - 1, address, size);
	for (size_t i = 0; i < snapshot->wide_count && !found; i++)
		if ((found = find(snapshot, snapshot->wide[i], address, size)) != NULL)
			snapshot->last_wide = i;
	return found;
}

const void *snapshot_peek(struct snapshot *snapshot, uint64_t address, size_t size, uint64_t from, size_t ahead)
{
	if (address + size < address)
		return NULL;
	const void *found = look_up(snapshot, address, size);
	if (found || snapshot->count >= MOST_RANGES)
		return found;
	bool around = ahead && from <= address && address + size <= from + ahead;
	for (int attempt = around ? 0 : 1; attempt < 2; attempt++) {
		size_t i = attempt ? add_range(snapshot, address, size, false) : add_range(snapshot, from, ahead, true);
		const struct range *range = &snapshot->ranges[i];
		if (remote_read(snapshot->pid, range->address, snapshot->bytes + range->place, range->size)) {
			if (snapshot->count * 2 > snapshot->index_size)
				make_index(snapshot);
			else
				note_range(snapshot, i);
			return find(snapshot, i, address, size);
		}
		snapshot->count--;
		snapshot->size -= range->size;
	}
	return NULL;
}

uint64_t snapshot_word(struct snapshot *snapshot, uint64_t address)
{
	const unsigned char *bytes = snapshot_peek(snapshot, address, sizeof(uint64_t), 0, 0);
	return bytes ? word_at(bytes, 0) : 0;
}

void snapshot_free(struct snapshot *snapshot)
{
	free(snapshot->ranges);
	free(snapshot->bytes);
	free(snapshot->mirror);
	free(snapshot->index);
	*snapshot = (struct snapshot){0};
}
