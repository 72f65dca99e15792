#include "convert/ghcprof_json.h"

#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"
#include "convert/frame.h"
#include "convert/json.h"

/* {"cost_centres": [{"id": 1, "label": "main", "module": "Main", ...}, ...],
 *  "profile": {"id": 1, "ticks": 3, "alloc": 100, "children": [...]}} */

struct reader {
	struct json *json;
	struct stacks *stacks;
	bool bytes;
	struct id_name {
		int64_t id;
		uint32_t name;
	} * centres;
	size_t count, capacity;
	uint32_t *path; /* the nodes of the open objects of the tree */
	size_t path_capacity;
};

static void read_centre(struct reader *reader)
{
	struct buffer label = {0}, module = {0};
	struct text key;
	int64_t id = -1;
	if (!json_enter(reader->json, JSON_OBJECT))
		return;
	while (json_member(reader->json, &key)) {
		if (text_is(key, "id"))
			id = json_integer(reader->json, -1);
		else if (text_is(key, "label"))
			json_string(reader->json, &label);
		else if (text_is(key, "module"))
			json_string(reader->json, &module);
		else
			json_skip(reader->json);
	}
	buffer_add_char(&module, '.');
	buffer_add(&module, label.at, label.size);
	reader->centres = mem_grow(reader->centres, &reader->capacity, reader->count + 1, sizeof *reader->centres);
	reader->centres[reader->count++] = (struct id_name){id, frame_name(reader->stacks, buffer_text(&module))};
	buffer_free(&label);
	buffer_free(&module);
}

static int compare_ids(const void *a, const void *b)
{
	const struct id_name *x = a, *y = b;
	return (x->id > y->id) - (x->id < y->id);
}

static void read_centres(struct reader *reader)
{
	if (!json_enter(reader->json, JSON_ARRAY))
		return;
	while (json_element(reader->json))
		read_centre(reader);
	mem_sort(reader->centres, reader->count, sizeof *reader->centres, compare_ids);
}

static uint32_t name_of(const struct reader *reader, int64_t id)
{
	const struct id_name key = {.id = id};
	const struct id_name *found =
		reader->count ? bsearch(&key, reader->centres, reader->count, sizeof key, compare_ids) : NULL;
	return found ? found->name : stacks_name(reader->stacks, "[unknown]", 9);
}

/* The tree is read without recursion: an object's children come behind its own numbers (GHC writes them so; an id that
 * comes behind the children names only what follows). */
static void read_tree(struct reader *reader)
{
	struct json *json = reader->json;
	size_t depth = 0; /* open objects */
	if (json_peek(json).kind != JSON_OBJECT) {
		json_skip(json);
		return;
	}
	reader->path = mem_grow(reader->path, &reader->path_capacity, 1, sizeof *reader->path);
	reader->path[0] = 0;
	do {
		struct json_token token = json_next(json);
		if (token.kind == JSON_END)
			return;
		if (token.kind == JSON_OBJECT) {
			depth++;
			reader->path = mem_grow(reader->path, &reader->path_capacity, depth + 1, sizeof *reader->path);
			reader->path[depth] = reader->path[depth - 1];
		} else if (token.kind == JSON_OBJECT_END) {
			depth--;
		} else if (token.kind == JSON_KEY && text_is(token.text, "id")) {
			uint32_t name = name_of(reader, json_integer(json, -1));
			reader->path[depth] = stacks_child(reader->stacks, reader->path[depth - 1], name);
		} else if (token.kind == JSON_KEY && text_is(token.text, reader->bytes ? "alloc" : "ticks")) {
			double weight = json_number(json, 0);
			if (weight > 0)
				stacks_add(reader->stacks, reader->path[depth], weight);
		} else if (token.kind == JSON_KEY && !text_is(token.text, "children")) {
			json_skip(json);
		}
	} while (depth);
}

bool ghcprof_json_read(struct source *source, struct stacks *stacks, bool bytes)
{
	struct reader reader = {.json = json_open(source), .stacks = stacks, .bytes = bytes};
	bool good = true;
	while (json_file(reader.json)) {
		struct text key;
		bool tree = false;
		reader.count = 0;
		if (json_enter(reader.json, JSON_OBJECT))
			while (json_member(reader.json, &key)) {
				if (text_is(key, "cost_centres")) {
					read_centres(&reader);
				} else if (text_is(key, "profile")) {
					read_tree(&reader);
					tree = true;
				} else {
					json_skip(reader.json);
				}
			}
		if (!tree)
			report_error("this JSON holds no GHC profile");
		good &= tree;
	}
	good &= json_close(reader.json);
	free(reader.centres);
	free(reader.path);
	return good;
}
