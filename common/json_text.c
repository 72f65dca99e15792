#include "common/json_text.h"

static bool is_plain(char c)
{
	return (unsigned char)c >= ' ' && (unsigned char)c < 0x7f && c != '"' && c != '\\' && c != '<';
}

void sink_json(struct sink *sink, struct text text)
{
	const char *at = text.at, *end = text.at + text.size;
	sink_char(sink, '"');
	while (at < end) {
		const char *start = at;
		while (at < end && is_plain(*at))
			at++;
		sink_write(sink, start, (size_t)(at - start));
		if (at == end)
			break;
		char bytes[4];
		uint32_t code = utf8_next(&at, end);
		if (code == '"' || code == '\\')
			sink_format(sink, "\\%c", (char)code);
		else if (code < ' ' || code == 0x7f || code == '<' || code == 0x2028 || code == 0x2029)
			sink_format(sink, "\\u%04x", code);
		else
			sink_write(sink, bytes, utf8_put(bytes, code));
	}
	sink_char(sink, '"');
}
