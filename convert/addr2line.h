/* Inlined functions at an address, from debug information, by binutils' addr2line (and nm). */
#ifndef CONVERT_ADDR2LINE_H
#define CONVERT_ADDR2LINE_H

#include "common/text.h"

/* Writes the functions at the address of the module from the outermost to the innermost, each ended by '\n', as "func"
 * or (context) "func:file:line". `symbol` and `offset` ("f", "+0x1f") are tried if the address alone is unknown. False
 * if nothing is known. Answers are not kept: ask once for each address. */
bool addr2line(
	struct text pc, struct text module, struct text symbol, struct text offset, bool context, struct buffer *out);

#endif
