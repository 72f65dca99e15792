/* convert/json: what is passed over, across the pieces in which the input is read. */
#include "check.h"
#include "common/mem.h"
#include "common/report.h"
#include "convert/converter.h"
#include "convert/json.h"

#include <stdlib.h>
#include <unistd.h>

const struct converter *const converters[] = {NULL};

static char path[] = "/tmp/convert_json.XXXXXX";

static void write_input(const struct buffer *text)
{
	FILE *file = fopen(path, "w");
	if (!file || fwrite(text->at, 1, text->size, file) != text->size || fclose(file) != 0)
		exit(1);
}

/* {"skipped": [[{"a":[1,"x\n"]},...],...], "next": "e\u0041"} with so many of the inner objects. */
static void make(struct buffer *text, int objects, bool whole)
{
	buffer_clear(text);
	buffer_add_string(text, "{\"skipped\": [[");
	for (int i = 0; i < objects; i++)
		buffer_add_format(text, "%s{\"a\":[%d,\"x\\n\",[]]}", i ? "," : "", i);
	if (whole)
		buffer_add_string(text, "],7], \"next\": \"e\\u0041\", \"list\": [12, -3.5, 1e3]}");
}

static void read_members(struct json *json, struct text *key)
{
	struct buffer string = {0};
	CHECK(json_member(json, key) && text_is(*key, "next") && json_string(json, &string), "next");
	CHECK_TEXT(string.at, string.size, "eA", "a string with an escape");
	CHECK(json_member(json, key) && text_is(*key, "list") && json_enter(json, JSON_ARRAY), "list");
	CHECK(json_element(json) && json_integer(json, -1) == 12, "12");
	CHECK(json_element(json) && json_number(json, 0) == -3.5, "-3.5");
	CHECK(json_element(json) && json_integer(json, -1) == 1000, "1e3");
	CHECK(!json_element(json) && !json_member(json, key), "the end");
	buffer_free(&string);
}

static void test_skip(int objects, bool whole)
{
	char *const paths[] = {path};
	struct buffer text = {0};
	struct text key;
	make(&text, objects, whole);
	write_input(&text);
	struct source *source = source_open(paths, 1);
	struct json *json = json_open(source);
	CHECK(json_file(json) && json_enter(json, JSON_OBJECT), "an object");
	CHECK(json_member(json, &key) && text_is(key, "skipped"), "its first member");
	json_skip(json);
	if (whole)
		read_members(json, &key);
	else
		CHECK(!json_member(json, &key), "cut off");
	CHECK(json_peek(json).kind == JSON_END && !json_file(json), "no other file");
	CHECK(json_close(json) == whole, "its judgement");
	source_close(source);
	buffer_free(&text);
}

int main(void)
{
	int file = mkstemp(path);
	report_level = -1;
	for (int objects = 0; objects < 5000; objects = objects * 3 + 1) {
		test_skip(objects, true);
		test_skip(objects, false);
	}
	close(file);
	unlink(path);
	return check_end();
}
