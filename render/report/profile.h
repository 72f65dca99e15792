/* One profile of the report: where it comes from, where it goes, and what came out. */
#ifndef REPORT_PROFILE_H
#define REPORT_PROFILE_H

#include "render/report/record.h"

struct profile {
	const char *path;     /* of the input */
	const char *name;     /* shown */
	const char *slug;     /* of its folder: OUT/p/SLUG */
	const char *baseline; /* path of what it is compared to, or NULL */
	char *folder;         /* OUT/p/SLUG */
	char key[40];         /* hash of all that its pages are made from */
	char *error;          /* why it is broken, or NULL */
	struct record record; /* unless it is broken */
};

/* A message "program: PATH: what" or "program: PATH:LINE: what" without the program and the profile's path. */
struct text message_of(const struct profile *profile, struct text line);
/* What is wrong with it, if it is broken or incomplete. */
struct text profile_message(const struct profile *profile);

#endif
