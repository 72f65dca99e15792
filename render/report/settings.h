/* What the user asked for, as all parts of the report need it. */
#ifndef REPORT_SETTINGS_H
#define REPORT_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "common/text.h"

struct gate;

struct settings {
	const char *output;      /* the report's folder */
	const char *title;       /* of the report */
	const char *count_name;  /* what weights are: "samples" */
	const char *baseline;    /* folder or file, or NULL */
	struct text gone;        /* profiles that only the baseline has, one a line */
	const char *source_root; /* folder of readable source files, or NULL */
	const char *url;         /* where the report will stand, with a slash behind; "" for links beside the file */
	bool single, pdf;        /* also one self-contained page, also a PDF */
	bool ordered;            /* time order is kept; weights are microseconds */
	const struct gate *conditions;
	size_t condition_count;
	double noise;            /* standard errors that a change must have */
	const char *const *data; /* "KEY=VALUE": shown with the run's data */
	size_t data_count;
	time_t date; /* SOURCE_DATE_EPOCH; 0: no date is shown */
};

#endif
