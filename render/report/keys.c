#include "render/report/keys.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "render/report/condition.h"
#include "render/report/files.h"

static struct hash128 mix(struct hash128 hash, const void *bytes, size_t size)
{
	struct hash128 more = hash_bytes128(bytes, size);
	return (struct hash128){hash_mix(hash.low, more.low), hash_mix(hash.high ^ 1, more.high)};
}

static struct hash128 mix_string(struct hash128 hash, const char *string)
{
	return mix(hash, string ? string : "", string ? strlen(string) : 0);
}

/* A file that cannot be read hashes as an empty one. */
static struct hash128 mix_file(struct hash128 hash, const char *path, struct buffer *room)
{
	buffer_clear(room);
	return path && file_read(path, room) ? mix(hash, room->at, room->size) : mix(hash, "", 0);
}

struct hash128 key_of_settings(const struct settings *settings)
{
	struct buffer room = {0};
	struct hash128 hash = mix_file((struct hash128){1, 2}, "/proc/self/exe", &room);
	const char *const strings[] = {settings->title, settings->count_name, settings->source_root};
	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
		hash = mix_string(hash, strings[i]);
	for (size_t i = 0; i < settings->condition_count; i++)
		hash = mix_string(hash, settings->conditions[i].text);
	hash = mix(hash, &settings->noise, sizeof settings->noise);
	hash = mix(hash, &settings->single, sizeof settings->single);
	hash = mix(hash, &settings->ordered, sizeof settings->ordered);
	buffer_free(&room);
	return hash;
}

static bool is_pipe(const char *path)
{
	struct stat info;
	if (path && strcmp(path, "-") == 0)
		return true;
	return path && stat(path, &info) == 0 && !S_ISREG(info.st_mode);
}

void key_set(struct profile *profile, struct hash128 hash)
{
	struct buffer room = {0};
	hash = mix_file(mix_string(hash, profile->name), profile->path, &room);
	hash = mix_file(mix_string(hash, profile->baseline), profile->baseline, &room);
	buffer_free(&room);
	snprintf(profile->key, sizeof profile->key, "%016llx%016llx", (unsigned long long)hash.high,
		(unsigned long long)hash.low);
}

bool key_is_sure(const struct settings *settings, const struct profile *profile)
{
	return !settings->source_root && !is_pipe(profile->path) && !is_pipe(profile->baseline);
}
