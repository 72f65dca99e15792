/* A profile with all that is known of it: what its pages are written from. */
#ifndef REPORT_SUBJECT_H
#define REPORT_SUBJECT_H

#include "render/report/analysis.h"
#include "render/report/profile.h"

struct subject {
	const struct settings *settings;
	const struct profile *profile;
	const struct analysis *now, *old; /* old: of the baseline, or NULL */
	const struct functions *functions;
	struct text notes;    /* messages while it was read, one a line */
	struct text breaches; /* of --fail-if, one a line */
	const char *prefix;   /* of the ids of its sections: see page_section */
};

#endif
