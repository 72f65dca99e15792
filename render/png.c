/* A still picture by cairo, from the same layout as the SVG, with measured text. */
#include "render/png.h"

#include <math.h>
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"
#include "common/version.h"
#include "render/draw.h"
#include "render/writers.h"

enum { MOST_PIXELS = 32767 }; /* of cairo's surfaces, each side */
enum { LEVEL = 3 };           /* zlib's, of flat areas: 0.6 of the time of 4, a fifth more bytes */

static void write_bytes(png_structp png, png_bytep bytes, png_size_t size)
{
	sink_write(png_get_io_ptr(png), bytes, size);
}

static void flush_bytes(png_structp png)
{
	(void)png;
}

static void put_metadata(png_structp png, png_infop info, const struct view *view)
{
	static char title[] = "Title", software[] = "Software", comment[] = "Comment",
		    program[] = "flamerender " TOOLKIT_VERSION;
	png_text texts[3] = {0};
	char *copies[2] = {mem_copy_string(view->title), mem_copy_string(view->command)};
	for (int i = 0; i < 3; i++)
		texts[i].compression = PNG_ITXT_COMPRESSION_NONE;
	texts[0].key = title, texts[0].text = copies[0];
	texts[1].key = software, texts[1].text = program;
	texts[2].key = comment, texts[2].text = copies[1];
	png_set_text(png, info, texts, 3);
	png_uint_32 per_metre = (png_uint_32)lround(96 * view->scale / 0.0254);
	png_set_pHYs(png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
	png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
	free(copies[0]);
	free(copies[1]);
}

static _Noreturn void fail_png(png_structp png, png_const_charp why)
{
	(void)png;
	die(EXIT_FAILED, "the PNG cannot be made: %s", why);
}

/* Cairo's pixels (blue in the lowest byte, alpha in the highest) as PNG's of three bytes, or four with the alpha. */
static void turn_pixels(const unsigned char *pixels, int width, bool alpha, unsigned char *row)
{
	for (int x = 0; x < width; x++, pixels += 4) {
		uint32_t pixel;
		memcpy(&pixel, pixels, sizeof pixel);
		*row++ = (unsigned char)(pixel >> 16);
		*row++ = (unsigned char)(pixel >> 8);
		*row++ = (unsigned char)pixel;
		if (alpha)
			*row++ = (unsigned char)(pixel >> 24);
	}
}

static void put_pixels(png_structp png, cairo_surface_t *surface, bool alpha)
{
	int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
	int stride = cairo_image_surface_get_stride(surface);
	const unsigned char *pixels = cairo_image_surface_get_data(surface);
	unsigned char *row = mem_alloc((size_t)width * 4);
	for (int y = 0; y < height; y++, pixels += stride) {
		turn_pixels(pixels, width, alpha, row);
		png_write_row(png, row);
	}
	free(row);
}

void png_put(cairo_surface_t *surface, const struct view *view, struct sink *sink)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, fail_png, NULL);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	bool alpha = cairo_image_surface_get_format(surface) == CAIRO_FORMAT_ARGB32;
	if (!info)
		die(EXIT_FAILED, "libpng cannot be started");
	png_set_write_fn(png, sink, write_bytes, flush_bytes);
	png_set_IHDR(png, info, (png_uint_32)cairo_image_surface_get_width(surface),
		(png_uint_32)cairo_image_surface_get_height(surface), 8,
		alpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
		PNG_FILTER_TYPE_DEFAULT);
	put_metadata(png, info, view);
	png_set_filter(png, 0, PNG_FILTER_NONE);
	png_set_compression_level(png, LEVEL);
	png_write_info(png, info);
	put_pixels(png, surface, alpha);
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
}

static bool write(const struct flame *flame, const struct view *view, struct sink *sink)
{
	struct geometry geometry = geometry_of(flame, view);
	double width = ceil(geometry.width * view->scale), height = ceil(geometry.height * view->scale);
	if (width > MOST_PIXELS || height > MOST_PIXELS) {
		report_error("the PNG would have %.0f x %.0f pixels, more than %d: use a smaller --scale or --height, "
			     "a larger "
			     "--minwidth, or SVG",
			width, height, MOST_PIXELS);
		return false;
	}
	if (!draw_has_fonts())
		return false;
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
	cairo_t *cairo = cairo_create(surface);
	cairo_scale(cairo, view->scale, view->scale);
	draw_graph(cairo, flame, view, &geometry);
	cairo_surface_flush(surface);
	cairo_status_t status = cairo_status(cairo);
	if (status == CAIRO_STATUS_SUCCESS)
		png_put(surface, view, sink);
	else
		report_error("the PNG cannot be drawn: %s", cairo_status_to_string(status));
	cairo_destroy(cairo);
	cairo_surface_destroy(surface);
	return status == CAIRO_STATUS_SUCCESS;
}

const struct writer png_writer = {.name = "png", .suffix = ".png", .summary = "still picture", .write = write};
