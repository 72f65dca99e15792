#include "convert/fold/options.h"

struct fold_options fold_asked;

const struct opt fold_options[] = {
	{'o', "output", OPT_STRING, &fold_asked.output, "FILE",
		"Write to FILE, whole or not at all. Default: standard output.", NULL, 0, false},
	{0, "strict", OPT_FLAG, &fold_asked.strict, NULL,
		"A line that is not folded text ends the program with status 1.", NULL, 0, false},
	{0},
};
