/* Frames in JSON: objects such as {"functionName":"f","url":"file:///app.js","lineNumber":3}. */
#ifndef CONVERT_JSON_FRAME_H
#define CONVERT_JSON_FRAME_H

#include "common/text.h"
#include "convert/json.h"

/* What such an object says; all zero is empty. */
struct json_frame {
	struct buffer name, file; /* file: without "file://" */
	double line;              /* 0: not known */
};
/* How it calls these. */
struct json_frame_keys {
	const char *name, *file, *line;
	double first_line; /* the number of a file's first line: 0 or 1 */
};

/* Reads the object that comes next; other members are skipped. */
void json_frame_read(struct json *json, const struct json_frame_keys *keys, struct json_frame *frame);
void json_frame_free(struct json_frame *frame);

#endif
