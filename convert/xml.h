/* XML read as a stream by libxml2: nothing is loaded from elsewhere, entities are not replaced, memory does not grow
 * with the input. */
#ifndef CONVERT_XML_H
#define CONVERT_XML_H

#include "common/source.h"

/* Elements stand in each other at most so deep; a deeper file ends there with a message. */
enum { XML_DEEPEST = 256 };

struct xml;

/* What a format wants to know of its files, in their order. A tag is its number in `names`, -1 if it is not there. */
struct xml_handler {
	const char *const
		*names; /* of tags (without prefix) and attributes ("name" or "prefix:name"); ends with NULL */
	void (*begin)(void *state, struct xml *xml);
	void (*open)(void *state, struct xml *xml, int tag);
	/* All text between two tags; lives until it returns. */
	void (*text)(void *state, struct xml *xml, struct text text);
	void (*close)(void *state, struct xml *xml, int tag); /* also behind an empty element's `open` */
	void (*end)(void *state, struct xml *xml); /* of the file, or of what could be read of it; may be NULL */
};

/* Reads all files of the source. False if any was no well-formed XML (it was reported). */
bool xml_read(struct source *source, const struct xml_handler *handler, void *state);
/* In `open`: the value of the attribute that has this number in `names`. Lives until it is asked for another one or
 * `open` returns. False if the element has none. */
bool xml_attribute(struct xml *xml, int name, struct text *value);
/* In `open`: the same for an unsigned whole number. False if it is none. */
bool xml_integer(const struct xml *xml, int name, uint64_t *value);
/* For messages. */
const char *xml_file_name(const struct xml *xml);
unsigned long xml_line(const struct xml *xml);

#endif
