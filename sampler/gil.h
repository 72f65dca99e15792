/* The GILs of a process and who holds them: there is one, but sub-interpreters may have GILs of their own from 3.12 on.
 */
#ifndef SAMPLER_GIL_H
#define SAMPLER_GIL_H

#include "sampler/snapshot.h"
#include "sampler/target.h"

/* Whose turn it is, or was last. As long as this is the same no other thread has run Python. */
struct gil_turn {
	uint64_t last_holder;
	uint64_t number; /* of changes of holders */
};

struct gil {
	uint64_t address;         /* where its holder is noted */
	uint64_t holder;          /* the thread state that held it at the last gils_read; 0: none did */
	struct snapshot snapshot; /* of what stands while its holder is stopped, or of all threads' states */
	uint64_t *threads;        /* that take it, as they were when */
	size_t thread_count;
	struct gil_turn turn; /* it was this one's turn */
};

struct gils {
	struct gil *list;
	size_t count, capacity;
	struct {
		uint64_t address, gil;
	} * interpreters;
	size_t interpreter_count;
	uint64_t head; /* the newest interpreter; 0: they are to be looked for */
	unsigned reads;
};

/* Reads who holds each GIL, with one call; looks for interpreters that are new or gone. All zero before. */
void gils_read(struct gils *gils, const struct target *target);
/* The only GIL, if it had a holder at the last gils_read, so that this need not be asked first; NULL now and then, when
 * interpreters are to be looked for. */
struct gil *gils_unchanged(struct gils *gils);
/* True if that one still holds it, as far as the snapshot tells, and (asked for now and then) there are no new
 * interpreters. */
bool gils_is_held(
	const struct gils *gils, const struct gil *gil, const struct target *target, struct snapshot *snapshot);
/* Who holds it now, out of the snapshot; 0: nobody. */
uint64_t gil_holder(const struct gil *gil, const struct target *target, struct snapshot *snapshot);
/* Whose turn it is, out of the snapshot; all 0: the version does not tell. */
struct gil_turn gil_turn(const struct gil *gil, const struct target *target, struct snapshot *snapshot);
/* The thread states that take this GIL, out of the snapshot if there is one; at most `most`. Returns their number. */
size_t gil_threads(const struct gils *gils, const struct gil *gil, const struct target *target,
	struct snapshot *snapshot, uint64_t *list, size_t most);
void gils_free(struct gils *gils);

#endif
