#include "render/report/baselines.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/text.h"
#include "render/report/files.h"

/* The lines of settings->gone. */
static struct buffer gone;

static bool is_folder(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static bool is_report(const char *folder)
{
	char *summary = file_path(folder, "summary.json");
	bool there = access(summary, R_OK) == 0;
	free(summary);
	return there;
}

/* ---- a folder: files of the same names ---- */

static void find_in_folder(const struct settings *settings, struct profile *profiles, const struct inputs *inputs)
{
	struct inputs old = inputs_find((char *const *)&settings->baseline, 1, settings->output);
	for (size_t i = 0; i < inputs->count; i++) {
		const struct input *same = inputs_named(&old, inputs->items[i].name);
		profiles[i].baseline = same ? same->path : NULL;
	}
	for (size_t i = 0; i < old.count; i++)
		if (!inputs_named(inputs, old.items[i].name))
			buffer_add_format(&gone, "%s\n", old.items[i].name);
}

/* ---- an older report: the stacks beside the pages of the same names ---- */

/* Their path, for the caller to free, or NULL if there are none. */
static char *report_stacks(const char *report, const char *slug)
{
	struct buffer path = {0};
	buffer_add_format(&path, "%s/p/%s/stacks.folded.gz", report, slug);
	if (access(path.at, R_OK) == 0)
		return path.at;
	buffer_free(&path);
	return NULL;
}

static bool has_slug(const struct inputs *inputs, const char *slug)
{
	for (size_t i = 0; i < inputs->count; i++)
		if (strcmp(inputs->items[i].slug, slug) == 0)
			return true;
	return false;
}

static void find_in_report(const struct settings *settings, struct profile *profiles, const struct inputs *inputs)
{
	struct dirent **entries = NULL;
	char *folder = file_path(settings->baseline, "p");
	int count = scandir(folder, &entries, NULL, alphasort);
	for (size_t i = 0; i < inputs->count; i++)
		profiles[i].baseline = report_stacks(settings->baseline, inputs->items[i].slug);
	for (int i = 0; i < count; i++) {
		char *stacks = report_stacks(settings->baseline, entries[i]->d_name);
		if (stacks && !has_slug(inputs, entries[i]->d_name))
			buffer_add_format(&gone, "%s\n", entries[i]->d_name);
		free(stacks);
		free(entries[i]);
	}
	free(entries);
	free(folder);
}

void baselines_find(struct settings *settings, struct profile *profiles, const struct inputs *inputs)
{
	if (!settings->baseline)
		return;
	if (is_folder(settings->baseline) && is_report(settings->baseline))
		find_in_report(settings, profiles, inputs);
	else if (is_folder(settings->baseline))
		find_in_folder(settings, profiles, inputs);
	else
		for (size_t i = 0; i < inputs->count; i++)
			profiles[i].baseline = settings->baseline;
	settings->gone = buffer_text(&gone);
}
