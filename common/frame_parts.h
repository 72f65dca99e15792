/* What a frame's name says: function, file, line, module. */
#ifndef COMMON_FRAME_PARTS_H
#define COMMON_FRAME_PARTS_H

#include "common/text.h"

struct frame_parts {
	struct text function; /* the name without file and line; with its module */
	struct text file;     /* empty: not known */
	struct text module;   /* of "module`function"; else empty */
	uint64_t line;        /* from 1; 0: not known */
};

/* Knows "function (file.py:12)" and "function (file.py)" (py-spy, pysample), "file.py:function:12" (pyflame, austin),
 * "function:file.c:12" (perf --srcline), and "module`function" (dtrace and others). */
struct frame_parts frame_parts(struct text name);

#endif
