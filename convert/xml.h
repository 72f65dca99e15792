/* XML read as a stream by libxml2: nothing is loaded from elsewhere, entities are not replaced, memory does not grow
 * with the input. */
#ifndef CONVERT_XML_H
#define CONVERT_XML_H

#include "common/source.h"

enum xml_kind {
	XML_END, /* of the file, or of what could be read of it */
	XML_OPEN,
	XML_CLOSE, /* also behind an empty element's XML_OPEN */
	XML_TEXT,
};

struct xml;

/* Reads the files of the source; keeps it. */
struct xml *xml_open(struct source *source);
/* Frees it. False if any file was no well-formed XML (it was reported). */
bool xml_close(struct xml *xml);
/* Goes to the start of the next file; false if there is none. */
bool xml_file(struct xml *xml);
/* Takes the next tag or text. */
enum xml_kind xml_next(struct xml *xml);
/* Of the last tag: its name without prefix; of the last text: the text. Live until the next xml_next. */
struct text xml_name(const struct xml *xml);
struct text xml_text(const struct xml *xml);
/* The attribute of that name (without prefix) of the last XML_OPEN: appended to `out`. False if it has none. */
bool xml_attribute(struct xml *xml, const char *name, struct buffer *out);
/* The same for the attribute PREFIX:NAME. */
bool xml_prefixed(struct xml *xml, const char *prefix, const char *name, struct buffer *out);
/* For messages. */
const char *xml_file_name(const struct xml *xml);
unsigned long xml_line(const struct xml *xml);

#endif
