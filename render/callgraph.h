/* Stacks as a call graph: what each function weighs by itself and in all, and who calls whom. */
#ifndef RENDER_CALLGRAPH_H
#define RENDER_CALLGRAPH_H

#include "common/frame_parts.h"
#include "common/stacks.h"

struct callgraph_function {
	struct text name, file;
	double self, total; /* total: of the stacks in which it stands, counted once */
};

/* What a function weighs by itself at a line (0: not known). */
struct callgraph_line {
	uint32_t function;
	uint64_t line;
	double self;
};

/* All that the callee weighs (with what it calls) below the caller; stacks count once, calls to itself not at all. */
struct callgraph_edge {
	uint32_t caller, callee;
	uint64_t line; /* in the caller */
	double weight;
};

struct callgraph {
	struct intern names; /* function and file, with a NUL between */
	struct callgraph_function *functions;
	size_t capacity;
	struct intern line_keys, edge_keys; /* while it is made */
	struct callgraph_line *lines;       /* sorted by function and line */
	size_t line_count, line_capacity;
	struct callgraph_edge *edges; /* sorted by caller, line, callee */
	size_t edge_count, edge_capacity;
	size_t *first_edge;    /* by caller; and where those of the last one end */
	uint32_t *function_of; /* by name of the stacks */
	uint64_t *line_of;
};

/* `skip` frames at the root (threads) are left out. */
struct callgraph callgraph_of(const struct stacks *stacks, unsigned skip);
void callgraph_free(struct callgraph *graph);

#endif
