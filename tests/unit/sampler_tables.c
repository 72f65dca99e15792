/* sampler/: line tables of all kinds, strings of all kinds. */
#include "check.h"
#include "sampler/linetable.h"
#include "sampler/strings.h"

static void check_line(const struct line_table *table, uint32_t byte, int line, const char *what)
{
	CHECK_NUMBER(line_table_find(table, byte, 10), line, what);
}

static void check_lnotab(void)
{
	static const unsigned char bytes[] = {6, 1, 8, 255, 10, 2, 255, 0, 4, 3, 9};
	struct line_table table;
	line_table_decode(LINES_LNOTAB, bytes, sizeof bytes, 10, &table);
	check_line(&table, 0, 10, "first line");
	check_line(&table, 5, 10, "first line");
	check_line(&table, 6, 11, "one step");
	check_line(&table, 14, 10, "a step back");
	check_line(&table, 24, 12, "two lines");
	check_line(&table, 24 + 259, 15, "a long step");
	line_table_free(&table);
	line_table_decode(LINES_UNSIGNED, bytes, sizeof bytes, 10, &table);
	check_line(&table, 6, 11, "one step");
	check_line(&table, 14, 266, "2.7 has no steps back");
	line_table_free(&table);
}

static void check_ranges(void)
{
	static const unsigned char bytes[] = {4, 0, 4, 1, 2, 128, 6, 5, 7};
	struct line_table table;
	line_table_decode(LINES_RANGES, bytes, sizeof bytes, 10, &table);
	check_line(&table, 0, 10, "first range");
	check_line(&table, 4, 11, "second range");
	check_line(&table, 8, 0, "a range without a line");
	check_line(&table, 10, 16, "the range behind it");
	line_table_free(&table);
}

static void check_locations(void)
{
	/* short form 1 unit; one-line +1, 2 units; none, 1 unit; long -2 lines, 1 unit; no columns +70, 1 unit; cut off
	 */
	static const unsigned char bytes[] = {0x80, 0, 0x80 | 11 << 3 | 1, 0, 0, 0x80 | 15 << 3, 0x80 | 14 << 3, 5, 0,
		1, 1, 0x80 | 13 << 3, 0x40 | (140 & 63), 140 >> 6, 0x80 | 14 << 3};
	struct line_table table;
	line_table_decode(LINES_LOCATIONS, bytes, sizeof bytes, 10, &table);
	check_line(&table, 0, 10, "short form");
	check_line(&table, 2, 11, "one line on");
	check_line(&table, 4, 11, "its second unit");
	check_line(&table, 6, 0, "none");
	check_line(&table, 8, 9, "two lines back");
	check_line(&table, 10, 79, "70 lines on");
	line_table_free(&table);
}

static void check_hostile(void)
{
	unsigned char bytes[64];
	for (int value = 0; value < 256; value++)
		for (size_t size = 0; size < sizeof bytes; size++) {
			struct line_table table;
			memset(bytes, value, sizeof bytes);
			for (enum line_kind kind = LINES_LNOTAB; kind <= LINES_LOCATIONS; kind++) {
				line_table_decode(kind, bytes, size, 10, &table);
				CHECK(table.count <= sizeof bytes + 1, "no more entries than bytes");
				line_table_free(&table);
			}
		}
}

static void check_strings(void)
{
	struct buffer out = {0};
	string_decode((const unsigned char *)"a\xe9", 2, 1, &out);
	CHECK_TEXT(out.at, out.size, "a\xc3\xa9", "Latin-1");
	buffer_clear(&out);
	string_decode((const unsigned char *)"\x3a\x04\x00\xd8", 2, 2, &out);
	CHECK_TEXT(out.at, out.size, "\xd0\xba\xef\xbf\xbd", "two bytes, a lone surrogate");
	buffer_clear(&out);
	string_decode((const unsigned char *)"\xa9\xf4\x01\x00\xff\xff\xff\x7f", 2, 4, &out);
	CHECK_TEXT(out.at, out.size, "\xf0\x9f\x92\xa9\xef\xbf\xbd", "four bytes, too large a code");
	buffer_free(&out);
}

int main(void)
{
	check_lnotab();
	check_ranges();
	check_locations();
	check_hostile();
	check_strings();
	return check_end();
}
