/* The picture as vectors on one PDF page of its size, by cairo: the text can be searched and copied. */
#include <cairo-pdf.h>
#include <math.h>

#include "common/report.h"
#include "render/draw.h"
#include "render/writers.h"

enum { MOST_POINTS = 14400 }; /* of a page, each side, that readers show */
static const double POINTS_PER_PX = 0.75;

static cairo_status_t write_bytes(void *context, const unsigned char *bytes, unsigned size)
{
	sink_write(context, bytes, size);
	return CAIRO_STATUS_SUCCESS;
}

static bool write(const struct flame *flame, const struct view *view, struct sink *sink)
{
	struct geometry geometry = geometry_of(flame, view);
	double scale = POINTS_PER_PX * view->scale, longest = fmax(geometry.width, geometry.height);
	if (longest * scale > MOST_POINTS)
		scale = MOST_POINTS / longest;
	if (!draw_has_fonts())
		return false;
	cairo_surface_t *surface =
		cairo_pdf_surface_create_for_stream(write_bytes, sink, geometry.width * scale, geometry.height * scale);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, view->title);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, view->command);
	cairo_t *cairo = cairo_create(surface);
	cairo_scale(cairo, scale, scale);
	draw_graph(cairo, flame, view, &geometry);
	cairo_show_page(cairo);
	cairo_surface_finish(surface);
	cairo_status_t status = cairo_status(cairo);
	if (status != CAIRO_STATUS_SUCCESS)
		report_error("the PDF cannot be drawn: %s", cairo_status_to_string(status));
	cairo_destroy(cairo);
	cairo_surface_destroy(surface);
	return status == CAIRO_STATUS_SUCCESS;
}

const struct writer pdf_writer = {.name = "pdf", .suffix = ".pdf", .summary = "vectors on one page", .write = write};
