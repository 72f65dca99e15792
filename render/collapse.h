/* Profiles of other tools, through stackcollapse. */
#ifndef RENDER_COLLAPSE_H
#define RENDER_COLLAPSE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A converter that runs; all zero is none. */
struct collapse {
	pid_t child;
	int end;       /* of the pipe from it */
	char path[32]; /* of that end, to be opened as a source of folded text */
};

/* Starts stackcollapse, which finds the format out, or (format not NULL) stackcollapse-FORMAT on the files; none: on
 * standard input. `ordered`: with --ordered. False, after a message, if it cannot be started. */
bool collapse_start(struct collapse *collapse, const char *format, char *const *paths, size_t count, bool ordered);
/* Waits for its end; true if it read all well (else it has said why). */
bool collapse_end(struct collapse *collapse);

#endif
