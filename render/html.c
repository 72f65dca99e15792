/* The interactive page: one file that needs no network, with all frames, drawn by its script. */
#include <stdlib.h>

#include "render/geometry.h"
#include "render/html_data.h"
#include "render/pack.h"
#include "render/sha256.h"
#include "render/writers.h"
#include "render/xml.h"

/* By the build, from the files of those names. */
extern const char html_css[], html_data_js[], html_tree_js[], html_callers_js[], html_functions_js[], html_paint_js[],
	html_state_js[], html_page_js[], html_js[];

static const char *const style[] = {html_css, NULL};
/* One after the other in a block, so that their names are not the window's. */
static const char *const script[] = {"\"use strict\";\n{\n", html_data_js, html_tree_js, html_callers_js,
	html_functions_js, html_paint_js, html_state_js, html_page_js, html_js, "}\n", NULL};

/* ---- the policy: only this style and this script, nothing from elsewhere ---- */

struct digest {
	bool known; /* from the page before */
	unsigned char bytes[SHA256_SIZE];
};

static void hash_parts(const char *const *parts, struct digest *digest)
{
	struct sha256 sha;
	sha256_begin(&sha);
	for (; *parts; parts++)
		sha256_add(&sha, *parts, strlen(*parts));
	sha256_end(&sha, digest->bytes);
	digest->known = true;
}

static void put_hash(struct sink *sink, const char *const *parts, struct digest *digest)
{
	struct pack pack = {.sink = sink};
	if (!digest->known)
		hash_parts(parts, digest);
	sink_string(sink, "'sha256-");
	pack_bytes(&pack, digest->bytes, sizeof digest->bytes);
	pack_end(&pack);
	sink_char(sink, '\'');
}

static void put_parts(struct sink *sink, const char *const *parts)
{
	for (; *parts; parts++)
		sink_string(sink, *parts);
}

static void put_policy(struct sink *sink)
{
	static struct digest of_script, of_style;
	sink_string(sink, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
			  "base-uri 'none'; form-action 'none'; script-src ");
	put_hash(sink, script, &of_script);
	sink_string(sink, "; style-src ");
	put_hash(sink, style, &of_style);
	sink_string(sink, "\">\n");
}

/* ---- head ---- */

static void put_attribute(struct sink *sink, const char *name, const char *value)
{
	sink_format(sink, " data-%s=\"", name);
	xml_text(sink, text_of(value));
	sink_char(sink, '"');
}

static void put_number_attribute(struct sink *sink, const char *name, double value)
{
	sink_format(sink, " data-%s=\"", name);
	sink_number(sink, value);
	sink_char(sink, '"');
}

static void put_head(struct sink *sink, const struct view *view)
{
	sink_string(sink, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
	put_policy(sink);
	sink_string(sink, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
			  "<meta name=\"color-scheme\" content=\"light dark\">\n"
			  "<link rel=\"icon\" href=\"data:,\">\n<title>");
	xml_text(sink, text_of(view->title));
	sink_string(sink, "</title>\n<!-- NOTES: ");
	xml_comment(sink, text_of(view->notes));
	sink_string(sink, " -->\n<style>");
	put_parts(sink, style);
	sink_string(sink, "</style>\n</head>\n");
}

/* What the script needs to know stands in attributes: it holds no text of the user. */
static void open_body(struct sink *sink, const struct view *view)
{
	sink_string(sink, "<body");
	put_attribute(sink, "count-name", view->count_name);
	put_attribute(sink, "search-color", view->search_color);
	put_attribute(sink, "search", view->search ? view->search : "");
	put_attribute(sink, "sort", view->sort ? view->sort : "name");
	put_number_attribute(sink, "factor", view->factor);
	put_number_attribute(sink, "row", view->frame_height);
	put_number_attribute(sink, "font", view->font_size);
	put_number_attribute(sink, "inverted", view->inverted);
	put_number_attribute(sink, "cut-left", view->truncate_left);
	put_number_attribute(sink, "negate", view->negate);
	sink_string(sink, ">\n<header>\n<h1>");
	xml_text(sink, text_of(view->title));
	sink_string(sink, "</h1>\n");
	if (view->subtitle) {
		sink_string(sink, "<p id=\"subtitle\">");
		xml_text(sink, text_of(view->subtitle));
		sink_string(sink, "</p>\n");
	}
	sink_string(sink, "</header>\n");
}

/* ---- the still picture, for browsers without scripts ---- */

enum {
	STILL_WIDTH = 1200, /* px */
	STILL_ROW = 16,     /* px */
	STILL_DEPTH = 60,   /* rows */
	STILL_FRAME = 4,    /* px: narrower frames are left out */
	STILL_LABEL = 200,  /* characters: more has no room */
};

static struct text still_label(struct text name)
{
	const char *at = name.at, *end = name.at + name.size;
	for (int i = 0; i < STILL_LABEL && at < end; i++)
		utf8_next(&at, end);
	return (struct text){name.at, (size_t)(at - name.at)};
}

static void put_still_frame(
	struct sink *sink, const struct flame *flame, const struct view *view, const struct flame_frame *frame)
{
	double scale = STILL_WIDTH / flame->total, width = (frame->end - frame->start) * scale;
	struct color color = frame_color(flame, view, frame);
	sink_format(sink, "<svg x=\"%.1f\" y=\"%u\" width=\"%.1f\" height=\"15\">", frame->start * scale,
		frame->depth * STILL_ROW, width);
	sink_format(sink, "<rect width=\"100%%\" height=\"100%%\" fill=\"#%02x%02x%02x\"/><title>", color.r, color.g,
		color.b);
	struct text name = frame->depth ? still_label(frame_label(frame->name)) : text_of("all");
	xml_text(sink, name);
	sink_string(sink, "</title>");
	if (width > 2 * STILL_ROW) {
		sink_string(sink, "<text x=\"3\" y=\"12\">");
		xml_text(sink, name);
		sink_string(sink, "</text>");
	}
	sink_string(sink, "</svg>\n");
}

static void put_still(struct sink *sink, const struct stacks *stacks, const struct view *view)
{
	struct flame_rules rules = {
		.min_width = stacks_total(stacks) * STILL_FRAME / STILL_WIDTH, .max_depth = STILL_DEPTH};
	struct flame flame = flame_layout(stacks, rules);
	struct flame_frame frame;
	sink_format(sink,
		"<noscript><p>Without JavaScript this is a still picture of the wide frames.</p>\n"
		"<svg viewBox=\"0 0 %d %u\" font-family=\"sans-serif\" font-size=\"11\" role=\"img\" "
		"aria-label=\"Flame graph\">\n",
		STILL_WIDTH, (flame.depth_max + 1) * STILL_ROW);
	for (struct flame_walk walk = flame_start(&flame); flame_next(&walk, &frame);)
		put_still_frame(sink, &flame, view, &frame);
	sink_string(sink, "</svg></noscript>\n");
	flame_free(&flame);
}

static bool write_stacks(const struct stacks *stacks, const struct view *view, struct sink *sink)
{
	put_head(sink, view);
	open_body(sink, view);
	put_still(sink, stacks, view);
	html_data(sink, stacks, view);
	sink_string(sink, "<script>");
	put_parts(sink, script);
	sink_string(sink, "</script>\n</body>\n</html>\n");
	return true;
}

const struct writer html_writer = {.name = "html",
	.suffix = ".html",
	.summary = "interactive page that holds every frame",
	.whole = true,
	.write_stacks = write_stacks};
