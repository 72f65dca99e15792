/* convert/json: what is passed over, and numbers, across the pieces in which the input is read. */
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

/* Whole numbers of all lengths; the input's last digits have nothing behind them. */
static void test_indices(void)
{
	char *const paths[] = {path};
	struct buffer text = {0};
	struct json_indices list = {0};
	buffer_add_string(&text, "[[0");
	for (uint32_t i = 1; i < 40000; i++)
		buffer_add_format(&text, ",%u", i * i);
	buffer_add_string(&text,
		"],[\"12\",\"1234x\",\"12345678901234\",-1,-0.5,2.9,1e3,4294967294,4294967295,1e99,null,[5],\"\"],7]");
	write_input(&text);
	struct source *source = source_open(paths, 1);
	struct json *json = json_open(source);
	CHECK(json_file(json) && json_enter(json, JSON_ARRAY) && json_element(json), "an array");
	json_indices(json, &list);
	CHECK(list.count == 40000, "how many");
	for (uint32_t i = 0; i < list.count; i++)
		CHECK(list.at[i] == i * i, "a square");
	static const uint32_t others[] = {12, JSON_NO_INDEX, JSON_NO_INDEX, JSON_NO_INDEX, JSON_NO_INDEX, 2, 1000,
		4294967294, JSON_NO_INDEX, JSON_NO_INDEX, JSON_NO_INDEX, JSON_NO_INDEX, JSON_NO_INDEX};
	list.count = 0;
	CHECK(json_element(json), "the others");
	json_indices(json, &list);
	CHECK(list.count == sizeof others / sizeof *others && memcmp(list.at, others, sizeof others) == 0, "others");
	json_indices(json, &list);
	CHECK(list.count == sizeof others / sizeof *others && !json_element(json), "no array");
	json_close(json);
	source_close(source);
	buffer_free(&text);
	free(list.at);
}

int main(void)
{
	int file = mkstemp(path);
	report_level = -1;
	test_indices();
	for (int objects = 0; objects < 5000; objects = objects * 3 + 1) {
		test_skip(objects, true);
		test_skip(objects, false);
	}
	close(file);
	unlink(path);
	return check_end();
}
