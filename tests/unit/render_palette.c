/* render/: colours by name, against values of flamegraph.pl's public tests and its documented formulas. */
#include "check.h"
#include "render/palette.h"

static const struct {
	const char *palette;
	enum color_source source;
	const char *name;
	struct color color;
} colors[] = {
	{"hot", COLOR_SUM, "", {213, 39, 9}},
	{"hot", COLOR_SUM, "main", {243, 179, 42}},
	{"hot", COLOR_SUM, "cksum", {229, 114, 27}},
	{"hot", COLOR_SUM, "_start", {245, 185, 44}},
	{"hot", COLOR_HASH, "", {255, 230, 55}},
	{"hot", COLOR_SUM, "--", {160, 160, 160}},
	{"java", COLOR_SUM, "-", {200, 200, 200}},
};

static const struct {
	const char *palette, *name;
	char strongest; /* of the colour: r, g, b, or y (red and green) */
} hues[] = {
	{"java", "org/x/Y:::z", 'g'},
	{"java", "Lorg/x/Y;::z", 'g'},
	{"java", "JavaMain_[j]", 'g'},
	{"java", "std::vector", 'y'},
	{"java", "write", 'r'},
	{"perl", "Perl_pp", 'g'},
	{"js", "LazyCompile:~x /a/b.js:1", 'g'},
	{"chain", "f", 'b'},
	{"python", "f (/usr/lib/python3.11/json/x.py:1)", 'y'},
	{"python", "f (app.py:1)", 'r'},
	{"rust", "main", 'y'},
};

static char strongest(struct color c)
{
	if (c.b > c.r && c.b > c.g)
		return 'b';
	if (c.r == c.g)
		return 'y';
	return c.r > c.g ? 'r' : 'g';
}

int main(void)
{
	for (size_t i = 0; i < sizeof colors / sizeof *colors; i++) {
		struct coloring coloring = {.palette = colors[i].palette, .source = colors[i].source};
		struct color got = palette_color(&coloring, text_of(colors[i].name));
		CHECK(memcmp(&got, &colors[i].color, sizeof got) == 0, colors[i].name);
	}
	for (size_t i = 0; i < sizeof hues / sizeof *hues; i++) {
		struct coloring coloring = {.palette = hues[i].palette};
		CHECK(strongest(palette_color(&coloring, text_of(hues[i].name))) == hues[i].strongest, hues[i].name);
	}
	struct color more = palette_delta_color(5, 10), less = palette_delta_color(-10, 10),
		     none = palette_delta_color(0, 1);
	CHECK(more.r == 255 && more.g == 105 && more.b == 105, "more is red");
	CHECK(less.r == 0 && less.g == 0 && less.b == 255, "less is blue");
	CHECK(none.r == 255 && none.g == 255 && none.b == 255, "no change is white");
	struct color color;
	CHECK(palette_hex("#1a2B3c", &color) && color.r == 0x1A && color.g == 0x2B && color.b == 0x3C, "hex");
	CHECK(palette_hex("#fff", &color) && color.r == 255 && color.g == 255 && color.b == 255, "short hex");
	CHECK(!palette_hex("red", &color) && !palette_hex("#12345", &color) && !palette_hex("#12345g", &color),
		"no hex");
	return check_end();
}
