/* What the report's own pages need to know of a profile. It is kept in the profile's folder, so that an unchanged one
 * need not be read again. */
#ifndef REPORT_RECORD_H
#define REPORT_RECORD_H

#include "render/report/analysis.h"

struct subject;

struct record {
	struct buffer data;  /* the file; all texts point into it */
	double sum, old_sum; /* old_sum 0: there was no baseline */
	uint64_t stacks, depth, functions;
	struct function *items; /* as functions_of gives them, but no more than RECORD_FUNCTIONS */
	size_t count, capacity;
	bool incomplete;      /* its file could not be read whole; the notes say why */
	struct text notes;    /* messages of the reading, one a line */
	struct text breaches; /* of --fail-if, one a line */
};

enum { RECORD_FUNCTIONS = 2000 };

/* Writes FOLDER/record of the profile, with its key, which stands for everything its pages are made from. */
void record_write(const struct subject *subject);
/* False if there is none, or it is of another key. */
bool record_read(struct record *record, const char *folder, const char *key);
void record_free(struct record *record);

/* The record as functions, for functions_*_change. */
struct functions record_functions(const struct record *record);

#endif
