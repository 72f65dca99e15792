#include "convert/xml.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

/* libxml2 is given the input in pieces and calls back for each tag and text. (Its own reader makes a tree of it first
 * and takes twice the time.) */

/* A name of the handler's list as libxml2 has it: it keeps each string once, so that pointers can be compared. */
struct name {
	const xmlChar *prefix, *local; /* live as long as the parser */
};

enum { VALUES_EACH = 5 }; /* pointers that libxml2 gives for each attribute: name, prefix, URI, value, its end */

struct xml {
	const struct xml_handler *handler;
	void *state;
	struct source *source;
	struct chunk chunk;
	bool have_chunk;
	xmlParserCtxtPtr parser;
	struct name *names;
	size_t name_count;
	const xmlChar **attributes; /* of the tag that is being opened */
	int attribute_count;
	int tags[XML_DEEPEST]; /* of the elements that are open */
	int depth;
	struct buffer text, value;
	bool failed, file_failed;
	char *file;
};

/* ---- what libxml2 calls ---- */

/* Where the parser reads an entity's text it calls with a parser of that: such text is not the document's. */
static struct xml *xml_of(void *context)
{
	struct xml *xml = ((xmlParserCtxtPtr)context)->_private;
	return xml->parser == context ? xml : NULL;
}

static void fail(struct xml *xml, int line, const char *message)
{
	if (!xml->file_failed)
		report_error("%s:%d: %.*s: what was read before is used", xml->file, line, (int)strcspn(message, "\n"),
			message);
	xml->file_failed = true;
}

static int number_of(const struct xml *xml, const xmlChar *name)
{
	for (size_t i = 0; i < xml->name_count; i++)
		if (xml->names[i].local == name)
			return (int)i;
	return -1;
}

/* A text comes in pieces: it is whole when a tag comes. */
static void end_text(struct xml *xml)
{
	if (!xml->text.size)
		return;
	xml->handler->text(xml->state, xml, buffer_text(&xml->text));
	buffer_clear(&xml->text);
}

static void on_open(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespace_count,
	const xmlChar **namespaces, int count, int defaulted, const xmlChar **values)
{
	struct xml *xml = xml_of(context);
	(void)prefix, (void)uri, (void)namespace_count, (void)namespaces, (void)defaulted;
	if (!xml)
		return;
	end_text(xml);
	if (xml->depth == XML_DEEPEST) {
		fail(xml, xmlSAX2GetLineNumber(context), "elements stand in each other deeper than 256");
		xmlStopParser(context);
		return;
	}
	int tag = xml->tags[xml->depth++] = number_of(xml, name);
	xml->attributes = values;
	xml->attribute_count = count;
	xml->handler->open(xml->state, xml, tag);
}

static void on_close(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct xml *xml = xml_of(context);
	(void)name, (void)prefix, (void)uri;
	if (!xml || !xml->depth)
		return;
	end_text(xml);
	xml->handler->close(xml->state, xml, xml->tags[--xml->depth]);
}

static void on_text(void *context, const xmlChar *at, int size)
{
	struct xml *xml = xml_of(context);
	if (xml && size > 0)
		buffer_add(&xml->text, at, (size_t)size);
}

static void on_error(void *context, xmlErrorPtr error)
{
	struct xml *xml = ((xmlParserCtxtPtr)context)->_private;
	if (error->level >= XML_ERR_ERROR)
		fail(xml, error->line, error->message ? error->message : "no XML");
}

/* ---- what the handler asks ---- */

/* An ampersand is given as "&#38;", as references to entities stay what they are. */
static struct text plain(struct xml *xml, struct text value)
{
	static const char ampersand[] = "&#38;";
	const char *at = value.at, *end = value.at + value.size, *stop = memchr(at, '&', value.size);
	if (!stop)
		return value;
	buffer_clear(&xml->value);
	while (at < end) {
		bool is_ampersand = stop && text_starts((struct text){stop, (size_t)(end - stop)}, ampersand);
		const char *copied = !stop ? end : stop + 1;
		buffer_add(&xml->value, at, (size_t)(copied - at));
		at = is_ampersand ? stop + sizeof ampersand - 1 : copied;
		stop = memchr(at, '&', (size_t)(end - at));
	}
	return buffer_text(&xml->value);
}

/* As libxml2 gives it. */
static inline bool find_attribute(const struct xml *xml, int name, struct text *value)
{
	const struct name *wanted = &xml->names[name];
	const xmlChar **values = xml->attributes;
	for (int i = 0; i < xml->attribute_count; i++, values += VALUES_EACH)
		if (values[0] == wanted->local && values[1] == wanted->prefix) {
			*value = (struct text){(const char *)values[3], (size_t)(values[4] - values[3])};
			return true;
		}
	return false;
}

bool xml_attribute(struct xml *xml, int name, struct text *value)
{
	bool found = find_attribute(xml, name, value);
	if (found)
		*value = plain(xml, *value);
	return found;
}

bool xml_integer(const struct xml *xml, int name, uint64_t *value)
{
	struct text text;
	return find_attribute(xml, name, &text) && text_integer(text, value);
}

const char *xml_file_name(const struct xml *xml)
{
	return xml->file;
}

unsigned long xml_line(const struct xml *xml)
{
	int line = xmlSAX2GetLineNumber(xml->parser);
	return line > 0 ? (unsigned long)line : 1;
}

/* ---- files ---- */

static void look_up_names(struct xml *xml)
{
	for (size_t i = 0; i < xml->name_count; i++) {
		const char *name = xml->handler->names[i], *colon = strchr(name, ':');
		xmlDictPtr dictionary = xml->parser->dict;
		xml->names[i] = (struct name){0};
		if (colon)
			xml->names[i].prefix = xmlDictLookup(dictionary, (const xmlChar *)name, (int)(colon - name));
		xml->names[i].local = xmlDictLookup(dictionary, (const xmlChar *)(colon ? colon + 1 : name), -1);
	}
}

static void start_parser(struct xml *xml)
{
	xmlSAXHandler handler = {0};
	xmlSAXVersion(&handler, 2);
	handler.startElementNs = on_open;
	handler.endElementNs = on_close;
	handler.characters = handler.ignorableWhitespace = on_text;
	handler.cdataBlock = on_text;
	handler.comment = NULL;
	handler.processingInstruction = NULL;
	handler.reference = NULL;
	handler.serror = on_error;
	xml->parser = xmlCreatePushParserCtxt(&handler, NULL, NULL, 0, NULL);
	if (!xml->parser)
		die(EXIT_FAILED, "out of memory");
	xml->parser->_private = xml;
	xmlCtxtUseOptions(xml->parser, XML_PARSE_NONET);
	look_up_names(xml);
}

static void free_parser(struct xml *xml)
{
	xmlFreeDoc(xml->parser->myDoc);
	xmlFreeParserCtxt(xml->parser);
	xml->parser = NULL;
}

static void more(struct xml *xml)
{
	xml->have_chunk = source_chunk(xml->source, source_cut_bytes, &xml->chunk);
}

static void parse_chunk(struct xml *xml)
{
	enum { PIECE = 32 * 1024 };
	for (size_t at = 0; at < xml->chunk.size && !xml->parser->disableSAX; at += PIECE) {
		size_t left = xml->chunk.size - at, size = left < PIECE ? left : PIECE;
		xmlParseChunk(xml->parser, xml->chunk.data + at, (int)size, 0);
	}
}

/* The chunk is the first of its file. Behind what is no XML the file's rest is passed over. */
static void read_file(struct xml *xml)
{
	xml->file_failed = false;
	xml->depth = 0;
	xml->file = mem_copy_string(xml->chunk.file);
	buffer_clear(&xml->text);
	start_parser(xml);
	xml->handler->begin(xml->state, xml);
	do {
		parse_chunk(xml);
		more(xml);
	} while (xml->have_chunk && !xml->chunk.first);
	if (!xml->parser->disableSAX)
		xmlParseChunk(xml->parser, NULL, 0, 1);
	end_text(xml);
	if (xml->handler->end)
		xml->handler->end(xml->state, xml);
	xml->failed |= xml->file_failed;
	free_parser(xml);
	free(xml->file);
}

bool xml_read(struct source *source, const struct xml_handler *handler, void *state)
{
	struct xml xml = {.handler = handler, .state = state, .source = source};
	while (handler->names[xml.name_count])
		xml.name_count++;
	xml.names = mem_zero(xml.name_count, sizeof *xml.names);
	more(&xml);
	while (xml.have_chunk)
		read_file(&xml);
	chunk_free(&xml.chunk);
	free(xml.names);
	buffer_free(&xml.text);
	buffer_free(&xml.value);
	return !xml.failed;
}
