#include "convert/perf_header.h"

/* Header lines as they occur:
 *
 *   java 25607 4794564.109216: 1 cycles:
 *   java 12688 [002] 6544038.708352: 235 cpu-clock:
 *   V8 WorkerThread 24636/25607 [000] 94564.1: 100 cycles:
 *   func_ab 15294 cpu-clock:
 *   vote   913    72.176760:     257597 cycles:uppp:
 *              false 39654  19115.489713:          1 cycles:             7fa68 _dl_start+0x4 (/usr/lib/ld.so)
 *   foo 12 [001] 1.5: sched:sched_switch: prev_comm=foo ... ==> next_comm=bar
 *
 * A comm may hold anything, so the thread number is the first number that is followed by [cpu], by a time or by an
 * event. */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The next word at or behind *at. */
static struct text next_word(struct text line, size_t *at)
{
	while (*at < line.size && is_blank(line.at[*at]))
		++*at;
	size_t start = *at;
	while (*at < line.size && !is_blank(line.at[*at]))
		++*at;
	return (struct text){line.at + start, *at - start};
}

static bool is_number(struct text word)
{
	for (size_t i = 0; i < word.size; i++)
		if (!is_digit(word.at[i]))
			return false;
	return word.size > 0;
}

/* "913" or "24636/25607" */
static bool is_id(struct text word, struct text *pid, struct text *tid)
{
	const char *slash = memchr(word.at, '/', word.size);
	*pid = (struct text){word.at, slash ? (size_t)(slash - word.at) : 0};
	*tid = slash ? (struct text){slash + 1, word.size - pid->size - 1} : word;
	return is_number(*tid) && (!slash || is_number(*pid));
}

/* "[002]" */
static bool is_cpu(struct text word)
{
	return word.size > 2 && word.at[0] == '[' && word.at[word.size - 1] == ']' &&
	       is_number((struct text){word.at + 1, word.size - 2});
}

/* "4794564.109216:", seconds: at most 18 digits. */
static bool is_time(struct text word, double *time)
{
	uint64_t value = 0, unit = 1;
	size_t i = 0;
	if (word.size < 4 || word.size > 20 || word.at[word.size - 1] != ':' || !is_digit(word.at[0]))
		return false;
	for (; is_digit(word.at[i]); i++)
		value = value * 10 + (uint64_t)(word.at[i] - '0');
	if (word.at[i++] != '.')
		return false;
	for (; is_digit(word.at[i]); i++, unit *= 10)
		value = value * 10 + (uint64_t)(word.at[i] - '0');
	*time = (double)value / (double)unit;
	return i == word.size - 1;
}

/* "cycles:", "cycles:uppp:", "sched:sched_switch:" */
static bool is_event(struct text word)
{
	return word.size > 1 && word.at[word.size - 1] == ':';
}

/* What stands behind the thread number makes it one. */
static bool is_followed(struct text line, size_t at)
{
	double time;
	struct text word = next_word(line, &at);
	if (is_cpu(word) || is_time(word, &time) || is_event(word))
		return true;
	return is_number(word) && is_event(next_word(line, &at));
}

/* The parts behind the thread number: [cpu] time: period event: rest, all optional. */
static void parse_rest(struct text line, size_t at, struct perf_header *header)
{
	size_t next = at;
	struct text word = next_word(line, &next);
	if (is_cpu(word)) {
		at = next;
		word = next_word(line, &next);
	}
	if (is_time(word, &header->time)) {
		header->has_time = true;
		at = next;
		word = next_word(line, &next);
	}
	if (is_number(word)) {
		size_t behind = next;
		struct text event = next_word(line, &behind);
		if (is_event(event)) {
			text_number(word, false, &header->period);
			word = event;
			next = behind;
		}
	}
	if (is_event(word)) {
		header->event = (struct text){word.at, word.size - 1};
		at = next;
	}
	header->rest = text_trim((struct text){line.at + at, line.size - at});
	if (header->period == 0)
		header->period = 1;
}

bool perf_header_parse(struct text line, struct perf_header *header)
{
	*header = (struct perf_header){.period = 1};
	size_t at = 0;
	struct text first = next_word(line, &at);
	if (!first.size)
		return false;
	for (;;) {
		size_t before = at;
		struct text word = next_word(line, &at);
		if (!word.size)
			return false;
		if (is_id(word, &header->pid, &header->tid) && is_followed(line, at)) {
			header->comm = text_trim((struct text){first.at, (size_t)(line.at + before - first.at)});
			parse_rest(line, at, header);
			return true;
		}
	}
}

struct text perf_event_base(struct text event)
{
	const char *colon = memrchr(event.at, ':', event.size);
	if (!colon || colon == event.at)
		return event;
	for (const char *at = colon + 1; at < event.at + event.size; at++)
		if (!strchr("ukhHGpPSDWeIb", *at))
			return event;
	return (struct text){event.at, (size_t)(colon - event.at)};
}
