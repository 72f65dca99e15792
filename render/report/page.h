/* What all pages of the report have in common. Texts are escaped here. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "common/sink.h"
#include "render/report/functions.h"
#include "render/report/settings.h"

/* How a page stands in the site. */
struct page {
	const char *title;
	const char *root;   /* the way to the report's folder: "", or "../../" */
	const char *parent; /* address of the profile's page, from a page below it; or NULL */
	const char *name;   /* of the profile, or NULL */
};
/* The head, the way to here, and the heading. */
void page_begin(struct sink *sink, const struct settings *settings, const struct page *page);
void page_end(struct sink *sink);

void page_text(struct sink *sink, struct text text);
void page_string(struct sink *sink, const char *string);
/* At most that many letters from the start. */
struct text page_letters(struct text text, size_t letters);
/* A name of any length: of a long one the start, with more of it as its title. */
void page_name(struct sink *sink, struct text name);
/* A function with its file, if that is known. */
void page_function(struct sink *sink, struct text name, struct text file);
/* "<h2 id=PREFIXID>Title</h2>" at the start of a section; close it with page_section_end. The prefix tells the sections
 * of several profiles in one page apart; "" if there is just one. */
void page_section(struct sink *sink, const char *prefix, const char *id, const char *title);
void page_section_end(struct sink *sink);
/* FOLDER/NAME as a data: address. Nothing but its start if it cannot be read. */
void page_data_address(struct sink *sink, const char *type, const char *folder, const char *name);
/* "<dt>name</dt><dd>value</dd>" */
void page_fact(struct sink *sink, const char *name, struct text value);

/* How high the frame of a graph of so many rows is, in px. */
int page_graph_height(uint32_t depth);
/* The frame (named "graph") with an interactive graph, as high as one of so many rows needs. */
void page_frame(struct sink *sink, const char *address, const char *title, uint32_t depth);

/* "1234567.5" as "1,234,567.5". */
void page_number_text(struct buffer *out, double value);
/* A weight as people read it: "1,234.5", or with settings->ordered "1.23 s". */
void page_weight_text(struct buffer *out, const struct settings *settings, double weight);
/* "1,234 samples" */
void page_count_text(struct buffer *out, const struct settings *settings, double weight);

#endif
