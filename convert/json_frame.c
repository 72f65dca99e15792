#include "convert/json_frame.h"

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

void json_frame_read(struct json *json, const struct json_frame_keys *keys, struct json_frame *frame)
{
	struct text key;
	*frame = (struct json_frame){0};
	if (!json_enter(json, JSON_OBJECT))
		return;
	while (json_member(json, &key)) {
		if (text_is(key, keys->name))
			json_string(json, &frame->name);
		else if (text_is(key, keys->file))
			read_file(json, &frame->file);
		else if (text_is(key, keys->line))
			frame->line = json_number(json, keys->first_line - 1) - keys->first_line + 1;
		else
			json_skip(json);
	}
}

void json_frame_free(struct json_frame *frame)
{
	buffer_free(&frame->name);
	buffer_free(&frame->file);
}
