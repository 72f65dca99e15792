#include "render/report/profile.h"

#include "common/source.h"

struct text message_of(const struct profile *profile, struct text line)
{
	const char *colon = text_find(line, ": ");
	size_t path = strlen(profile->path);
	if (colon)
		line = (struct text){colon + 2, line.size - (size_t)(colon + 2 - line.at)};
	if (text_starts(line, "warning: "))
		line = (struct text){line.at + 9, line.size - 9};
	if (!text_starts(line, profile->path) || line.size < path + 2 || line.at[path] != ':')
		return line;
	path += line.at[path + 1] == ' ' ? 2 : 1; /* "PATH: what" or "PATH:LINE: what" */
	return (struct text){line.at + path, line.size - path};
}

struct text profile_message(const struct profile *profile)
{
	const char *at = profile->record.notes.at, *end = at + profile->record.notes.size;
	struct text line = text_of("");
	if (profile->error)
		return text_of(profile->error);
	next_line(&at, end, &line);
	return message_of(profile, line);
}
