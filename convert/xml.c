#include "convert/xml.h"

#include <libxml/xmlreader.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

struct xml {
	struct source *source;
	struct chunk chunk;
	size_t position; /* in the chunk: what libxml2 was given */
	bool have_chunk;
	xmlTextReaderPtr reader;
	bool closing; /* an empty element was opened: its XML_CLOSE comes next */
	bool failed, file_failed;
	char *file;
	unsigned long last_line;
};

struct xml *xml_open(struct source *source)
{
	struct xml *xml = mem_zero(1, sizeof *xml);
	xml->source = source;
	return xml;
}

static void more(struct xml *xml)
{
	xml->have_chunk = source_chunk(xml->source, source_cut_bytes, &xml->chunk);
	xml->position = 0;
}

/* libxml2 asks for up to `size` bytes of this file. */
static int give(void *context, char *out, int size)
{
	struct xml *xml = context;
	if (xml->have_chunk && !xml->chunk.first && xml->position == xml->chunk.size)
		more(xml);
	if (!xml->have_chunk || xml->chunk.first)
		return 0;
	size_t left = xml->chunk.size - xml->position;
	size_t take = left < (size_t)size ? left : (size_t)size;
	memcpy(out, xml->chunk.data + xml->position, take);
	xml->position += take;
	return (int)take;
}

static void on_error(void *context, const char *message, xmlParserSeverities severity, xmlTextReaderLocatorPtr locator)
{
	struct xml *xml = context;
	if (severity != XML_PARSER_SEVERITY_ERROR && severity != XML_PARSER_SEVERITY_VALIDITY_ERROR)
		return;
	if (!xml->file_failed)
		report_error("%s:%d: %.*s: what was read before is used", xml->file,
			xmlTextReaderLocatorLineNumber(locator), (int)strcspn(message, "\n"), message);
	xml->file_failed = true;
}

bool xml_file(struct xml *xml)
{
	while (xml->have_chunk && !xml->chunk.first)
		more(xml);
	if (!xml->have_chunk)
		more(xml);
	if (!xml->have_chunk)
		return false;
	xml->chunk.first = xml->closing = xml->file_failed = false;
	free(xml->file);
	xml->file = mem_copy_string(xml->chunk.file);
	if (xml->reader)
		xmlFreeTextReader(xml->reader);
	xml->reader = xmlReaderForIO(give, NULL, xml, NULL, NULL, XML_PARSE_NONET);
	if (!xml->reader)
		die(EXIT_FAILED, "out of memory");
	xmlTextReaderSetErrorHandler(xml->reader, on_error, xml);
	return true;
}

bool xml_close(struct xml *xml)
{
	bool good = !xml->failed;
	if (xml->reader)
		xmlFreeTextReader(xml->reader);
	chunk_free(&xml->chunk);
	free(xml->file);
	free(xml);
	return good;
}

enum xml_kind xml_next(struct xml *xml)
{
	if (xml->closing) {
		xml->closing = false;
		return XML_CLOSE;
	}
	while (xmlTextReaderRead(xml->reader) == 1) {
		switch (xmlTextReaderNodeType(xml->reader)) {
		case XML_READER_TYPE_ELEMENT:
			xml->closing = xmlTextReaderIsEmptyElement(xml->reader) == 1;
			return XML_OPEN;
		case XML_READER_TYPE_END_ELEMENT:
			return XML_CLOSE;
		case XML_READER_TYPE_TEXT:
		case XML_READER_TYPE_CDATA:
			return XML_TEXT;
		default:
			break;
		}
	}
	xml->failed |= xml->file_failed;
	return XML_END;
}

static struct text text_from(const xmlChar *string)
{
	return string ? text_of((const char *)string) : (struct text){"", 0};
}

struct text xml_name(const struct xml *xml)
{
	return text_from(xmlTextReaderConstLocalName(xml->reader));
}

struct text xml_text(const struct xml *xml)
{
	return text_from(xmlTextReaderConstValue(xml->reader));
}

static bool find_attribute(struct xml *xml, const char *prefix, const char *name, struct buffer *out)
{
	bool found = false;
	for (int more_of_them = xmlTextReaderMoveToFirstAttribute(xml->reader); more_of_them == 1 && !found;
		more_of_them = xmlTextReaderMoveToNextAttribute(xml->reader)) {
		found = text_is(xml_name(xml), name) &&
			text_is(text_from(xmlTextReaderConstPrefix(xml->reader)), prefix);
		if (found)
			buffer_add_string(out, xml_text(xml).at);
	}
	xmlTextReaderMoveToElement(xml->reader);
	return found;
}

bool xml_attribute(struct xml *xml, const char *name, struct buffer *out)
{
	return find_attribute(xml, "", name, out);
}

bool xml_prefixed(struct xml *xml, const char *prefix, const char *name, struct buffer *out)
{
	return find_attribute(xml, prefix, name, out);
}

const char *xml_file_name(const struct xml *xml)
{
	return xml->file;
}

unsigned long xml_line(const struct xml *xml)
{
	int line = xmlTextReaderGetParserLineNumber(xml->reader);
	return line > 0 ? (unsigned long)line : 1;
}
