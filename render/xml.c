#include "render/xml.h"

/* Bytes that can be written as they are: ASCII that is printed, but for & < > " and '. A bit for each. */
static bool is_plain(unsigned char c)
{
	static const uint64_t plain[4] = {0xAFFFFF3B00000000u, 0x7FFFFFFFFFFFFFFFu, 0, 0};
	return plain[c / 64] >> c % 64 & 1;
}

bool xml_is_plain(struct text text)
{
	for (size_t i = 0; i < text.size; i++)
		if (!is_plain((unsigned char)text.at[i]))
			return false;
	return true;
}

static const char *entity(uint32_t code)
{
	switch (code) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '\n':
	case '\t':
	case '\r':
		return " ";
	}
	return NULL;
}

static bool is_allowed(uint32_t code)
{
	return code >= 0x20 && code != 0xFFFE && code != 0xFFFF && !(code >= 0x7F && code < 0xA0);
}

void xml_text(struct sink *sink, struct text text)
{
	const char *at = text.at, *end = text.at + text.size;
	while (at < end) {
		const char *plain = at;
		while (at < end && is_plain((unsigned char)*at))
			at++;
		sink_write(sink, plain, (size_t)(at - plain));
		if (at == end)
			break;
		uint32_t code = utf8_next(&at, end);
		const char *escaped = entity(code);
		char bytes[4];
		if (escaped)
			sink_string(sink, escaped);
		else
			sink_write(sink, bytes, utf8_put(bytes, is_allowed(code) ? code : 0xFFFD));
	}
}

void xml_comment(struct sink *sink, struct text text)
{
	for (size_t i = 0; i < text.size;) {
		size_t end = i + 1;
		while (end < text.size && !(text.at[end] == '-' && text.at[end - 1] == '-'))
			end++;
		xml_text(sink, (struct text){text.at + i, end - i});
		if (end < text.size)
			sink_char(sink, ' ');
		i = end;
	}
	if (text.size && text.at[text.size - 1] == '-')
		sink_char(sink, ' ');
}
