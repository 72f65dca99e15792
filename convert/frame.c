#include "convert/frame.h"

#include <math.h>
#include <stdlib.h>

#include "common/mem.h"

static const char unnamed[] = "[unknown]";

/* True for bytes that must not stand in a frame name: control bytes and the separator. */
static bool is_unfit(char c)
{
	return (unsigned char)c < ' ' || c == ';' || c == 0x7f;
}

uint32_t frame_name(struct stacks *stacks, struct text text)
{
	text = text_trim(text);
	if (!text.size)
		return stacks_name(stacks, unnamed, sizeof unnamed - 1);
	size_t fit = 0;
	while (fit < text.size && !is_unfit(text.at[fit]))
		fit++;
	if (fit == text.size)
		return stacks_name(stacks, text.at, text.size);
	struct buffer clean = {0};
	frame_fit(text, &clean);
	uint32_t name = stacks_name(stacks, clean.at, clean.size);
	buffer_free(&clean);
	return name;
}

void frame_fit(struct text text, struct buffer *out)
{
	size_t before = out->size;
	text = text_trim(text);
	buffer_add(out, text.size ? text.at : unnamed, text.size ? text.size : sizeof unnamed - 1);
	text_clean_frame(out->at + before, out->size - before);
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
