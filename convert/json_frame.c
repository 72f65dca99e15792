#include "convert/json_frame.h"

#include "convert/frame.h"

static void read_file(struct json *json, struct buffer *file)
{
	static const char scheme[] = "file://";
	size_t size = sizeof scheme - 1;
	json_string(json, file);
	if (text_starts(buffer_text(file), scheme)) {
		memmove(file->at, file->at + size, file->size - size + 1);
		file->size -= size;
	}
}

uint32_t json_frame(struct json *json, const struct json_frame_keys *keys, bool places, struct stacks *stacks)
{
	struct buffer name = {0}, file = {0};
	double line = 0; /* not known */
	struct text key;
	if (json_enter(json, JSON_OBJECT))
		while (json_member(json, &key)) {
			if (text_is(key, keys->name))
				json_string(json, &name);
			else if (text_is(key, keys->file))
				read_file(json, &file);
			else if (text_is(key, keys->line))
				line = json_number(json, keys->first_line - 1) - keys->first_line + 1;
			else
				json_skip(json);
		}
	if (!name.size && keys->unnamed)
		buffer_add_string(&name, keys->unnamed);
	if (places)
		frame_place(&name, buffer_text(&file), line);
	uint32_t number = frame_name(stacks, buffer_text(&name));
	buffer_free(&name);
	buffer_free(&file);
	return number;
}
