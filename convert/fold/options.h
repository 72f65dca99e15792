/* The options that all fold tools share: opt_program.more. */
#ifndef FOLD_OPTIONS_H
#define FOLD_OPTIONS_H

#include "common/opt.h"

struct fold_options {
	const char *output; /* NULL: standard output */
	bool strict;
};
extern struct fold_options fold_asked;
extern const struct opt fold_options[];

#endif
