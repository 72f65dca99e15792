/* flamereport: many profiles as one static site. */
#include <stdlib.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/opt.h"
#include "common/report.h"
#include "common/source.h"
#include "render/report/baselines.h"
#include "render/report/condition.h"
#include "render/report/files.h"
#include "render/report/index_page.h"
#include "render/report/jobs.h"
#include "render/report/pdf.h"
#include "render/report/search.h"
#include "render/report/single.h"
#include "render/report/summary.h"

static struct settings settings = {.title = "Profiles", .count_name = "samples", .url = "", .noise = 3};
static struct opt_list conditions, data;
static long jobs;

static const struct opt options[] = {
	{'o', "output", OPT_STRING, &settings.output, "DIR", "Make the report in this folder.", NULL, 0, false},
	{'j', "jobs", OPT_INTEGER, &jobs, "N", "Work on N profiles at a time. Default: one for each processor.", NULL,
		1, false},
	{0, "baseline", OPT_STRING, &settings.baseline, "DIR|FILE",
		"Compare: a folder with files of the same names, an older report's folder, or one file for all.", NULL,
		0, false},
	{0, "ordered", OPT_FLAG, &settings.ordered, NULL,
		"The input is in time order: weights are microseconds, the first frame is the thread.", NULL, 0, false},
	{0, "single", OPT_FLAG, &settings.single, NULL, "Also make DIR/report.html: all in one self-contained file.",
		NULL, 0, false},
	{0, "pdf", OPT_FLAG, &settings.pdf, NULL, "Also make DIR/report.pdf.", NULL, 0, false},
	{0, "source-root", OPT_STRING, &settings.source_root, "DIR",
		"Show the lines of source files below this folder, with what each weighs.", NULL, 0, false},
	{0, NULL, OPT_HEADING, NULL, NULL, "Gate:", NULL, 0, false},
	{0, "fail-if", OPT_LIST, &conditions, "CONDITION",
		"Exit with 1 if it holds in any profile: self(FUNCTION)>+5% (points of the share of all samples), "
		"total(FUNCTION)>+100 (samples), self(*)>20% (share now). May be repeated.",
		NULL, 0, false},
	{0, "noise", OPT_NUMBER, &settings.noise, "N", "Changes below N standard errors are chance. Default: 3.", NULL,
		0, false},
	{0, NULL, OPT_HEADING, NULL, NULL, "Texts:", NULL, 0, false},
	{0, "title", OPT_STRING, &settings.title, "TEXT", "Heading of the report. Default: Profiles.", NULL, 0, false},
	{0, "countname", OPT_STRING, &settings.count_name, "TEXT", "What is counted. Default: samples.", NULL, 0,
		false},
	{0, "data", OPT_LIST, &data, "NAME=VALUE", "Show this with the run's data (may be repeated).", NULL, 0, false},
	{0, "url", OPT_STRING, &settings.url, "URL", "Where the report will stand: for the links in summary.md.", NULL,
		0, false},
	{0},
};

static const struct opt_program program = {
	.name = "flamereport",
	.summary = "Makes a report of many profiles: a static site that opens from disk.",
	.usage = "[options] -o DIR PROFILE|FOLDER|GLOB ...",
	.examples = "  flamereport -o report/ nightly/*.folded.gz\n"
		    "  flamereport -o report/ --baseline main/ --fail-if 'self(*)>+5%' branch/\n",
	.options = options,
};

/* ---- settling ---- */

static void settle_conditions(void)
{
	struct gate *parsed = mem_zero(conditions.count + 1, sizeof *parsed);
	for (size_t i = 0; i < conditions.count; i++) {
		parsed[i] = gate_parse(conditions.items[i]);
		if (parsed[i].relative && !settings.baseline)
			die(EXIT_USAGE, "--fail-if '%s' asks for a change: give a --baseline", conditions.items[i]);
	}
	settings.conditions = parsed;
	settings.condition_count = conditions.count;
}

static void settle_data(void)
{
	for (size_t i = 0; i < data.count; i++)
		if (!strchr(data.items[i], '='))
			die(EXIT_USAGE, "--data needs NAME=VALUE, not '%s'", data.items[i]);
	settings.data = data.items;
	settings.data_count = data.count;
}

static void settle_date(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	uint64_t seconds;
	if (!epoch || !*epoch)
		return;
	if (!text_integer(text_of(epoch), &seconds) || seconds > 253402300799)
		die(EXIT_USAGE, "SOURCE_DATE_EPOCH must be a number of seconds, not '%s'", epoch);
	settings.date = (time_t)seconds;
}

static void settle(size_t operands)
{
	if (!settings.output || !*settings.output)
		die(EXIT_USAGE, "-o DIR is needed: see 'flamereport --help'");
	if (!operands)
		die(EXIT_USAGE, "no profile was given: see 'flamereport --help'");
	char *output = mem_copy_string(settings.output);
	for (size_t size = strlen(output); size > 1 && output[size - 1] == '/'; size--)
		output[size - 1] = '\0';
	settings.output = output;
	if (*settings.url && !text_ends(text_of(settings.url), "/"))
		settings.url = file_path(settings.url, "");
	if (settings.baseline && access(settings.baseline, R_OK) != 0)
		die(EXIT_USAGE, "--baseline %s: cannot be read", settings.baseline);
	if (settings.source_root && access(settings.source_root, R_OK | X_OK) != 0)
		die(EXIT_USAGE, "--source-root %s: cannot be read", settings.source_root);
	if (!jobs)
		jobs = sysconf(_SC_NPROCESSORS_ONLN);
	if (jobs < 1 || jobs > 1024)
		jobs = 1024;
	settle_conditions();
	settle_data();
	settle_date();
}

/* ---- profiles ---- */

static struct profile *profiles_of(const struct inputs *inputs)
{
	struct profile *profiles = mem_zero(inputs->count + 1, sizeof *profiles);
	for (size_t i = 0; i < inputs->count; i++) {
		struct buffer folder = {0};
		buffer_add_format(&folder, "%s/p/%s", settings.output, inputs->items[i].slug);
		profiles[i] = (struct profile){.path = inputs->items[i].path,
			.name = inputs->items[i].name,
			.slug = inputs->items[i].slug,
			.folder = folder.at};
	}
	baselines_find(&settings, profiles, inputs);
	return profiles;
}

/* ---- the outcome ---- */

/* Says what is wrong with a profile; false if anything is. */
static bool report_profile(const struct profile *profile)
{
	struct text lines = profile->record.breaches, line, message = profile_message(profile);
	const char *at = lines.at, *end = lines.at + lines.size;
	if (profile->error)
		report_error("%s: %s", profile->path, profile->error);
	if (profile->record.incomplete)
		report_error("%s: incomplete: %.*s", profile->path, (int)message.size, message.at);
	while (next_line(&at, end, &line))
		report_error("%s: %.*s", profile->name, (int)line.size, line.at);
	return !profile->error && !profile->record.incomplete && !lines.size;
}

int main(int argc, char **argv)
{
	size_t operands = opt_parse(&program, argc, argv);
	settle(operands);
	struct inputs inputs = inputs_find(argv, operands, settings.output);
	if (!inputs.count)
		die(EXIT_FAILED, "no profile was found: the folders hold no files");
	struct profile *profiles = profiles_of(&inputs);
	file_folder(settings.output);
	size_t made = jobs_run(&settings, profiles, inputs.count, (size_t)jobs);
	index_shared(&settings);
	index_page(&settings, profiles, inputs.count);
	search_write(&settings, profiles, inputs.count);
	if (settings.single)
		single_write(&settings, profiles, inputs.count);
	bool good = !settings.pdf || pdf_write(&settings, profiles, inputs.count);
	summary_json(&settings, profiles, inputs.count);
	summary_markdown(&settings, profiles, inputs.count);
	report_info("%zu of %zu profiles made anew", made, inputs.count);
	for (size_t i = 0; i < inputs.count; i++)
		good &= report_profile(&profiles[i]);
	return good ? EXIT_DONE : EXIT_FAILED;
}
