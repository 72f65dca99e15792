/* pysample: samples the stacks of Python programs from outside. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/report.h"
#include "sampler/attach.h"
#include "sampler/child.h"
#include "sampler/guard.h"
#include "sampler/image.h"
#include "sampler/options.h"
#include "sampler/output.h"
#include "sampler/proc.h"
#include "sampler/session.h"
#include "sampler/tracing.h"

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
	if (target->layout.free_threaded && options->gil_asked)
		report_warning("this Python is a free-threaded build without a GIL: the threads that run are taken");
	const unsigned minor = target->layout.minor;
	if (target->runtime)
		report_info("CPython %s%u in process %d", minor ? "3." : "2.", minor ? minor : 7, (int)target->pid);
}

/* Shows the table until it is not wanted any more. */
static void run_top(struct session *session)
{
	struct buffer title = {0};
	session->top = top_open(session->profile.rules.top);
	buffer_add_format(&title, "pysample: process %d: ", (int)session->target->pid);
	proc_command_line(session->target->pid, &title);
	session->title = title.at;
	session_run(session);
	top_close(session->top);
	buffer_free(&title);
}

static void run_dump(struct session *session, struct dump *dump)
{
	session->dump = dump;
	dump_begin(dump);
	session_run(session);
	dump_end(dump);
}

/* Samples; what is written meanwhile goes to session->direct. */
static void run(struct session *session)
{
	const struct options *options = session->options;
	struct profile_rules rules = options->rules;
	struct top_table table = {.only_active = options->only_active, .only_holder = options->only_holder};
	rules.pairs = options->flame_chart ? session->direct : NULL;
	rules.roster = options->dump || options->sampling.numbers
			       ? roster_new(&options->threads, options->only_python_names)
			       : NULL;
	rules.top = options->top ? &table : NULL;
	session->profile = profile_new(session->target, &rules, clock_now());
	table.names = &session->profile.stacks->names;
	struct dump dump = {.form = options->dump_form,
		.target = session->target,
		.roster = rules.roster,
		.names = table.names,
		.sink = session->direct};
	if (options->dump)
		run_dump(session, &dump);
	else if (options->top)
		run_top(session);
	else
		session_run(session);
	if (options->streaming)
		profile_flush(&session->profile, session->direct);
	top_table_free(&table);
}

/* Ends the program if nothing was seen. */
static void check_samples(const struct session *session)
{
	const struct tally *tally = &session->tally;
	if (tally->taken || (tally->idle && session->found))
		return;
	if (session->direct)
		sink_discard(session->direct);
	if (!session->found)
		die(EXIT_FAILED, "no Python program was found in process %d and those that it started",
			(int)session->target->pid);
	die(EXIT_FAILED,
		tally->failed ? "no sample could be read" : "the program ended before a first sample could be taken");
}

int main(int argc, char **argv)
{
	const struct options *options = options_read(argc, argv);
	struct buffer title = {0};
	struct target target = {0};
	struct sink sink = {0};
	struct session session = {.options = options, .target = &target};
	add_title(options, argv, &title);
	clock_catch_signals();
	trace_begin();
	if (options->recorded)
		image_record();
	find_target(options, argv, &target);
	if (options->dump || options->streaming || options->flame_chart) {
		sink_open(&sink, options->output);
		session.direct = &sink;
	}
	session.progress = report_level >= 0 && isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO) && !options->dump &&
			   !options->stats && !options->streaming; /* whoever reads that may draw on the terminal */
	run(&session);
	if (options->recorded && (session.tally.taken || session.tally.idle))
		image_write(options->recorded, target.pid);
	if (options->words)
		child_end(target.pid, clock_signal() ? clock_signal() : SIGTERM);
	check_samples(&session);
	bool good = session_summary(&session, options->stats, options->stats_output);
	trace_end();
	guard_end();
	clock_restore_signals();
	if (session.direct)
		sink_close(&sink);
	else if (!options->top)
		good &= output_write(session.profile.stacks, options->rules.ordered, options->output, title.at);
	return good ? EXIT_DONE : EXIT_FAILED;
}
