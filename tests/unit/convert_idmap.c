/* convert/idmap: ids that count up, that leap, and that come in any order. */
#include "check.h"
#include "convert/converter.h"
#include "convert/idmap.h"

const struct converter *const converters[] = {NULL};

/* The nth id: `step` apart from `first` on, modulo 2^64. */
static void test_ids(const char *what, uint64_t first, uint64_t step, uint32_t count)
{
	struct idmap map = {0};
	for (uint32_t i = 0; i < count; i++)
		CHECK(idmap_find(&map, first + i * step) == -1 && idmap_add(&map, first + i * step, i), what);
	for (uint32_t i = 0; i < count; i++)
		CHECK(idmap_find(&map, first + i * step) == i && !idmap_add(&map, first + i * step, 7), what);
	CHECK(map.used == count, what);
	idmap_free(&map);
	CHECK(idmap_find(&map, first) == -1, what);
}

/* Ids that were far off for their number when they came, and would not be later. */
static void test_mixed(void)
{
	struct idmap map = {0};
	CHECK(idmap_add(&map, 1000, 1) && idmap_add(&map, UINT64_MAX, 2), "mixed");
	for (uint32_t i = 0; i < 1000; i++)
		CHECK(idmap_add(&map, i, i + 10), "mixed");
	CHECK(!idmap_add(&map, 1000, 9) && idmap_find(&map, 1000) == 1 && idmap_find(&map, UINT64_MAX) == 2, "mixed");
	CHECK(idmap_find(&map, 999) == 1009 && idmap_find(&map, 1001) == -1, "mixed");
	idmap_free(&map);
}

static void test_numbers(void)
{
	struct idmap map = {0};
	CHECK(idmap_add(&map, 3, 4), "number");
	CHECK(idmap_find_number(&map, 3) == 4 && idmap_find_number(&map, -1) == -1, "number");
	CHECK(idmap_find_number(&map, 1e300) == -1 && idmap_find_number(&map, NAN) == -1, "number");
	idmap_free(&map);
}

int main(void)
{
	test_ids("counting up", 0, 1, 5000);
	test_ids("counting up from far", 1u << 31, 1, 5000);
	test_ids("every tenth", 5, 10, 5000);
	test_ids("addresses", 0x7f0000000000, 0x40, 5000);
	test_ids("counting down", 5000, UINT64_MAX, 5000);
	test_ids("all over", 1, 0x9E3779B97F4A7C15, 5000);
	test_mixed();
	test_numbers();
	return check_end();
}
