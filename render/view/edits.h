/* Changes of the stacks before they are drawn: one thread, leaf first, without a function, below a function. */
#ifndef RENDER_VIEW_EDITS_H
#define RENDER_VIEW_EDITS_H

#include "common/stacks.h"

enum edit_kind {
	EDIT_THREAD, /* only stacks with this root frame */
	EDIT_INVERT, /* leaf first: who is called, by whom */
	EDIT_HIDE,   /* without the frames of this function: their weight goes to the callers */
	EDIT_ONLY,   /* from the first frame of this function on; stacks without it are left out */
};

struct edit_step {
	enum edit_kind kind;
	char *name; /* owned; NULL for EDIT_INVERT */
	size_t size;
};

/* Applied one after the other. All zero is none. */
struct edits {
	struct edit_step *steps;
	size_t count, capacity;
};

/* Puts the step where it belongs: the thread first, then the turning round, then the others as they come. A second
 * thread replaces the first. */
void edits_add(struct edits *edits, enum edit_kind kind, struct text name);
/* Takes the last step of a kind away; false if there is none. */
bool edits_remove(struct edits *edits, enum edit_kind kind);
const struct edit_step *edits_find(const struct edits *edits, enum edit_kind kind);
struct edits edits_copy(const struct edits *edits);
void edits_free(struct edits *edits);

/* The changed stacks: a new table, or the given one itself if there is nothing to do. *cut is set if turned stacks had
 * to lose the frames far from their leaf, because there would be too many. */
struct stacks *edits_apply(const struct edits *edits, struct stacks *stacks, bool *cut);

#endif
