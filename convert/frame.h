/* Frames whose names come from outside: made fit for folded text. */
#ifndef CONVERT_FRAME_H
#define CONVERT_FRAME_H

#include "common/mem.h"
#include "common/stacks.h"

/* The number of a frame name: blanks at both ends are cut, ";" becomes ":", line ends and other control bytes become
 * blanks; an empty name becomes "[unknown]". */
uint32_t frame_name(struct stacks *stacks, struct text text);
/* Appends such a name. */
void frame_fit(struct text text, struct buffer *out);
/* Puts the place behind what `name` holds: " (file:line)", without the line if that is not above 0; nothing if there is
 * no file. */
void frame_place(struct buffer *name, struct text file, double line);
/* The child of `parent` with that name. */
uint32_t frame_child(struct stacks *stacks, uint32_t parent, struct text text);

/* The frames of one stack that is cut from its leaf to its root: names are kept and then gone down in the other
 * direction. All zero is an empty one. */
struct frame_list {
	uint32_t *names;
	size_t count, capacity;
};
static inline void frame_list_add(struct frame_list *list, uint32_t name)
{
	list->names = mem_grow(list->names, &list->capacity, list->count + 1, sizeof *list->names);
	list->names[list->count++] = name;
}
/* The node of the stack below `parent`, the last name first; empties the list. */
uint32_t frame_list_down(struct frame_list *list, struct stacks *stacks, uint32_t parent);
/* The same without emptying it: the first name first. */
uint32_t frame_list_up(const struct frame_list *list, struct stacks *stacks, uint32_t parent);
void frame_list_free(struct frame_list *list);

#endif
