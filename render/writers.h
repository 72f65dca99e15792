/* The output formats: a format file closes with one constant struct writer, which stands in the table of writers.c. */
#ifndef RENDER_WRITERS_H
#define RENDER_WRITERS_H

#include "common/sink.h"
#include "render/flame.h"
#include "render/view.h"

struct writer {
	const char *name;   /* for --format */
	const char *suffix; /* of file names, with its dot */
	const char *summary;
	bool whole;      /* it wants every frame: none is left out for its width */
	bool compressed; /* always gzipped, whatever the file's name */
	/* One of the two; false, with a message, if it cannot be made. Pictures are written from the laid-out graph,
	 * data from the stacks themselves (with their steps if view->flame_chart; they are whole then, and hold at
	 * least one weight). */
	bool (*write)(const struct flame *flame, const struct view *view, struct sink *sink);
	bool (*write_stacks)(const struct stacks *stacks, const struct view *view, struct sink *sink);
};

/* Ends with NULL. */
extern const struct writer *const writers[];

/* The writer of that name, or whose suffix the path ends in (".gz" behind it does not count); NULL if there is none. */
const struct writer *writer_by_name(const char *name);
const struct writer *writer_by_path(const char *path);
/* All names, with commas; lives as long as the program. */
const char *writer_names(void);

#endif
