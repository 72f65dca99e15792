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

uint32_t json_frame(struct json *json, struct json_frames *frames, bool places, struct stacks *stacks)
{
	const struct json_frame_keys *keys = frames->keys;
	double line = 0; /* not known */
	struct text key;
	buffer_clear(&frames->name);
	buffer_clear(&frames->file);
	if (json_enter(json, JSON_OBJECT))
		while (json_member(json, &key)) {
			if (text_is(key, keys->name))
				json_string(json, &frames->name);
			else if (text_is(key, keys->file))
				read_file(json, &frames->file);
			else if (text_is(key, keys->line))
				line = json_number(json, keys->first_line - 1) - keys->first_line + 1;
			else
				json_skip(json);
		}
	if (!frames->name.size && keys->unnamed)
		buffer_add_string(&frames->name, keys->unnamed);
	if (places)
		frame_place(&frames->name, buffer_text(&frames->file), line);
	return frame_name(stacks, buffer_text(&frames->name));
}

void json_frames_free(struct json_frames *frames)
{
	buffer_free(&frames->name);
	buffer_free(&frames->file);
}
