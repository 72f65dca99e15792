#include "convert/frame.h"

#include <math.h>
#include <stdlib.h>

#include "common/mem.h"

/* True for bytes that must not stand in a frame name: control bytes and the separator. */
static bool is_unfit(char c)
{
	return (unsigned char)c < ' ' || c == ';' || c == 0x7f;
}

uint32_t frame_name(struct stacks *stacks, struct text text)
{
	text = text_trim(text);
	if (!text.size)
		return stacks_name(stacks, "[unknown]", 9);
	size_t fit = 0;
	while (fit < text.size && !is_unfit(text.at[fit]))
		fit++;
	if (fit == text.size)
		return stacks_name(stacks, text.at, text.size);
	char *clean = mem_alloc(text.size);
	memcpy(clean, text.at, text.size);
	text_clean_frame(clean, text.size);
	uint32_t name = stacks_name(stacks, clean, text.size);
	free(clean);
	return name;
}

void frame_place(struct buffer *name, struct text file, double line)
{
	if (!file.size)
		return;
	buffer_add_string(name, " (");
	buffer_add(name, file.at, file.size);
	if (line > 0) {
		char digits[TEXT_NUMBER_SIZE];
		buffer_add_char(name, ':');
		buffer_add(name, digits, text_from_number(digits, rint(line)));
	}
	buffer_add_char(name, ')');
}

uint32_t frame_child(struct stacks *stacks, uint32_t parent, struct text text)
{
	return stacks_child(stacks, parent, frame_name(stacks, text));
}

uint32_t frame_list_down(struct frame_list *list, struct stacks *stacks, uint32_t parent)
{
	while (list->count)
		parent = stacks_child(stacks, parent, list->names[--list->count]);
	return parent;
}

uint32_t frame_list_up(const struct frame_list *list, struct stacks *stacks, uint32_t parent)
{
	for (size_t i = 0; i < list->count; i++)
		parent = stacks_child(stacks, parent, list->names[i]);
	return parent;
}

void frame_list_free(struct frame_list *list)
{
	free(list->names);
	*list = (struct frame_list){0};
}
