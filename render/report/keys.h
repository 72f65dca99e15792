/* Keys: hashes of all that a profile's pages are made from. */
#ifndef REPORT_KEYS_H
#define REPORT_KEYS_H

#include "common/hash.h"
#include "render/report/profile.h"
#include "render/report/settings.h"

/* Of the program and all settings that a profile's folder depends on. */
struct hash128 key_of_settings(const struct settings *settings);
/* Writes profile->key: of the settings' hash, the profile's bytes and its baseline's. */
void key_set(struct profile *profile, struct hash128 settings);
/* False if pages with the profile's key may still be old: bytes of a pipe are gone when they were hashed, and source
 * files may have changed. */
bool key_is_sure(const struct settings *settings, const struct profile *profile);

#endif
