#include "render/report/baselines.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/intern.h"
#include "render/report/files.h"
#include "render/report/natural.h"

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

static int compare_entries(const struct dirent **a, const struct dirent **b)
{
	return natural_compare((*a)->d_name, (*b)->d_name);
}

static void find_in_report(const struct settings *settings, struct profile *profiles, const struct inputs *inputs)
{
	struct dirent **entries = NULL;
	char *folder = file_path(settings->baseline, "p");
	struct intern slugs = {0};
	int count = scandir(folder, &entries, NULL, compare_entries);
	for (size_t i = 0; i < inputs->count; i++) {
		const char *slug = inputs->items[i].slug;
		profiles[i].baseline = report_stacks(settings->baseline, slug);
		intern(&slugs, slug, strlen(slug));
	}
	uint32_t known = slugs.count;
	for (int i = 0; i < count; i++) {
		const char *slug = entries[i]->d_name;
		char *stacks = report_stacks(settings->baseline, slug);
		if (stacks && intern(&slugs, slug, strlen(slug)) >= known)
			buffer_add_format(&gone, "%s\n", slug);
		free(stacks);
		free(entries[i]);
	}
	free(entries);
	free(folder);
	intern_free(&slugs);
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
