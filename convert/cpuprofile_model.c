#include "convert/cpuprofile_model.h"

#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"
#include "convert/frame.h"
#include "convert/lanes.h"

void cpuprofile_clear_node(struct cpuprofile_node *node)
{
	node->id = node->parent = node->line = -1;
	node->hits = 0;
	node->child_count = 0;
	buffer_clear(&node->function);
	buffer_clear(&node->url);
}

void cpuprofile_free_node(struct cpuprofile_node *node)
{
	buffer_free(&node->function);
	buffer_free(&node->url);
	free(node->children);
}

void cpuprofile_child(struct cpuprofile_node *node, int64_t id)
{

	node->children = mem_grow(node->children, &node->child_capacity, node->child_count + 1, sizeof *node->children);
	node->children[node->child_count++] = id;
}

/* "work (app.js:12)" */
static uint32_t name_of(const struct cpuprofile_node *node, struct stacks *stacks, const struct cpuprofile_rules *rules)
{
	struct buffer name = {0};
	struct text function = buffer_text(&node->function), url = buffer_text(&node->url);
	if (!function.size)
		function = text_of("(anonymous)");
	if (text_starts(url, "file://"))
		url = (struct text){url.at + 7, url.size - 7};
	buffer_add(&name, function.at, function.size);
	if (!rules->no_places)
		frame_place(&name, url, (double)node->line + 1);
	uint32_t number = frame_name(stacks, buffer_text(&name));
	buffer_free(&name);
	return number;
}

bool cpuprofile_add(struct cpuprofile *profile, struct cpuprofile_node *node, struct stacks *stacks,
	const struct cpuprofile_rules *rules)
{
	if (node->id < 0 || !idmap_add(&profile->ids, (uint64_t)node->id, (uint32_t)profile->count))
		return false;
	struct text function = buffer_text(&node->function);
	struct cpuprofile_entry entry = {.id = (uint64_t)node->id, .parent = node->parent, .hits = node->hits};
	if (text_is(function, "(root)"))
		entry.kind = ROOT;
	else if (text_is(function, "(idle)"))
		entry.kind = IDLE;
	else if (text_is(function, "(program)") || text_is(function, "(garbage collector)"))
		entry.kind = ON_TOP;
	entry.name = name_of(node, stacks, rules);
	profile->nodes = mem_grow(profile->nodes, &profile->capacity, profile->count + 1, sizeof *profile->nodes);
	profile->nodes[profile->count++] = entry;
	for (size_t i = 0; i < node->child_count; i++) {
		profile->links = mem_grow(
			profile->links, &profile->link_capacity, profile->link_count + 1, sizeof *profile->links);
		profile->links[profile->link_count].child = node->children[i];
		profile->links[profile->link_count++].parent = node->id;
	}
	return true;
}

void cpuprofile_number(struct cpuprofile *profile, enum cpuprofile_series series, double value)
{
	if (series == CPUPROFILE_SAMPLES) {
		profile->samples = mem_grow(profile->samples, &profile->sample_capacity, profile->sample_count + 1,
			sizeof *profile->samples);
		profile->samples[profile->sample_count++] = value;
		return;
	}
	profile->times |= series == CPUPROFILE_TIMES;
	profile->deltas =
		mem_grow(profile->deltas, &profile->delta_capacity, profile->delta_count + 1, sizeof *profile->deltas);
	profile->deltas[profile->delta_count++] = value;
}

void cpuprofile_append(struct cpuprofile *profile, const struct cpuprofile *piece)
{
	for (size_t i = 0; i < piece->count; i++) {
		if (!idmap_add(&profile->ids, piece->nodes[i].id, (uint32_t)profile->count))
			continue;
		profile->nodes =
			mem_grow(profile->nodes, &profile->capacity, profile->count + 1, sizeof *profile->nodes);
		profile->nodes[profile->count++] = piece->nodes[i];
	}
	for (size_t i = 0; i < piece->link_count; i++) {
		profile->links = mem_grow(
			profile->links, &profile->link_capacity, profile->link_count + 1, sizeof *profile->links);
		profile->links[profile->link_count].child = piece->links[i].child;
		profile->links[profile->link_count++].parent = piece->links[i].parent;
	}
	for (size_t i = 0; i < piece->sample_count; i++)
		cpuprofile_number(profile, CPUPROFILE_SAMPLES, piece->samples[i]);
	for (size_t i = 0; i < piece->delta_count; i++)
		cpuprofile_number(profile, CPUPROFILE_DELTAS, piece->deltas[i]);
	if (piece->start > 0 && profile->start == 0)
		profile->start = piece->start;
	if (piece->end > profile->end)
		profile->end = piece->end;
}

static void link_children(struct cpuprofile *profile)
{
	for (size_t i = 0; i < profile->link_count; i++) {
		int64_t child = idmap_find(&profile->ids, (uint64_t)profile->links[i].child);
		if (child >= 0 && profile->nodes[child].parent < 0)
			profile->nodes[child].parent = profile->links[i].parent;
	}
}

/* The node's place below `base`; cyclic parents end at the length of the table. */
static uint32_t place_of(struct cpuprofile *profile, size_t number, struct stacks *stacks, uint32_t base)
{
	struct frame_list list = {0};
	uint32_t node = base;
	size_t at = number;
	while (list.count <= profile->count && profile->nodes[at].kind != ROOT) {
		if (profile->nodes[at].node) {
			node = profile->nodes[at].node - 1;
			break;
		}
		frame_list_add(&list, profile->nodes[at].name);
		int64_t parent = profile->nodes[at].parent < 0
					 ? -1
					 : idmap_find(&profile->ids, (uint64_t)profile->nodes[at].parent);
		if (parent < 0)
			break;
		at = (size_t)parent;
	}
	node = frame_list_down(&list, stacks, node);
	frame_list_free(&list);
	profile->nodes[number].node = node + 1;
	return node;
}

/* How long the sample lasted: up to the next one, the last one to the profile's end or as long as they last on the
 * average. */
static double duration_of(const struct cpuprofile *profile, size_t sample)
{
	const double *deltas = profile->deltas;
	double duration = 0;
	if (sample + 1 < profile->delta_count)
		duration = profile->times ? deltas[sample + 1] - deltas[sample] : deltas[sample + 1];
	return duration > 0 ? duration : 0;
}

static double last_duration(const struct cpuprofile *profile)
{
	double sum = 0, last = profile->start;
	for (size_t i = 0; i < profile->delta_count; i++)
		last = profile->times ? profile->deltas[i] : last + profile->deltas[i];
	for (size_t i = 0; i + 1 < profile->sample_count; i++)
		sum += duration_of(profile, i);
	double mean = profile->sample_count > 1 ? sum / (double)(profile->sample_count - 1) : 0;
	double left = profile->start > 0 ? profile->end - last : 0;
	return left > 0 && left < 10 * mean ? left : left > 0 ? mean : 0;
}

static void write_hits(
	struct cpuprofile *profile, struct stacks *stacks, uint32_t base, const struct cpuprofile_rules *rules)
{
	for (size_t i = 0; i < profile->count; i++) {
		const struct cpuprofile_entry *entry = &profile->nodes[i];
		if (entry->hits > 0 && entry->kind != ROOT && (entry->kind != IDLE || rules->idle))
			stacks_add(stacks, place_of(profile, i, stacks, base), entry->hits);
	}
}

static void write_samples(struct cpuprofile *profile, struct stacks *stacks, const struct run *run, uint32_t base,
	const struct cpuprofile_rules *rules)
{
	uint32_t last = base;
	double at_end = last_duration(profile);
	bool count = rules->weight == CPUPROFILE_COUNT || !profile->delta_count;
	if (profile->sample_count && !profile->delta_count)
		report_warning("the profile has no times: %s",
			run->ordered ? "its samples are left out" : "samples are counted");
	for (size_t i = 0; i < profile->sample_count; i++) {
		int64_t number = idmap_find_number(&profile->ids, profile->samples[i]);
		double weight = i + 1 < profile->sample_count ? duration_of(profile, i) : at_end;
		if (!run->ordered && count)
			weight = 1;
		uint32_t node = base;
		const struct cpuprofile_entry *entry = number < 0 ? NULL : &profile->nodes[number];
		if (entry && entry->kind == ON_TOP)
			node = stacks_child(stacks, last, entry->name);
		else if (entry && entry->kind != ROOT && (entry->kind != IDLE || rules->idle))
			node = last = place_of(profile, (size_t)number, stacks, base);
		else
			last = base;
		if (weight > 0 && (node != base || run->ordered))
			stacks_add(stacks, node, weight);
	}
}

bool cpuprofile_write(struct cpuprofile *profile, const struct buffer *thread_name, struct stacks *stacks,
	const struct run *run, const struct cpuprofile_rules *rules)
{
	struct lane lane = {0};
	struct text thread = buffer_text(&profile->thread);
	const char *slash = memchr(thread.at, '/', thread.size);
	if (slash) {
		lane.pid = (struct text){thread.at, (size_t)(slash - thread.at)};
		lane.tid = (struct text){slash + 1, thread.size - lane.pid.size - 1};
	}
	if (thread_name)
		lane.thread = buffer_text(thread_name);
	uint32_t name, base = lane_node(run, stacks, &lane, &name);
	link_children(profile);
	bool hits_only = !profile->sample_count && profile->count > 0;
	if (hits_only && rules->weight != CPUPROFILE_HITS)
		report_warning("the profile has no samples: %s",
			run->ordered ? "it has no times" : "the nodes' hits are counted");
	if ((rules->weight == CPUPROFILE_HITS || hits_only) && !run->ordered)
		write_hits(profile, stacks, base, rules);
	else
		write_samples(profile, stacks, run, base, rules);
	return profile->sample_count > 0 || profile->count > 0;
}

void cpuprofile_free(struct cpuprofile *profile)
{
	idmap_free(&profile->ids);
	free(profile->nodes);
	free(profile->samples);
	free(profile->deltas);
	free(profile->links);
	buffer_free(&profile->thread);
	*profile = (struct cpuprofile){0};
}
