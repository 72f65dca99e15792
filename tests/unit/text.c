/* common/text: numbers, UTF-8, buffers. */
#include "common/text.h"

#include "check.h"

static const struct {
	const char *text;
	bool negative, good;
	double value;
} numbers[] = {
	{"0", false, true, 0},
	{"42", false, true, 42},
	{"007", false, true, 7},
	{"3.", false, true, 3},
	{"3.25", false, true, 3.25},
	{".5", false, true, .5},
	{"1e3", false, true, 1000},
	{"1.05e+16", false, true, 1.05e16},
	{"9007199254740993", false, true, 9007199254740992.0},
	{"5267350428.370368", false, true, 5267350428.370368},
	{"-9", false, false, 0},
	{"-9", true, true, -9},
	{"", false, false, 0},
	{".", false, false, 0},
	{"e5", false, false, 0},
	{"1e", false, false, 0},
	{"1e400", false, false, 0},
	{"0x10", false, false, 0},
	{"inf", false, false, 0},
	{"nan", false, false, 0},
	{"1 ", false, false, 0},
	{"1,5", false, false, 0},
	{"+1", false, false, 0},
};

static const struct {
	double value;
	const char *text;
} written[] = {
	{INFINITY, "1.7976931348623157e+308"},
	{NAN, "0"},
	{0, "0"},
	{1, "1"},
	{1e15, "1000000000000000"},
	{9007199254740992.0, "9007199254740992"},
	{1e20, "100000000000000000000"},
	{0.1, "0.1"},
	{0.30000000000000004, "0.30000000000000004"},
	{14.2343983248723, "14.2343983248723"},
	{5267350428.370368, "5267350428.370368"},
	{-3, "-3"},
	{1e300, "1e+300"},
};

static const struct {
	const char *bytes;
	size_t size;
	uint32_t codes[5];
	size_t count;
} utf8[] = {
	{"az", 2, {'a', 'z'}, 2},
	{"\xc3\xa9", 2, {0xE9}, 1},
	{"\xe2\x82\xac", 3, {0x20AC}, 1},
	{"\xf0\x9f\x92\xa9", 4, {0x1F4A9}, 1},
	{"\xff", 1, {0xFFFD}, 1},
	{"\xc0\x80", 2, {0xFFFD, 0xFFFD}, 2},             /* overlong */
	{"\xe0\x80\x80", 3, {0xFFFD, 0xFFFD, 0xFFFD}, 3}, /* overlong */
	{"\xed\xa0\x80", 3, {0xFFFD, 0xFFFD, 0xFFFD}, 3}, /* surrogate */
	{"\xf4\x90\x80\x80", 4, {0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD}, 4},
	{"\xe2\x82", 2, {0xFFFD, 0xFFFD}, 2}, /* cut off */
	{"\xe2\x82z", 3, {0xFFFD, 0xFFFD, 'z'}, 3},
	{"\0z", 2, {0, 'z'}, 2},
};

static void check_numbers(void)
{
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		double value = 0;
		bool good = text_number(text_of(numbers[i].text), numbers[i].negative, &value);
		CHECK(good == numbers[i].good, numbers[i].text);
		CHECK_NUMBER(value, numbers[i].value, numbers[i].text);
	}
	for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
		char out[TEXT_NUMBER_SIZE];
		size_t size = text_from_number(out, written[i].value);
		CHECK_TEXT(out, size, written[i].text, "text_from_number");
	}
	uint64_t whole;
	CHECK(text_integer(text_of("18446744073709551615"), &whole) && whole == UINT64_MAX, "largest integer");
	CHECK(!text_integer(text_of("18446744073709551616"), &whole), "too large an integer");
	CHECK(!text_integer(text_of(""), &whole), "empty integer");
}

static void check_utf8(void)
{
	for (size_t i = 0; i < sizeof utf8 / sizeof *utf8; i++) {
		const char *at = utf8[i].bytes, *end = at + utf8[i].size;
		size_t count = 0;
		while (at < end && count < 5) {
			uint32_t code = utf8_next(&at, end);
			CHECK_NUMBER(code, utf8[i].codes[count], "utf8_next");
			count++;
		}
		CHECK_NUMBER((double)count, (double)utf8[i].count, "number of code points");
	}
	char out[4];
	CHECK_TEXT(out, utf8_put(out, 'a'), "a", "utf8_put 1");
	CHECK_TEXT(out, utf8_put(out, 0xE9), "\xc3\xa9", "utf8_put 2");
	CHECK_TEXT(out, utf8_put(out, 0x20AC), "\xe2\x82\xac", "utf8_put 3");
	CHECK_TEXT(out, utf8_put(out, 0x1F4A9), "\xf0\x9f\x92\xa9", "utf8_put 4");
	CHECK_TEXT(out, utf8_put(out, 0xD800), "\xef\xbf\xbd", "utf8_put surrogate");
}

static void check_buffer(void)
{
	struct buffer buffer = {0};
	CHECK_TEXT(buffer_text(&buffer).at, buffer.size, "", "empty buffer");
	for (int i = 0; i < 100; i++)
		buffer_add_format(&buffer, "%02d", i);
	CHECK_NUMBER((double)buffer.size, 200, "size");
	CHECK_TEXT(buffer.at + 196, 4, "9899", "end");
	CHECK_NUMBER(buffer.at[200], 0, "NUL at the end");
	buffer_clear(&buffer);
	buffer_add(&buffer, "a\0b", 3);
	CHECK_NUMBER((double)buffer.size, 3, "any byte");
	buffer_free(&buffer);
}

int main(void)
{
	struct text trimmed = text_trim(text_of(" \t a b\r\n"));
	CHECK_TEXT(trimmed.at, trimmed.size, "a b", "text_trim");
	CHECK(text_compare(text_of("ab"), text_of("abc")) < 0, "prefix first");
	CHECK(text_compare(text_of("\xff"), text_of("a")) > 0, "bytes are unsigned");
	CHECK(text_starts(text_of("abc"), "ab") && !text_starts(text_of("a"), "ab"), "text_starts");
	CHECK(text_ends(text_of("abc"), "bc") && !text_ends(text_of("c"), "bc"), "text_ends");
	CHECK(text_find(text_of("xabc"), "ab") && !text_find(text_of("xabc"), "ac"), "text_find");
	CHECK_TEXT(plural(1), strlen(plural(1)), "", "one");
	CHECK_TEXT(plural(0), strlen(plural(0)), "s", "none is many");
	CHECK_TEXT(text_unit("samples", 1), strlen(text_unit("samples", 1)), "sample", "one sample");
	CHECK_TEXT(text_unit("samples", 0.5), strlen(text_unit("samples", 0.5)), "samples", "half of one");
	CHECK_TEXT(text_unit("misses", 1), strlen(text_unit("misses", 1)), "misses", "other units");
	check_numbers();
	check_utf8();
	check_buffer();
	return check_end();
}
