/* Reading one profile: folded text, or any format that stackcollapse knows. */
#ifndef REPORT_LOAD_H
#define REPORT_LOAD_H

#include "common/stacks.h"

/* NULL, after a message, if it holds no weight. What could be read of a faulty file is used: *whole is false then,
 * after a message. With `ordered` the steps are kept. */
struct stacks *load_profile(const char *path, bool ordered, bool *whole);

#endif
