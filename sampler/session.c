#include "sampler/session.h"

#include <stdio.h>
#include <unistd.h>

#include "common/report.h"
#include "sampler/image.h"
#include "sampler/remote.h"

/* How often a single sample is tried. */
enum { ONCE_TRIES = 100 };

static enum sample_result take_sample(struct session *session, double now)
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

static void count(struct tally *tally, enum sample_result result)
{
	tally->taken += result == SAMPLE_TAKEN;
	tally->idle += result == SAMPLE_IDLE;
	tally->failed += result == SAMPLE_FAILED;
}

/* A line that is written over, once in half a second, if somebody sees it. */
static void show_progress(struct session *session, double now)
{
	const struct tally *tally = &session->tally;
	if (!session->progress || now - session->shown < 0.5)
		return;
	session->shown = now;
	unsigned long all = tally->taken + tally->idle;
	fprintf(stderr, "\r%.1f s, %lu samples, %.1f per second, %zu stacks ", now - tally->began, all,
		(double)all / (now - tally->began), profile_stacks(&session->profile));
}

static void stream(struct session *session, double now)
{
	if (!session->stream || now - session->streamed < 1)
		return;
	session->streamed = now;
	profile_flush(&session->profile, session->stream);
	sink_flush(session->stream);
}

void session_run(struct session *session, double until, bool once)
{
	struct tally *tally = &session->tally;
	bool alive = true;
	tally->began = session->shown = session->streamed = clock_now();
	while (alive && !clock_signal()) {
		double at = schedule_next(&session->schedule);
		if (at >= until && !once)
			break;
		clock_sleep(once ? 0 : at, remote_pass_signals);
		if (clock_signal() && tally->taken + tally->idle)
			break;
		double now = clock_now();
		enum sample_result result = take_sample(session, now);
		count(tally, result);
		alive = result != SAMPLE_GONE;
		show_progress(session, now);
		stream(session, now);
		if (session->stream && session->stream->error)
			break; /* nobody reads it any more */
		if (once && (result != SAMPLE_FAILED || tally->failed >= ONCE_TRIES || image_is_loaded()))
			break;
	}
	if (alive && !once && !clock_signal())
		clock_sleep(until, remote_pass_signals);
	tally->ended = clock_now();
}

bool session_fell_back(const struct session *session)
{
	return session->family ? family_fell_back(session->family) : sampler_fell_back(session->sampler);
}

void session_summary(const struct session *session, bool unstopped, const char *stats)
{
	const struct tally *tally = &session->tally;
	const struct schedule *schedule = &session->schedule;
	double took = tally->ended - tally->began;
	unsigned long all = tally->taken + tally->idle + tally->failed;
	double achieved = took > 0 ? (double)all / took : 0;
	if (stats && strcmp(stats, "json") == 0) {
		fprintf(stderr,
			"{\"seconds\": %.3f, \"samples\": %lu, \"idle\": %lu, \"failed\": %lu, \"late\": %llu, "
			"\"asked_hz\": %.3f, "
			"\"achieved_hz\": %.3f, \"stacks\": %zu, \"nonstop\": %s}\n",
			took, all, tally->idle, tally->failed, (unsigned long long)schedule->late,
			1 / schedule->interval, achieved, profile_stacks(&session->profile),
			unstopped ? "true" : "false");
		return;
	}
	if (session->progress)
		fputc('\r', stderr);
	if (!stats && (report_level < 0 || (report_level < 1 && !isatty(STDERR_FILENO))))
		return;
	fprintf(stderr,
		"pysample: %lu samples in %.2f s (%lu idle), %.1f per second of %.1f asked, %llu late, %lu failed%s\n",
		all, took, tally->idle, achieved, 1 / schedule->interval, (unsigned long long)schedule->late,
		tally->failed, unstopped ? "; not stopped: short functions are under-represented" : "");
}
