/* --nameattr: attributes for the frames of some functions, from a file of lines "FUNC<TAB>key=value<TAB>key=value...".
 */
#ifndef RENDER_NAMEATTR_H
#define RENDER_NAMEATTR_H

#include "common/text.h"

/* An attribute of the XML element: both are plain text, to be escaped. */
struct attribute {
	struct text key, value;
};

/* What is known of one function; texts that are not given have at == NULL. */
struct name_attributes {
	struct text name;
	struct text title; /* replaces the frame's title */
	struct text href, target;
	struct attribute *group; /* id, class and what g_extra holds, for the <g> */
	size_t group_count, group_capacity;
	struct attribute *link; /* what a_extra holds, for the <a> */
	size_t link_count, link_capacity;
};

struct nameattr;

/* Ends the program with a message if the file cannot be read or has a line without a tab. */
struct nameattr *nameattr_read(const char *path);
/* The attributes of the function with that name, or NULL. */
const struct name_attributes *nameattr_find(const struct nameattr *table, struct text name);

#endif
