#include "sampler/exceptions.h"

#include "sampler/classes.h"
#include "sampler/remote.h"
#include "sampler/walk.h"

/* Py_TPFLAGS_BASE_EXC_SUBCLASS */
static const uint64_t exception_subclass = 1U << 30;
enum { MOST_HANDLED = 1024 };

/* The class, if the object is an exception, or (`is_class`) a class of exceptions: not None, nor anything else. */
static uint64_t class_of(const struct layout *layout, struct snapshot *snapshot, uint64_t object, bool is_class)
{
	uint64_t class = object && !is_class ? snapshot_word(snapshot, object + layout->object.type) : object;
	uint64_t meta = class ? snapshot_word(snapshot, class + layout->object.type) : 0;
	bool known = meta && classes_flags(layout, snapshot, meta) & CLASS_OF_CLASSES;
	return known && classes_flags(layout, snapshot, class) & exception_subclass ? class : 0;
}

/* The exceptions that are being handled, the innermost first: an item is {exception, ..., previous item}, and one that
 * has none belongs to a generator. */
static uint64_t handled_class(const struct layout *layout, struct snapshot *snapshot, uint64_t item)
{
	uint64_t class = 0;
	for (int i = 0; i < MOST_HANDLED && item && !class; i++) {
		const unsigned char *bytes = snapshot_peek(snapshot, item, layout->exception.previous + 8, 0, 0);
		if (!bytes)
			break;
		item = word_at(bytes, layout->exception.previous);
		class = class_of(layout, snapshot, word_at(bytes, 0), layout->exception.handles_class);
	}
	return class;
}

uint64_t exceptions_class(const struct target *target, struct snapshot *snapshot, uint64_t thread)
{
	const struct layout *layout = &target->layout;
	const unsigned char *state = walk_thread(target, snapshot, thread);
	if (!state)
		return 0;
	uint64_t raised = word_at(state, layout->exception.raised), handled = word_at(state, layout->exception.handled);
	uint64_t class = class_of(layout, snapshot, raised, layout->exception.raises_class);
	if (class)
		return class;
	return layout->exception.previous ? handled_class(layout, snapshot, handled)
					  : class_of(layout, snapshot, handled, layout->exception.handles_class);
}
