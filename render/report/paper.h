/* A PDF written line by line: pages, columns of text, and places in them. */
#ifndef REPORT_PAPER_H
#define REPORT_PAPER_H

#include <cairo.h>
#include <time.h>

#include "common/sink.h"

enum { PAPER_WIDTH = 842, PAPER_HEIGHT = 595, PAPER_MARGIN = 40 }; /* points: A4, landscape */

struct paper {
	cairo_surface_t *surface;
	cairo_t *cairo;
	struct sink *sink;
	double y;      /* where the next line starts */
	unsigned page; /* its number, from 1 */
};

/* The document's date is `date`, whatever the clock says. */
void paper_open(struct paper *paper, struct sink *sink, const char *title, time_t date);
/* False, after a message, if it could not be written. */
bool paper_close(struct paper *paper);
void paper_new_page(struct paper *paper);
/* A new page if less than `height` is left on this one. */
void paper_need(struct paper *paper, double height);
/* An entry of the outline that leads to this page. */
void paper_outline(struct paper *paper, const char *name);

/* Text in the line at y, from x on, cut where it would be wider than `width`; right: it ends there. */
void paper_text(struct paper *paper, struct text text, double x, double width, double size, bool right);
/* Goes down. */
void paper_down(struct paper *paper, double height);
/* A thin line from margin to margin. */
void paper_rule(struct paper *paper);

#endif
