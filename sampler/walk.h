/* From a thread state to its frames. */
#ifndef SAMPLER_WALK_H
#define SAMPLER_WALK_H

#include "sampler/snapshot.h"
#include "sampler/target.h"

/* A frame as it stands in the target: names and lines are codecache's matter. */
struct frame_ref {
	uint64_t address;  /* of the frame */
	uint64_t code;     /* of its code object */
	uint64_t position; /* f_lasti, or the address of the instruction */
	uint64_t first;    /* up to 3.10: the object that is its first local variable, until its class is known; or 0 */
	uint32_t class;    /* see codecache_guess_class; 0: none */
};

/* The frames of one thread, leaf first. */
struct pystack {
	struct frame_ref *frames;
	size_t count, capacity;
	bool complete; /* the walk ended where stacks end */
};

/* The part of a thread state that all here need, out of the snapshot; NULL if it cannot be read. */
const unsigned char *walk_thread(const struct target *target, struct snapshot *snapshot, uint64_t thread);
/* Walks the frames of the thread. False, with what was found, if the chain is broken, goes in circles or is deeper than
 * 100,000. */
bool walk_stack(const struct target *target, struct snapshot *snapshot, uint64_t thread, struct pystack *stack);
/* True if both show the same frames: callers at the same instruction, the leaf in the same code object. */
bool pystack_equal(const struct pystack *a, const struct pystack *b);

/* What is no code object, but marks what the thread does. */
enum { CODE_GC = 1, CODE_EXCEPTION, CODE_MARKS };
/* Marks in the walked stack of a thread that runs that it collects garbage: by a frame whose code is CODE_GC, before
 * the frame that the collection interrupted (3.15 and on), or as the leaf. */
void walk_mark_gc(const struct target *target, struct snapshot *snapshot, uint64_t thread, struct pystack *stack);
/* Marks that it raises or handles an exception of this class, by a leaf whose code is CODE_EXCEPTION and whose address
 * is the class's. */
void walk_mark_exception(uint64_t class, struct pystack *stack);

#endif
