/* Strings as JSON writes them. */
#ifndef COMMON_JSON_TEXT_H
#define COMMON_JSON_TEXT_H

#include "common/sink.h"

/* The text in quotes, escaped; what is not UTF-8 becomes U+FFFD. "<" is escaped too, so that it can stand in a page's
 * script. */
void sink_json(struct sink *sink, struct text text);

#endif
