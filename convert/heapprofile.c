/* V8's sampling heap profiles (.heapprofile): bytes allocated by stack. */
#include "convert/converter.h"
#include "convert/frame.h"
#include "convert/json_frame.h"

#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

/* {"head":{"callFrame":{"functionName":"(root)","url":"","lineNumber":-1},"selfSize":0,"id":1,"children":[{...}]},"samples":[...]}
 * A node's callFrame and selfSize come before its children, as V8 writes them; a selfSize behind them counts all the
 * same. */

struct level {
	uint32_t node;
	double size; /* seen before the node's name */
	bool named;
};

struct reader {
	struct json *json;
	struct stacks *stacks;
	struct json_frames frames;
	struct level *levels;
	size_t depth, capacity;
};

static const struct json_frame_keys frame_keys = {"functionName", "url", "lineNumber", 0, "(anonymous)"};

static void name_level(struct reader *reader, struct level *level)
{
	uint32_t parent = reader->depth > 1 ? level[-1].node : 0;
	uint32_t name = json_frame(reader->json, &reader->frames, true, reader->stacks);
	bool root = text_is(reader->stacks->names.names[name], "(root)");
	level->node = root ? parent : stacks_child(reader->stacks, parent, name);
	level->named = true;
	if (level->size > 0)
		stacks_add(reader->stacks, level->node, level->size);
}

/* The tree, without recursion. */
static void read_head(struct reader *reader)
{
	do {
		struct json_token token = json_next(reader->json);
		struct level *level = reader->depth ? &reader->levels[reader->depth - 1] : NULL;
		if (token.kind == JSON_END)
			return;
		if (token.kind == JSON_OBJECT) {
			reader->levels =
				mem_grow(reader->levels, &reader->capacity, reader->depth + 1, sizeof *reader->levels);
			uint32_t parent = reader->depth ? reader->levels[reader->depth - 1].node : 0;
			reader->levels[reader->depth++] = (struct level){.node = parent};
		} else if (token.kind == JSON_OBJECT_END && level) {
			reader->depth--;
		} else if (token.kind == JSON_KEY && level && text_is(token.text, "callFrame")) {
			name_level(reader, level);
		} else if (token.kind == JSON_KEY && level && text_is(token.text, "selfSize")) {
			level->size = json_number(reader->json, 0);
			if (level->named && level->size > 0)
				stacks_add(reader->stacks, level->node, level->size);
		} else if (token.kind == JSON_KEY && !text_is(token.text, "children")) {
			json_skip(reader->json);
		}
	} while (reader->depth);
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct reader reader = {.json = json_open(source), .stacks = stacks, .frames.keys = &frame_keys};
	bool good = true;
	(void)run;
	while (json_file(reader.json)) {
		struct text key;
		bool head = false;
		reader.depth = 0;
		if (json_enter(reader.json, JSON_OBJECT))
			while (json_member(reader.json, &key)) {
				if (text_is(key, "head")) {
					read_head(&reader);
					head = true;
				} else {
					json_skip(reader.json);
				}
			}
		if (!head)
			report_error("this JSON holds no heap profile");
		good &= head;
	}
	good &= json_close(reader.json);
	json_frames_free(&reader.frames);
	free(reader.levels);
	return good;
}

static int detect(struct text head)
{
	return text_find(head, "\"selfSize\"") && text_find(head, "\"head\"") ? 90 : 0;
}

const struct converter heapprofile_converter = {
	.name = "heapprofile",
	.summary = "Converts V8's sampling heap profiles (.heapprofile) to folded stacks; weights are bytes.",
	.examples = "  node --heap-prof app.js; stackcollapse-heapprofile *.heapprofile | flamerender --countname "
		    "bytes --colors mem > out.svg\n",
	.detect = detect,
	.read = read,
};
