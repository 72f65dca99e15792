#include "render/palette.h"

#include <math.h>
#include <stdlib.h>

/* ---- numbers from names ---- */

/* The three numbers, 0 to below 1, that choose a colour. */
struct numbers {
	double v1, v2, v3;
};

/* Perl's srand(h); rand(): one step of drand48. */
static struct numbers from_sum(struct text name)
{
	const char *at = name.at, *end = name.at + name.size;
	uint32_t sum = 0;
	while (at < end)
		sum += (unsigned char)*at < 0x80 ? (unsigned char)*at++ : utf8_next(&at, end);
	uint64_t state = ((uint64_t)sum << 16) + 0x330E;
	state = (state * 0x5DEECE66Du + 0xB) & 0xFFFFFFFFFFFFu;
	double v = (double)state / 281474976710656.0;
	return (struct numbers){v, v, v};
}

/* Weighs the first three characters (of the code points given), the first most. */
static double name_hash(const uint32_t *codes, size_t count)
{
	double vector = 0, weight = 1, max = 1;
	unsigned modulus = 10;
	for (size_t i = 0; i < count && i < 3; i++, modulus++) {
		unsigned part = codes[i] % modulus;
		vector += part / (double)(modulus - 1) * weight;
		max += weight;
		weight *= 0.7;
	}
	return 1 - vector / max;
}

/* The name behind its module: behind the first backtick that is not its first character. */
static struct text without_module(struct text name)
{
	const char *tick = name.size > 1 ? memchr(name.at + 1, '`', name.size - 1) : NULL;
	return tick ? (struct text){tick + 1, name.size - (size_t)(tick + 1 - name.at)} : name;
}

/* flamegraph.pl hashes the name forwards and backwards; the backwards one loses what then stands before a backtick. */
static struct numbers from_hash(struct text name)
{
	struct text forward = without_module(name);
	uint32_t first[3], last[3] = {0};
	size_t count = 0, kept = 0;
	const char *at = forward.at, *end = forward.at + forward.size;
	while (at < end && count < 3)
		first[count++] = utf8_next(&at, end);

	const char *stop = name.size > 1 ? memrchr(name.at, '`', name.size - 1) : NULL;
	struct text backward = {name.at, stop ? (size_t)(stop - name.at) : name.size};
	at = backward.at;
	end = backward.at + backward.size;
	for (; at < end; kept++) {
		last[2] = last[1];
		last[1] = last[0];
		last[0] = utf8_next(&at, end);
	}
	double v1 = name_hash(first, count), v2 = name_hash(last, kept < 3 ? kept : 3);
	return (struct numbers){v1, v2, v2};
}

static struct numbers from_fnv(struct text name)
{
	const uint64_t prime = 0x100000001B3u;
	uint64_t hash = 0xCBF29CE484222325u;
	for (size_t i = 0; i < name.size; i++)
		hash = (hash ^ (unsigned char)name.at[i]) * prime;
	double v[3];
	for (int i = 0; i < 3; i++, hash *= prime)
		v[i] = (double)hash / 18446744073709551616.0;
	return (struct numbers){v[0], v[1], v[2]};
}

static struct numbers numbers_of(enum color_source source, struct text name)
{
	switch (source) {
	case COLOR_HASH:
		return from_hash(name);
	case COLOR_RANDOM:
		return (struct numbers){drand48(), drand48(), drand48()};
	case COLOR_DETERMINISTIC:
		return from_fnv(name);
	case COLOR_SUM:
		break;
	}
	return from_sum(name);
}

/* ---- palettes of one hue ---- */

enum hue { HOT, MEM, IO, RED, GREEN, BLUE, YELLOW, PURPLE, AQUA, ORANGE, VIRIDIS, CIVIDIS };

/* The lighter half of matplotlib's viridis and cividis, which look the same to those who do not see red or green; on
 * the darker one black letters cannot be read. */
enum { STOPS = 5 };
static const struct color viridis[STOPS] = {
	{0x1F, 0x9E, 0x89}, {0x35, 0xB7, 0x79}, {0x6E, 0xCE, 0x58}, {0xB5, 0xDE, 0x2B}, {0xFD, 0xE7, 0x25}};
static const struct color cividis[STOPS] = {
	{0x8A, 0x86, 0x78}, {0xA5, 0x9C, 0x74}, {0xC3, 0xB3, 0x69}, {0xE1, 0xCC, 0x55}, {0xFE, 0xE8, 0x38}};

static struct color between(const struct color *stops, double share)
{
	double place = share * (STOPS - 1);
	int low = place < STOPS - 2 ? (int)place : STOPS - 2;
	double part = place - low;
	struct color a = stops[low], b = stops[low + 1];
	return (struct color){(uint8_t)(a.r + part * (b.r - a.r)), (uint8_t)(a.g + part * (b.g - a.g)),
		(uint8_t)(a.b + part * (b.b - a.b))};
}

static struct color mix(enum hue hue, struct numbers n)
{
	double v1 = n.v1, v2 = n.v2, v3 = n.v3;
	int r = 0, g = 0, b = 0;
	switch (hue) {
	case HOT:
		r = 205 + (int)(50 * v3), g = (int)(230 * v1), b = (int)(55 * v2);
		break;
	case MEM:
		r = 0, g = 190 + (int)(50 * v2), b = (int)(210 * v1);
		break;
	case IO:
		r = g = 80 + (int)(60 * v1), b = 190 + (int)(55 * v2);
		break;
	case RED:
		r = 200 + (int)(55 * v1), g = b = 50 + (int)(80 * v1);
		break;
	case GREEN:
		r = b = 50 + (int)(60 * v1), g = 200 + (int)(55 * v1);
		break;
	case BLUE:
		r = g = 80 + (int)(60 * v1), b = 205 + (int)(50 * v1);
		break;
	case YELLOW:
		r = g = 175 + (int)(55 * v1), b = 50 + (int)(20 * v1);
		break;
	case PURPLE:
		r = b = 190 + (int)(65 * v1), g = 80 + (int)(60 * v1);
		break;
	case AQUA:
		r = 50 + (int)(60 * v1), g = b = 165 + (int)(55 * v1);
		break;
	case ORANGE:
		r = 190 + (int)(65 * v1), g = 90 + (int)(65 * v1), b = 0;
		break;
	case VIRIDIS:
		return between(viridis, v1);
	case CIVIDIS:
		return between(cividis, v1);
	}
	return (struct color){(uint8_t)r, (uint8_t)g, (uint8_t)b};
}

/* ---- palettes that look at the name ---- */

static bool has(struct text name, const char *part)
{
	return text_find(name, part) != NULL;
}

static enum hue java_hue(struct text name)
{
	static const char *const packages[] = {"java/", "javax/", "jdk/", "net/", "org/", "com/", "io/", "sun/"};
	struct text bare = name;
	if (text_ends(name, "_[j]"))
		return GREEN;
	if (text_ends(name, "_[i]"))
		return AQUA;
	if (text_starts(bare, "L"))
		bare.at++, bare.size--;
	for (size_t i = 0; i < sizeof packages / sizeof *packages; i++)
		if (text_starts(bare, packages[i]))
			return GREEN;
	if (has(name, ":::"))
		return GREEN;
	if (has(name, "::"))
		return YELLOW;
	return text_ends(name, "_[k]") ? ORANGE : RED;
}

static enum hue perl_hue(struct text name)
{
	if (has(name, "::"))
		return YELLOW;
	if (has(name, "Perl") || has(name, ".pl"))
		return GREEN;
	return text_ends(name, "_[k]") ? ORANGE : RED;
}

static bool has_behind(struct text name, const char *first, const char *second)
{
	const char *at = text_find(name, first);
	return at && has((struct text){at, name.size - (size_t)(at - name.at)}, second);
}

static enum hue js_hue(struct text name)
{
	if (text_ends(name, "_[j]"))
		return has(name, "/") ? GREEN : AQUA;
	if (has(name, "::"))
		return YELLOW;
	if (has_behind(name, "/", ".js"))
		return GREEN;
	if (has(name, ":"))
		return AQUA;
	if (text_is(name, " "))
		return GREEN;
	return has(name, "_[k]") ? ORANGE : RED;
}

static bool is_component(struct text name, const char *word, bool digits)
{
	for (const char *at = name.at; at < name.at + name.size;) {
		const char *slash = memchr(at, '/', (size_t)(name.at + name.size - at));
		struct text part = {at, (size_t)((slash ? slash : name.at + name.size) - at)};
		if (text_starts(part, word)) {
			size_t i = strlen(word);
			while (digits && i < part.size && strchr("0123456789.", part.at[i]))
				i++;
			if (i == part.size && slash)
				return true;
		}
		at = slash ? slash + 1 : name.at + name.size;
	}
	return false;
}

static enum hue python_hue(struct text name)
{
	const char *open = text_find(name, "("); /* py-spy and pysample: "func (path/file.py:12)" */
	struct text path = open ? (struct text){open + 1, name.size - (size_t)(open + 1 - name.at)} : name;
	if (is_component(path, "site-packages", false))
		return AQUA;
	if (is_component(path, "python", true) || is_component(path, "Python", true) ||
		text_starts(path, "<built-in") || text_starts(path, "<method") || text_starts(path, "<frozen") ||
		text_starts(name, "<built-in") || text_starts(name, "<method") || text_starts(name, "<frozen"))
		return YELLOW;
	return RED;
}

static enum hue rust_hue(struct text name)
{
	static const char *const std[] = {"core::", "std::", "alloc::", "<core::", "<std::", "<alloc::"};
	struct text bare = without_module(name);
	for (size_t i = 0; i < sizeof std / sizeof *std; i++)
		if (text_starts(bare, std[i]) && !has(bare, "GenFuture"))
			return ORANGE;
	return has(bare, "::") ? AQUA : YELLOW;
}

static enum hue chain_hue(struct text name)
{
	return has(name, "_[w]") ? AQUA : BLUE;
}

/* ---- the table ---- */

enum backdrop { YELLOW_BACK, GREEN_BACK, BLUE_BACK, GREY_BACK };

static const struct palette {
	const char *name;
	enum hue hue;
	enum hue (*by_name)(struct text); /* or NULL: all frames have `hue` */
	enum backdrop back;
} palettes[] = {
	{"hot", HOT, NULL, YELLOW_BACK},
	{"mem", MEM, NULL, GREEN_BACK},
	{"io", IO, NULL, BLUE_BACK},
	{"wakeup", AQUA, NULL, BLUE_BACK},
	{"chain", BLUE, chain_hue, BLUE_BACK},
	{"java", RED, java_hue, YELLOW_BACK},
	{"js", RED, js_hue, YELLOW_BACK},
	{"perl", RED, perl_hue, YELLOW_BACK},
	{"python", RED, python_hue, YELLOW_BACK},
	{"rust", RED, rust_hue, YELLOW_BACK},
	{"red", RED, NULL, GREY_BACK},
	{"green", GREEN, NULL, GREY_BACK},
	{"blue", BLUE, NULL, GREY_BACK},
	{"aqua", AQUA, NULL, GREY_BACK},
	{"yellow", YELLOW, NULL, GREY_BACK},
	{"purple", PURPLE, NULL, GREY_BACK},
	{"orange", ORANGE, NULL, GREY_BACK},
	{"viridis", VIRIDIS, NULL, GREY_BACK},
	{"cividis", CIVIDIS, NULL, GREY_BACK},
};
enum { PALETTES = sizeof palettes / sizeof *palettes };

const char *const palette_names[] = {"hot", "mem", "io", "wakeup", "chain", "java", "js", "perl", "python", "rust",
	"red", "green", "blue", "aqua", "yellow", "purple", "orange", "viridis", "cividis", NULL};

static const struct palette *find_palette(const char *name)
{
	for (size_t i = 0; i < PALETTES; i++)
		if (strcmp(palettes[i].name, name) == 0)
			return &palettes[i];
	return &palettes[0];
}

struct color palette_color(const struct coloring *coloring, struct text name)
{
	const struct palette *palette = find_palette(coloring->palette);
	if (text_is(name, "--"))
		return (struct color){160, 160, 160};
	if (text_is(name, "-"))
		return (struct color){200, 200, 200};
	enum hue hue = palette->by_name ? palette->by_name(name) : palette->hue;
	return mix(hue, numbers_of(coloring->source, name));
}

struct color palette_width_color(double share)
{
	int steps = (int)(sqrt(share) * 2000), grey = 210 * (2000 - steps) / 2000;
	return (struct color){255, (uint8_t)grey, (uint8_t)grey};
}

struct color palette_delta_color(double delta, double max)
{
	uint8_t other = (uint8_t)(210 * (max - fabs(delta)) / max);
	if (delta > 0)
		return (struct color){255, other, other};
	if (delta < 0)
		return (struct color){other, other, 255};
	return (struct color){255, 255, 255};
}

bool palette_hex(const char *text, struct color *color)
{
	size_t size = strlen(text);
	if (text[0] != '#' || (size != 7 && size != 4) || strspn(text + 1, "0123456789abcdefABCDEF") != size - 1)
		return false;
	unsigned long value = strtoul(text + 1, NULL, 16);
	if (size == 4)
		value = (value & 0xF00) * 0x1100 | (value & 0xF0) * 0x110 | (value & 0xF) * 0x11;
	*color = (struct color){(uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value};
	return true;
}

bool palette_background(const char *name, const char *palette, struct background *background)
{
	static const struct {
		const char *name;
		struct background background;
	} backs[] = {
		[YELLOW_BACK] = {"yellow", {{0xEE, 0xEE, 0xEE}, {0xEE, 0xEE, 0xB0}}},
		[GREEN_BACK] = {"green", {{0xEE, 0xF2, 0xEE}, {0xE0, 0xFF, 0xE0}}},
		[BLUE_BACK] = {"blue", {{0xEE, 0xEE, 0xEE}, {0xE0, 0xE0, 0xFF}}},
		[GREY_BACK] = {"grey", {{0xF8, 0xF8, 0xF8}, {0xE8, 0xE8, 0xE8}}},
	};
	if (!name) {
		*background = backs[find_palette(palette)->back].background;
		return true;
	}
	for (size_t i = 0; i < sizeof backs / sizeof *backs; i++)
		if (strcmp(backs[i].name, name) == 0) {
			*background = backs[i].background;
			return true;
		}
	background->bottom = (struct color){0, 0, 0};
	if (!palette_hex(name, &background->top))
		return false;
	background->bottom = background->top;
	return true;
}
