/* Reading one profile: folded text, or any format that stackcollapse knows. */
#ifndef REPORT_LOAD_H
#define REPORT_LOAD_H

#include "common/stacks.h"

/* NULL, after a message, if it cannot be read whole or holds no weight. With `ordered` the steps are kept. */
struct stacks *load_profile(const char *path, bool ordered);

#endif
