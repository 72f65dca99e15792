/* pysample: samples the stacks of Python programs from outside. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/report.h"
#include "sampler/attach.h"
#include "sampler/child.h"
#include "sampler/image.h"
#include "sampler/options.h"
#include "sampler/output.h"
#include "sampler/proc.h"
#include "sampler/session.h"

static void add_title(const struct options *options, char **argv, struct buffer *out)
{
	if (!options->words)
		buffer_add_format(out, "process %d", (int)options->pid);
	for (size_t i = 0; i < options->words; i++)
		buffer_add_format(out, "%s%s", i ? " " : "", argv[i]);
}

/* Launches or finds what is to be sampled. */
static void find_target(const struct options *options, char **argv, struct target *target)
{
	target->pid = options->pid;
	if (options->image) {
		image_load(options->image);
		attach_image(target);
	} else if (options->words) {
		argv[options->words] = NULL;
		target->pid = child_start(argv, options->top                       ? CHILD_SILENT
						: options->output || options->dump ? CHILD_AS_IT_IS
										   : CHILD_TO_STDERR);
		if (!options->subprocesses)
			attach_child(target);
	} else {
		attach_process(target, options->subprocesses);
	}
	const unsigned minor = target->layout.minor;
	if (target->runtime)
		report_info("CPython %s%u in process %d", minor ? "3." : "2.", minor ? minor : 7, (int)target->pid);
}

/* Shows the table until it is not wanted any more. */
static void run_top(const struct options *options, struct session *session, pid_t pid, double until)
{
	struct buffer title = {0};
	session->top = top_open(session->profile.rules.top);
	buffer_add_format(&title, "pysample: process %d: ", (int)pid);
	proc_command_line(pid, &title);
	session->title = title.at;
	session_run(session, until, options->seconds == 0);
	top_close(session->top);
	buffer_free(&title);
}

/* Samples; what was dumped, streamed or paired is written then. */
static void run(const struct options *options, struct session *session, struct target *target, struct sink *sink)
{
	struct profile_rules rules = options->rules;
	struct top_table table = {.only_active = options->only_active, .only_holder = options->only_holder};
	double now = clock_now();
	rules.pairs = options->flame_chart ? sink : NULL;
	rules.roster = options->dump || options->sampling.numbers ? roster_new(&options->threads) : NULL;
	rules.top = options->top ? &table : NULL;
	session->profile = profile_new(target, &rules, now);
	table.names = &session->profile.stacks->names;
	struct dump dumped = {.form = options->dump_form,
		.target = target,
		.roster = rules.roster,
		.names = table.names,
		.sink = sink};
	session->dump = options->dump ? &dumped : NULL;
	session->stream = options->streaming ? sink : NULL;
	session->nonstop = options->sampling.nonstop;
	session->progress = report_level >= 0 && isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO) && !options->dump &&
			    !options->stats;
	if (options->subprocesses)
		session->family = family_new(
			target->pid, &options->sampling, &options->naming, &options->processes, &session->profile);
	else
		session->sampler =
			sampler_new(target, &options->sampling, &options->naming, &session->profile.stacks->names);
	schedule_begin(&session->schedule, options->interval, !options->no_jitter);
	double until = options->seconds < 0 ? 1e300 : now + options->seconds;
	if (options->dump)
		dump_begin(&dumped);
	if (options->top)
		run_top(options, session, target->pid, until);
	else
		session_run(session, until, options->seconds == 0);
	if (options->dump)
		dump_end(&dumped);
	if (options->streaming)
		profile_flush(&session->profile, sink);
	top_table_free(&table);
}

/* Ends the program if nothing was seen. */
static void check_samples(const struct session *session, bool found, pid_t pid)
{
	if (!found)
		die(EXIT_FAILED, "no Python program was found in process %d and those that it started", (int)pid);
	if (!session->tally.taken && !session->tally.idle)
		die(EXIT_FAILED, session->tally.failed ? "no sample could be read"
						       : "the program ended before a first sample could be taken");
}

int main(int argc, char **argv)
{
	const struct options *options = options_read(argc, argv);
	struct buffer title = {0};
	struct target target = {0};
	struct sink sink = {0};
	struct session session = {0};
	bool direct = options->dump || options->streaming || options->flame_chart; /* written while it is sampled */
	add_title(options, argv, &title);
	clock_catch_signals();
	if (options->recorded)
		image_record();
	find_target(options, argv, &target);
	if (direct)
		sink_open(&sink, options->output);
	run(options, &session, &target, &sink);
	bool found = !session.family || family_found(session.family);
	if (session.family)
		family_free(session.family);
	else
		sampler_free(session.sampler);

	if (options->recorded && (session.tally.taken || session.tally.idle))
		image_write(options->recorded, target.pid);
	if (options->words)
		child_end(target.pid, clock_signal() ? clock_signal() : SIGTERM);
	if (direct && !session.tally.taken && !session.tally.idle)
		sink_discard(&sink);
	check_samples(&session, found, target.pid);
	session_summary(&session, options->stats, options->stats_output);
	clock_restore_signals();
	if (direct)
		sink_close(&sink);
	else if (!options->top)
		return output_write(session.profile.stacks, options->rules.ordered, options->output, title.at)
			       ? EXIT_DONE
			       : EXIT_FAILED;
	return EXIT_DONE;
}
