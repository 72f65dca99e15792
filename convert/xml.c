#include "convert/xml.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <stdlib.h>

#include "common/mem.h"
#include "common/report.h"

/* libxml2 parses a piece of the input and calls back for each tag and text: these are kept as events, which xml_next
 * hands out before the next piece is parsed. (Its own reader, which does that too, makes a tree of it first and takes
 * twice the time.) */

struct attribute {
	const xmlChar *name, *prefix; /* live as long as the parser */
	struct range {
		size_t start, size; /* in xml.bytes */
	} value;
};

struct event {
	enum xml_kind kind;
	const xmlChar *name;
	struct range text;
	size_t attribute, attribute_count; /* in xml.attributes */
	unsigned long line;
};

struct xml {
	struct source *source;
	struct chunk chunk;
	size_t position; /* in the chunk: what libxml2 was given */
	bool have_chunk;
	xmlParserCtxtPtr parser;
	bool ended; /* nothing more comes out of the parser */
	struct event *events;
	size_t event_count, event_capacity;
	size_t next; /* the event that comes next; the one before it is what is asked about */
	struct attribute *attributes;
	size_t attribute_count, attribute_capacity;
	struct buffer bytes; /* texts and values of the events */
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

static struct event *add_event(struct xml *xml, enum xml_kind kind, const xmlChar *name)
{
	xml->events = mem_grow(xml->events, &xml->event_capacity, xml->event_count + 1, sizeof *xml->events);
	struct event *event = &xml->events[xml->event_count++];
	*event = (struct event){.kind = kind,
		.name = name,
		.text = {xml->bytes.size, 0},
		.attribute = xml->attribute_count,
		.line = (unsigned long)xmlSAX2GetLineNumber(xml->parser)};
	return event;
}

/* An ampersand is given as "&#38;", as references to entities stay what they are. */
static struct range add_value(struct xml *xml, const char *at, const char *end)
{
	struct range range = {xml->bytes.size, 0};
	static const char ampersand[] = "&#38;";
	while (at < end) {
		const char *stop = memchr(at, '&', (size_t)(end - at));
		bool is_ampersand = stop && text_starts((struct text){stop, (size_t)(end - stop)}, ampersand);
		const char *copied = !stop ? end : stop + 1;
		buffer_add(&xml->bytes, at, (size_t)(copied - at));
		at = is_ampersand ? stop + sizeof ampersand - 1 : copied;
	}
	range.size = xml->bytes.size - range.start;
	return range;
}

static void on_open(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespace_count,
	const xmlChar **namespaces, int count, int defaulted, const xmlChar **values)
{
	enum { DEEPEST = 256, VALUES_EACH = 5 };
	struct xml *xml = xml_of(context);
	(void)prefix, (void)uri, (void)namespace_count, (void)namespaces, (void)defaulted;
	if (!xml)
		return;
	if (xml->parser->nameNr > DEEPEST) {
		fail(xml, xmlSAX2GetLineNumber(context), "elements stand in each other deeper than 256");
		xmlStopParser(context);
		return;
	}
	struct event *event = add_event(xml, XML_OPEN, name);
	event->attribute_count = count > 0 ? (size_t)count : 0;
	for (int i = 0; i < count; i++, values += VALUES_EACH) {
		xml->attributes = mem_grow(
			xml->attributes, &xml->attribute_capacity, xml->attribute_count + 1, sizeof *xml->attributes);
		xml->attributes[xml->attribute_count++] = (struct attribute){
			values[0], values[1], add_value(xml, (const char *)values[3], (const char *)values[4])};
	}
}

static void on_close(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct xml *xml = xml_of(context);
	(void)prefix, (void)uri;
	if (xml)
		add_event(xml, XML_CLOSE, name);
}

/* A text comes in pieces. */
static void on_text(void *context, const xmlChar *at, int size)
{
	struct xml *xml = xml_of(context);
	if (!xml || size <= 0)
		return;
	struct event *last = xml->event_count ? &xml->events[xml->event_count - 1] : NULL;
	if (!last || last->kind != XML_TEXT || xml->next == xml->event_count)
		last = add_event(xml, XML_TEXT, (const xmlChar *)"");
	buffer_add(&xml->bytes, at, (size_t)size);
	last->text.size += (size_t)size;
}

static void on_error(void *context, xmlErrorPtr error)
{
	struct xml *xml = ((xmlParserCtxtPtr)context)->_private;
	if (error->level >= XML_ERR_ERROR)
		fail(xml, error->line, error->message ? error->message : "no XML");
}

/* ---- files ---- */

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

static void free_parser(struct xml *xml)
{
	if (!xml->parser)
		return;
	xmlFreeDoc(xml->parser->myDoc);
	xmlFreeParserCtxt(xml->parser);
	xml->parser = NULL;
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
	free_parser(xml);
	xml->parser = xmlCreatePushParserCtxt(&handler, NULL, NULL, 0, NULL);
	if (!xml->parser)
		die(EXIT_FAILED, "out of memory");
	xml->parser->_private = xml;
	xmlCtxtUseOptions(xml->parser, XML_PARSE_NONET);
}

static void clear_events(struct xml *xml)
{
	xml->event_count = xml->next = xml->attribute_count = 0;
	buffer_clear(&xml->bytes);
}

bool xml_file(struct xml *xml)
{
	while (xml->have_chunk && !xml->chunk.first)
		more(xml);
	if (!xml->have_chunk)
		more(xml);
	if (!xml->have_chunk)
		return false;
	xml->chunk.first = xml->ended = xml->file_failed = false;
	free(xml->file);
	xml->file = mem_copy_string(xml->chunk.file);
	clear_events(xml);
	start_parser(xml);
	return true;
}

bool xml_close(struct xml *xml)
{
	bool good = !xml->failed;
	free_parser(xml);
	chunk_free(&xml->chunk);
	free(xml->events);
	free(xml->attributes);
	buffer_free(&xml->bytes);
	free(xml->file);
	free(xml);
	return good;
}

/* ---- events ---- */

/* A text that is the last event may go on: it waits at the front, the others were handed out. */
static void drop_taken(struct xml *xml)
{
	if (xml->next == xml->event_count) {
		clear_events(xml);
		return;
	}
	struct event last = xml->events[xml->next];
	memmove(xml->bytes.at, xml->bytes.at + last.text.start, last.text.size);
	xml->bytes.size = last.text.size;
	last.text.start = last.attribute = xml->attribute_count = xml->next = 0;
	xml->events[0] = last;
	xml->event_count = 1;
}

/* Parses the next piece of the file. */
static void parse_piece(struct xml *xml)
{
	enum { PIECE = 32 * 1024 };
	if (xml->have_chunk && !xml->chunk.first && xml->position == xml->chunk.size)
		more(xml);
	bool at_end = !xml->have_chunk || xml->chunk.first;
	size_t left = at_end ? 0 : xml->chunk.size - xml->position, size = left < PIECE ? left : PIECE;
	xmlParseChunk(xml->parser, at_end ? NULL : xml->chunk.data + xml->position, (int)size, at_end);
	xml->position += size;
	xml->ended = at_end || xml->parser->disableSAX;
}

enum xml_kind xml_next(struct xml *xml)
{
	for (;;) {
		size_t left = xml->event_count - xml->next;
		if (left > 1 || (left == 1 && (xml->ended || xml->events[xml->next].kind != XML_TEXT)))
			return xml->events[xml->next++].kind;
		if (xml->ended)
			break;
		drop_taken(xml);
		parse_piece(xml);
	}
	xml->failed |= xml->file_failed;
	return XML_END;
}

static const struct event *current(const struct xml *xml)
{
	static const struct event none = {.name = (const xmlChar *)""};
	return xml->next ? &xml->events[xml->next - 1] : &none;
}

struct text xml_name(const struct xml *xml)
{
	return text_of((const char *)current(xml)->name);
}

struct text xml_text(const struct xml *xml)
{
	struct range range = current(xml)->text;
	return range.size ? (struct text){xml->bytes.at + range.start, range.size} : (struct text){"", 0};
}

static bool find_attribute(const struct xml *xml, const char *prefix, const char *name, struct buffer *out)
{
	const struct event *event = current(xml);
	for (size_t i = 0; i < event->attribute_count; i++) {
		const struct attribute *attribute = &xml->attributes[event->attribute + i];
		const char *its_prefix = attribute->prefix ? (const char *)attribute->prefix : "";
		if (strcmp((const char *)attribute->name, name) == 0 && strcmp(its_prefix, prefix) == 0) {
			buffer_add(out, xml->bytes.at + attribute->value.start, attribute->value.size);
			return true;
		}
	}
	return false;
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
	return current(xml)->line ? current(xml)->line : 1;
}
