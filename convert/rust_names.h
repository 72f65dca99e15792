/* Names as old Rust compilers mangle them ("legacy" mangling). */
#ifndef CONVERT_RUST_NAMES_H
#define CONVERT_RUST_NAMES_H

#include "common/text.h"

/* If the name ends in a Rust hash ("::h" and 16 hexadecimal digits) writes it without the hash and with its escapes
 * ($LT$, $u7b$, ..) replaced to `out` (emptied before) and returns true; else false. */
bool rust_name(struct text name, struct buffer *out);

#endif
