#include "sampler/session.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "common/report.h"
#include "sampler/attach.h"
#include "sampler/guard.h"
#include "sampler/proc.h"

/* How often a single sample is tried. */
enum { ONCE_TRIES = 100 };
/* How often keys are looked for. */
static const double KEY_SECONDS = 0.05;

static enum sample_result take_stacks(struct session *session, double now)
{
	if (session->dump)
		return sampler_take(session->sampler, dump_take, session->dump);
	profile_begin(&session->profile, now);
	if (session->family)
		return family_take(session->family, now);
	enum sample_result result = sampler_take(session->sampler, profile_take, &session->profile);
	profile_end(&session->profile, result);
	return result;
}

static enum sample_result take_sample(struct session *session, double now)
{
	enum sample_result result = take_stacks(session, now);
	struct tally *tally = &session->tally;
	tally->taken += result == SAMPLE_TAKEN;
	tally->idle += result == SAMPLE_IDLE;
	tally->failed += result == SAMPLE_FAILED;
	if (session->top && (result == SAMPLE_TAKEN || result == SAMPLE_IDLE))
		top_table_sample_ends(session->profile.rules.top);
	return result;
}

/* A line that is written over, once in half a second, if somebody sees it. */
static void show_progress(struct session *session, double now)
{
	const struct tally *tally = &session->tally;
	if (!session->progress || now - session->shown < 0.5)
		return;
	session->shown = now;
	unsigned long all = tally->taken + tally->idle;
	size_t stacks = profile_stacks(&session->profile);
	fprintf(stderr, "\r%.1f s, %lu sample%s, %.1f per second, %zu stack%s ", now - tally->began, all, plural(all),
		(double)all / (now - tally->began), stacks, plural(stacks));
}

static void stream(struct session *session, double now)
{
	const struct options *options = session->options;
	if ((!options->streaming && !options->flame_chart) || now - session->streamed < 1)
		return;
	session->streamed = now;
	if (options->streaming)
		profile_flush(&session->profile, session->direct);
	sink_flush(session->direct);
}

static double per_second(double seconds)
{
	return seconds > 0 ? 1 / seconds : 0;
}

static bool is_unstopped(const struct session *session)
{
	return session->options->sampling.nonstop ||
	       (session->family ? family_fell_back(session->family) : sampler_fell_back(session->sampler));
}

/* ---- --top ---- */

static bool tick_top(struct session *session, bool ended)
{
	const struct top_state state = {.title = session->title,
		.rate = per_second(session->schedule.interval),
		.late = session->schedule.late,
		.failed = session->tally.failed,
		.unstopped = is_unstopped(session),
		.ended = ended};
	return top_tick(session->top, &state, clock_now());
}

/* What was seen stays on the screen after the program's end. */
static void stay(struct session *session)
{
	while (tick_top(session, true) && !clock_signal())
		clock_sleep(clock_now() + KEY_SECONDS);
}

/* ---- the loop ---- */

/* Waits for the next sample's time; false if it is to be the end instead. */
static bool wait_until(struct session *session, double at)
{
	while (session->top && clock_now() < at - KEY_SECONDS && !clock_signal()) {
		if (!tick_top(session, false))
			return false;
		clock_sleep(clock_now() + KEY_SECONDS);
	}
	clock_sleep(at);
	return !session->top || tick_top(session, false);
}

static void open_sampler(struct session *session)
{
	const struct options *options = session->options;
	session->sampler =
		sampler_new(session->target, &options->sampling, &options->naming, &session->profile.stacks->names);
}

/* The process has ended, or is another program now, that may be Python, too. A command of ours is not left alone. */
static bool go_on(struct session *session)
{
	double until = session->options->words ? session->until : clock_now() + 1;
	if (until > session->until)
		until = session->until;
	if (session->family || session->options->image || !attach_again(session->target, session->process, until))
		return false;
	sampler_free(session->sampler);
	open_sampler(session);
	return true;
}

/* One sample and what follows from it; false if it was the last one. */
static bool step(struct session *session, double now, bool *alive)
{
	bool once = session->options->seconds == 0;
	enum sample_result result = take_sample(session, now);
	show_progress(session, now);
	stream(session, now);
	*alive = result != SAMPLE_GONE || (!once && go_on(session));
	if (session->direct && session->direct->error)
		return false; /* nobody reads it any more */
	return *alive && !(once && (result != SAMPLE_FAILED || session->tally.failed >= ONCE_TRIES));
}

static void loop(struct session *session)
{
	const struct tally *tally = &session->tally;
	bool alive = true, over = false, once = session->options->seconds == 0;
	while (!over && !clock_signal()) {
		double at = once ? 0 : schedule_next(&session->schedule);
		over = at >= session->until;
		if (!wait_until(session, over ? session->until : at) || over)
			break;
		if (clock_signal() && tally->taken + tally->idle)
			break;
		over = !step(session, clock_now(), &alive);
	}
	session->tally.ended = clock_now();
	if (session->top && !alive)
		stay(session);
}

void session_run(struct session *session)
{
	const struct options *options = session->options;
	double now = clock_now();
	session->tally.began = session->shown = session->streamed = now;
	session->process = proc_start_time(session->target->pid);
	if (options->subprocesses)
		session->family = family_new(session->target->pid, &options->sampling, &options->naming,
			&options->processes, &session->profile);
	else
		open_sampler(session);
	schedule_begin(&session->schedule, options->interval, !options->no_jitter);
	session->until = options->seconds <= 0 ? 1e300 : now + options->seconds;
	if (!options->sampling.nonstop && !options->image)
		guard_begin();
	loop(session);
	session->unstopped = is_unstopped(session);
	session->found = !session->family || family_found(session->family);
	if (session->family)
		family_free(session->family);
	else
		sampler_free(session->sampler);
}

/* ---- how it went ---- */

static void put_json(const struct session *session, unsigned long all, double took, FILE *file)
{
	const struct tally *tally = &session->tally;
	const struct schedule *schedule = &session->schedule;
	fprintf(file,
		"{\"seconds\": %.3f, \"samples\": %lu, \"idle\": %lu, \"failed\": %lu, \"cut\": %lu, \"late\": %llu, "
		"\"asked_hz\": "
		"%.3f, "
		"\"achieved_hz\": %.3f, \"stacks\": %zu, \"nonstop\": %s}\n",
		took, all, tally->idle, tally->failed, session->profile.cut, (unsigned long long)schedule->late,
		per_second(schedule->interval), (double)all * per_second(took), profile_stacks(&session->profile),
		session->unstopped ? "true" : "false");
}

static void put_text(const struct session *session, unsigned long all, double took, FILE *file)
{
	const struct tally *tally = &session->tally;
	const struct schedule *schedule = &session->schedule;
	char asked[40] = "";
	if (schedule->interval > 0)
		snprintf(asked, sizeof asked, " of %.1f asked", 1 / schedule->interval);
	char unstopped[100] = "";
	if (session->unstopped)
		snprintf(unstopped, sizeof unstopped, ", %lu cut; not stopped: short functions are under-represented",
			session->profile.cut);
	fprintf(file, "pysample: %lu sample%s in %.2f s (%lu idle), %.1f per second%s, %llu late, %lu failed%s\n", all,
		plural(all), took, tally->idle, (double)all * per_second(took), asked,
		(unsigned long long)schedule->late, tally->failed, unstopped);
}

bool session_summary(const struct session *session, const char *stats, const char *path)
{
	const struct tally *tally = &session->tally;
	unsigned long all = tally->taken + tally->idle + tally->failed;
	double took = tally->ended - tally->began;
	if (session->progress)
		fputc('\r', stderr);
	if (!stats && (report_level < 0 || (report_level < 1 && !isatty(STDERR_FILENO))))
		return true;
	FILE *file = path ? fopen(path, "we") : stderr;
	if (!file)
		report_error("%s: cannot be written: %s", path, strerror(errno));
	if (!file)
		return false;
	if (stats && strcmp(stats, "json") == 0)
		put_json(session, all, took, file);
	else
		put_text(session, all, took, file);
	if (path ? fclose(file) == 0 : fflush(stderr) == 0)
		return true;
	report_error("%s: cannot be written: %s", path ? path : "standard error", strerror(errno));
	return false;
}
