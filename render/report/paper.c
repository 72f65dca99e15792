#include "render/report/paper.h"

#include <cairo-pdf.h>
#include <stdio.h>

#include "common/report.h"

enum { FOOT = 20, FOOT_SIZE = 8 }; /* points */

static cairo_status_t write_bytes(void *context, const unsigned char *bytes, unsigned size)
{
	sink_write(context, bytes, size);
	return CAIRO_STATUS_SUCCESS;
}

/* Well-formed UTF-8 without control characters, as cairo wants it. */
static void put_clean(struct buffer *out, struct text text)
{
	const char *at = text.at, *end = text.at + text.size;
	while (at < end) {
		char bytes[4];
		uint32_t code = utf8_next(&at, end);
		buffer_add(out, bytes, utf8_put(bytes, code < 0x20 || code == 0x7F ? 0xFFFD : code));
	}
}

void paper_open(struct paper *paper, struct sink *sink, const char *title, time_t date)
{
	char text[32];
	struct tm tm;
	struct buffer clean = {0};
	put_clean(&clean, text_of(title));
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&date, &tm));
	*paper = (struct paper){.sink = sink, .y = PAPER_MARGIN, .page = 1};
	paper->surface = cairo_pdf_surface_create_for_stream(write_bytes, sink, PAPER_WIDTH, PAPER_HEIGHT);
	cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_TITLE, clean.size ? clean.at : "");
	cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_CREATE_DATE, text);
	paper->cairo = cairo_create(paper->surface);
	cairo_select_font_face(paper->cairo, "Verdana", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
	buffer_free(&clean);
}

static void put_foot(struct paper *paper)
{
	char number[16];
	paper->y = PAPER_HEIGHT - FOOT - FOOT_SIZE;
	int size = snprintf(number, sizeof number, "%u", paper->page);
	paper_text(paper, (struct text){number, (size_t)size}, PAPER_MARGIN, PAPER_WIDTH - 2 * PAPER_MARGIN, FOOT_SIZE,
		true);
}

bool paper_close(struct paper *paper)
{
	put_foot(paper);
	cairo_show_page(paper->cairo);
	cairo_surface_finish(paper->surface);
	cairo_status_t status = cairo_status(paper->cairo);
	if (status != CAIRO_STATUS_SUCCESS)
		report_error("the PDF cannot be drawn: %s", cairo_status_to_string(status));
	cairo_destroy(paper->cairo);
	cairo_surface_destroy(paper->surface);
	return status == CAIRO_STATUS_SUCCESS;
}

void paper_new_page(struct paper *paper)
{
	put_foot(paper);
	cairo_show_page(paper->cairo);
	paper->y = PAPER_MARGIN;
	paper->page++;
}

void paper_need(struct paper *paper, double height)
{
	if (paper->y + height > PAPER_HEIGHT - PAPER_MARGIN)
		paper_new_page(paper);
}

void paper_outline(struct paper *paper, const char *name)
{
	struct buffer clean = {0};
	char place[32];
	snprintf(place, sizeof place, "page=%u", paper->page);
	put_clean(&clean, text_of(name));
	cairo_pdf_surface_add_outline(paper->surface, CAIRO_PDF_OUTLINE_ROOT, clean.size ? clean.at : "?", place,
		CAIRO_PDF_OUTLINE_FLAG_OPEN);
	buffer_free(&clean);
}

static double width_of(struct paper *paper, const char *text)
{
	cairo_text_extents_t extents;
	cairo_text_extents(paper->cairo, text, &extents);
	return extents.x_advance;
}

/* Takes characters off the end until it fits. */
static void cut(struct paper *paper, struct buffer *text, double width)
{
	double used = width_of(paper, text->at);
	if (used <= width)
		return;
	size_t size = (size_t)((double)text->size * width / used);
	for (;; size--) {
		while (size && ((unsigned char)text->at[size] & 0xC0) == 0x80)
			size--;
		text->size = size;
		text->at[size] = '\0';
		buffer_add_string(text, "\xE2\x80\xA6");
		if (!size || width_of(paper, text->at) <= width)
			return;
	}
}

void paper_text(struct paper *paper, struct text text, double x, double width, double size, bool right)
{
	struct buffer clean = {0};
	put_clean(&clean, text);
	if (!clean.size)
		return;
	cairo_set_font_size(paper->cairo, size);
	cairo_set_source_rgb(paper->cairo, 0, 0, 0);
	cut(paper, &clean, width);
	cairo_move_to(paper->cairo, right ? x + width - width_of(paper, clean.at) : x, paper->y + size);
	cairo_show_text(paper->cairo, clean.at);
	buffer_free(&clean);
}

void paper_down(struct paper *paper, double height)
{
	paper->y += height;
}

void paper_rule(struct paper *paper)
{
	cairo_set_source_rgb(paper->cairo, 0.6, 0.6, 0.6);
	cairo_set_line_width(paper->cairo, 0.5);
	cairo_move_to(paper->cairo, PAPER_MARGIN, paper->y);
	cairo_line_to(paper->cairo, PAPER_WIDTH - PAPER_MARGIN, paper->y);
	cairo_stroke(paper->cairo);
}
