#include "render/report/work.h"

#include <stdlib.h>
#include <unistd.h>

#include "common/folded.h"
#include "render/report/condition.h"
#include "render/report/diff.h"
#include "render/report/files.h"
#include "render/report/pictures.h"
#include "render/report/profile_page.h"
#include "render/report/single.h"

static void write_folded(const struct settings *settings, const struct profile *profile, const struct stacks *stacks)
{
	struct sink sink;
	char *path = file_path(profile->folder, "stacks.folded.gz");
	sink_open(&sink, path);
	if (settings->ordered)
		folded_write_ordered(stacks, &sink);
	else
		folded_write(stacks, &sink);
	sink_close(&sink);
	free(path);
}

static bool draw(const struct settings *settings, const struct profile *profile, const struct stacks *stacks)
{
	struct view view = picture_view(settings, profile->name);
	char *html = file_path(profile->folder, "graph.html"), *png = file_path(profile->folder, "graph.png");
	char *thumbnail = file_path(profile->folder, "thumbnail.png");
	bool good = picture_html(stacks, &view, html) && picture_png(stacks, &view, png);
	if (good)
		picture_thumbnail(stacks, &view, thumbnail);
	free(html);
	free(png);
	free(thumbnail);
	return good;
}

static struct buffer check_conditions(const struct settings *settings, const struct functions *functions)
{
	struct buffer breaches = {0};
	for (size_t i = 0; i < settings->condition_count; i++)
		condition_check(&settings->conditions[i], functions, settings->noise, &breaches);
	return breaches;
}

/* What was said so far. */
static struct buffer read_notes(void)
{
	struct buffer notes = {0};
	char part[4096];
	ssize_t size;
	for (off_t at = 0; (size = pread(STDERR_FILENO, part, sizeof part, at)) > 0; at += size)
		buffer_add(&notes, part, (size_t)size);
	return notes;
}

static bool write_pages(struct subject *subject)
{
	const struct settings *settings = subject->settings;
	const struct profile *profile = subject->profile;
	write_folded(settings, profile, subject->now->stacks);
	if (!draw(settings, profile, subject->now->stacks) || (subject->old && !diff_pages(subject)))
		return false;
	struct buffer breaches = check_conditions(settings, subject->functions), notes = read_notes();
	subject->breaches = buffer_text(&breaches);
	subject->notes = buffer_text(&notes);
	profile_page(subject);
	if (settings->single)
		single_fragment(subject);
	record_write(subject);
	buffer_free(&breaches);
	buffer_free(&notes);
	return true;
}

bool work_profile(const struct settings *settings, const struct profile *profile)
{
	struct analysis analysis, old;
	if (!analysis_read(&analysis, profile->path, settings->ordered))
		return false;
	if (profile->baseline && !analysis_read(&old, profile->baseline, settings->ordered)) {
		analysis_free(&analysis);
		return false;
	}
	struct functions functions = functions_of(
		&analysis.graph, analysis.sum, profile->baseline ? &old.graph : NULL, profile->baseline ? old.sum : 0);
	file_folder(profile->folder);
	struct subject subject = {.settings = settings,
		.profile = profile,
		.now = &analysis,
		.old = profile->baseline ? &old : NULL,
		.functions = &functions,
		.prefix = ""};
	bool good = write_pages(&subject);
	functions_free(&functions);
	analysis_free(&analysis);
	if (profile->baseline)
		analysis_free(&old);
	return good;
}
