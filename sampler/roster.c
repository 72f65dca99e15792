#include "sampler/roster.h"

#include <fnmatch.h>
#include <stdlib.h>

#include "common/hash.h"
#include "common/mem.h"
#include "sampler/dicts.h"
#include "sampler/proc.h"
#include "sampler/remote.h"
#include "sampler/strings.h"

/* A thread that threading does not know is looked for again when it was seen 2, 4, 8 ... times, up to this. */
enum { MOST_SEEN = 1 << 10 };

struct roster {
	struct member_thread *threads; /* open addressing by tid; 0: free */
	size_t slots, used;
	struct member_thread unknown; /* its number could not be found */
	const struct opt_list *patterns;
	bool only_python;
};

static struct member_thread *slot_for(const struct roster *roster, pid_t tid)
{
	size_t i = hash_mix((uint64_t)tid, 0) & (roster->slots - 1);
	while (roster->threads[i].tid && roster->threads[i].tid != tid)
		i = (i + 1) & (roster->slots - 1);
	return &roster->threads[i];
}

static void grow(struct roster *roster)
{
	struct member_thread *old = roster->threads;
	size_t count = roster->slots;
	roster->slots *= 2;
	roster->threads = mem_zero(roster->slots, sizeof *roster->threads);
	for (size_t i = 0; i < count; i++)
		if (old[i].tid)
			*slot_for(roster, old[i].tid) = old[i];
	free(old);
}

/* ---- names ---- */

/* sys.modules["threading"]._active is a dict of the threads by pthread_self(). */
static bool read_python_name(const struct target *target, uint64_t thread, uint64_t identity, struct buffer *name)
{
	const struct layout *layout = &target->layout;
	uint64_t interpreter = remote_word(target->pid, thread + layout->thread.interpreter);
	uint64_t modules = remote_word(target->pid, interpreter + layout->interpreter.modules);
	uint64_t active = dict_find(target, module_dict(target, modules, "threading"), "_active");
	uint64_t object = dict_find_number(target, active, identity);
	const char *attribute = layout->byte_strings ? "_Thread__name" : "_name";
	return object && string_read(target, attribute_find(target, object, attribute), SHORT_STRING, name) &&
	       name->size;
}

static bool fits(const char *pattern, pid_t number, const char *name)
{
	uint64_t wanted;
	if (text_integer(text_of(pattern), &wanted))
		return wanted == (uint64_t)number;
	return fnmatch(pattern, name, 0) == 0;
}

bool roster_fits(const struct opt_list *patterns, pid_t number, const char *name)
{
	for (size_t i = 0; i < patterns->count; i++)
		if (fits(patterns->items[i], number, name))
			return true;
	return !patterns->count;
}

static void read_name(struct roster *roster, const struct target *target, uint64_t state, struct member_thread *thread)
{
	buffer_clear(&thread->name);
	thread->certain = read_python_name(target, state, thread->identity, &thread->name);
	if (!thread->certain) {
		buffer_clear(&thread->name);
		if (thread->tid == thread->pid)
			buffer_add_string(&thread->name, "MainThread");
		else if (roster->only_python)
			buffer_add_string(&thread->name, "");
		else
			proc_thread_name(thread->pid, thread->tid, &thread->name);
	}
	text_clean_frame(thread->name.at, thread->name.size);
	thread->wanted = roster_fits(roster->patterns, thread->tid, buffer_text(&thread->name).at);
}

struct roster *roster_new(const struct opt_list *patterns, bool only_python)
{
	struct roster *roster = mem_zero(1, sizeof *roster);
	*roster = (struct roster){.slots = 64, .patterns = patterns, .only_python = only_python};
	roster->threads = mem_zero(roster->slots, sizeof *roster->threads);
	roster->unknown.wanted = !patterns->count;
	return roster;
}

void roster_free(struct roster *roster)
{
	for (size_t i = 0; i < roster->slots; i++)
		buffer_free(&roster->threads[i].name);
	free(roster->threads);
	free(roster);
}

const struct member_thread *roster_find(
	struct roster *roster, const struct target *target, const struct sampled *sampled)
{
	if (!sampled->tid)
		return &roster->unknown;
	struct member_thread *thread = slot_for(roster, sampled->tid);
	bool known = thread->tid && thread->pid == target->pid;
	if (known && (thread->certain || thread->seen >= MOST_SEEN))
		return thread;
	if (!thread->tid && roster->used++ * 2 >= roster->slots) {
		grow(roster);
		thread = slot_for(roster, sampled->tid);
	}
	thread->seen = known ? thread->seen + 1 : 1;
	thread->pid = target->pid;
	thread->tid = sampled->tid;
	if ((thread->seen & (thread->seen - 1)) == 0) {
		thread->identity = remote_word(target->pid, sampled->thread + target->layout.thread.thread_id);
		read_name(roster, target, sampled->thread, thread);
	}
	return thread;
}
