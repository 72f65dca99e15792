/* Frames in JSON: objects such as {"functionName":"f","url":"file:///app.js","lineNumber":3}. */
#ifndef CONVERT_JSON_FRAME_H
#define CONVERT_JSON_FRAME_H

#include "common/stacks.h"
#include "convert/json.h"

/* How it calls its members, and what stands for no name. */
struct json_frame_keys {
	const char *name, *file, *line;
	double first_line;   /* the number of a file's first line: 0 or 1 */
	const char *unnamed; /* or NULL: see frame_name */
};

/* The reader of a file's frames; all zero but for `keys`. */
struct json_frames {
	const struct json_frame_keys *keys;
	struct buffer name, file; /* of the frame that is read */
};

/* Reads the object that comes next: the number of its name, "f (/app.js:4)", or without places "f". Other members are
 * skipped. */
uint32_t json_frame(struct json *json, struct json_frames *frames, bool places, struct stacks *stacks);
void json_frames_free(struct json_frames *frames);

#endif
