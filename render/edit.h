/* Rewriting stacks before they are merged: --colors chain and --base. */
#ifndef RENDER_EDIT_H
#define RENDER_EDIT_H

#include "common/opt.h"
#include "common/text.h"

struct edit {
	bool chain;            /* mark the frames behind "--" with _[w] */
	struct opt_list bases; /* cut stacks so that they begin with one of these frames */
};

/* For folded_rules.edit, with a struct edit as context: writes the new stack; false drops it (it has no base). */
bool edit_stack(struct text stack, struct buffer *out, void *context);

#endif
