/* Text in XML: whatever bytes it holds, it stays text. */
#ifndef RENDER_XML_H
#define RENDER_XML_H

#include "common/sink.h"

/* Escapes & < > " and '; malformed UTF-8 and characters that XML does not allow become U+FFFD, line ends blanks. Good
 * in element content and in attributes. */
void xml_text(struct sink *sink, struct text text);
/* Is it as it was after xml_text? (Not always known: only ASCII is looked at.) */
bool xml_is_plain(struct text text);
/* Inside a comment: as xml_text, and "--" is set apart. */
void xml_comment(struct sink *sink, struct text text);

#endif
