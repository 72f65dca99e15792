/* A V8 CPU profile in memory: nodes of a call tree, and samples that name nodes. */
#ifndef CONVERT_CPUPROFILE_MODEL_H
#define CONVERT_CPUPROFILE_MODEL_H

#include "convert/converter.h"
#include "convert/idmap.h"

/* A node as the input says it. */
struct cpuprofile_node {
	int64_t id, parent; /* -1: not said */
	struct buffer function, url;
	int64_t line; /* from 0; -1: none */
	double hits;
	int64_t *children; /* ids */
	size_t child_count, child_capacity;
};

enum cpuprofile_weight { CPUPROFILE_TIME, CPUPROFILE_COUNT, CPUPROFILE_HITS };

struct cpuprofile_rules {
	bool idle, no_places; /* keep (idle); leave files and lines out */
	enum cpuprofile_weight weight;
};

/* All zero is an empty one. */
struct cpuprofile {
	struct idmap ids; /* to the numbers of nodes */
	struct cpuprofile_entry {
		uint64_t id;
		int64_t parent; /* id, or -1 */
		uint32_t name;
		enum {
			CALL,
			ROOT,
			IDLE,
			ON_TOP
		} kind; /* ON_TOP: (garbage collector), (program): runs on top of what ran before */
		double hits;
		uint32_t node; /* where it stands in the stacks, + 1; 0: not known yet */
	} * nodes;
	size_t count, capacity;
	double *samples, *deltas; /* ids; microseconds since the sample before */
	size_t sample_count, sample_capacity, delta_count, delta_capacity;
	bool times;           /* deltas are times, not differences */
	double start, end;    /* microseconds, or 0 */
	struct buffer thread; /* "pid/tid" */
	struct {
		int64_t child, parent;
	} * links; /* from "children" lists */
	size_t link_count, link_capacity;
};

void cpuprofile_clear_node(struct cpuprofile_node *node);
void cpuprofile_free_node(struct cpuprofile_node *node);
/* Notes a child of the node that is being read. */
void cpuprofile_child(struct cpuprofile_node *node, int64_t id);
/* Adds a node. False if it has no id, or one that is there. */
bool cpuprofile_add(struct cpuprofile *profile, struct cpuprofile_node *node, struct stacks *stacks,
	const struct cpuprofile_rules *rules);

enum cpuprofile_series { CPUPROFILE_SAMPLES, CPUPROFILE_DELTAS, CPUPROFILE_TIMES };
void cpuprofile_number(struct cpuprofile *profile, enum cpuprofile_series series, double value);
/* Adds a later piece of the same profile. */
void cpuprofile_append(struct cpuprofile *profile, const struct cpuprofile *piece);
/* Adds its stacks; thread_name may be NULL. False if it has no samples. */
bool cpuprofile_write(struct cpuprofile *profile, const struct buffer *thread_name, struct stacks *stacks,
	const struct run *run, const struct cpuprofile_rules *rules);
void cpuprofile_free(struct cpuprofile *profile);

#endif
