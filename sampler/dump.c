#include "sampler/dump.h"

#include <stdlib.h>
#include <string.h>

#include "common/frame_parts.h"
#include "common/json_text.h"
#include "common/mem.h"
#include "sampler/dicts.h"
#include "sampler/proc.h"
#include "sampler/remote.h"
#include "sampler/strings.h"

/* The version as sys.version begins with it, else that of the layout. */
static void add_version(const struct target *target, struct buffer *out)
{
	struct buffer version = {0};
	uint64_t interpreter;
	size_t count = target_interpreters(target, &interpreter, 1);
	uint64_t modules = count ? remote_word(target->pid, interpreter + target->layout.interpreter.modules) : 0;
	uint64_t at = dict_find(target, module_dict(target, modules, "sys"), "version");
	if (string_read(target, at, SHORT_STRING, &version))
		buffer_add(out, version.at, strcspn(version.at, " "));
	else
		buffer_add_format(out, target->layout.minor ? "3.%u" : "2.7", target->layout.minor);
	buffer_free(&version);
}

static void put_process(const struct dump *dump)
{
	const struct target *target = dump->target;
	struct buffer text = {0};
	buffer_add_format(&text, "Process %d: ", (int)target->pid);
	proc_command_line(target->pid, &text);
	buffer_add_string(&text, "\nPython v");
	add_version(target, &text);
	buffer_add_string(&text, " (");
	proc_program(target->pid, &text);
	buffer_add_string(&text, ")\n\n");
	sink_write(dump->sink, text.at, text.size);
	buffer_free(&text);
}

void dump_begin(const struct dump *dump)
{
	if (dump->form == DUMP_PYSPY)
		put_process(dump);
	else if (dump->form == DUMP_JSON)
		sink_char(dump->sink, '[');
}

void dump_end(struct dump *dump)
{
	if (dump->form == DUMP_JSON)
		sink_string(dump->sink, "]\n");
	while (dump->count) {
		struct buffer *text = &dump->texts[--dump->count];
		sink_write(dump->sink, text->at, text->size);
		buffer_free(text);
	}
	free(dump->texts);
}

static void put_json_frame(const struct dump *dump, struct text name)
{
	struct frame_parts parts = frame_parts(name);
	struct buffer path = {0};
	buffer_add(&path, parts.file.at, parts.file.size);
	sink_string(dump->sink, "{\"name\": ");
	sink_json(dump->sink, parts.function);
	sink_string(dump->sink, ", \"filename\": ");
	sink_json(dump->sink, parts.file);
	sink_string(dump->sink, ", \"module\": null, \"short_filename\": ");
	sink_json(dump->sink, text_of(proc_package_path(dump->target->pid, path.at)));
	sink_format(dump->sink, ", \"line\": %llu, \"locals\": null, \"is_entry\": false, \"is_shim_entry\": false}",
		(unsigned long long)parts.line);
	buffer_free(&path);
}

static void put_json_head(const struct dump *dump, const struct member_thread *thread, bool active, bool holds_gil)
{
	sink_format(dump->sink, "%s\n {\"pid\": %d, \"thread_id\": %llu, \"thread_name\": ", dump->threads ? "," : "",
		(int)dump->target->pid, (unsigned long long)thread->identity);
	if (thread->name.size)
		sink_json(dump->sink, buffer_text(&thread->name));
	else
		sink_string(dump->sink, "null");
	sink_format(dump->sink, ", \"os_thread_id\": %d, \"active\": %s, \"owns_gil\": %s, \"frames\": [",
		(int)thread->tid, active ? "true" : "false", holds_gil ? "true" : "false");
}

static void put_head(const struct dump *dump, const struct member_thread *thread, bool active, bool holds_gil)
{
	const char *name = thread->name.size ? thread->name.at : NULL;
	if (dump->form == DUMP_JSON)
		put_json_head(dump, thread, active, holds_gil);
	else
		sink_format(dump->sink, name && dump->form == DUMP_PLAIN ? "%s%d%s: %s\n" : "%s%d%s:\n",
			dump->threads ? "\n" : "", (int)thread->tid, holds_gil ? "*" : "", name);
}

/* In py-spy's form; written at the end, as the newest thread comes first here. */
static void keep_text(struct dump *dump, const struct member_thread *thread, const struct sampled *sampled)
{
	dump->texts = mem_grow(dump->texts, &dump->capacity, dump->count + 1, sizeof *dump->texts);
	struct buffer *text = &dump->texts[dump->count++];
	*text = (struct buffer){0};
	buffer_add_format(text, "Thread %d (%s%s)", (int)thread->tid, sampled->active ? "active" : "idle",
		sampled->holds_gil ? "+gil" : "");
	if (thread->name.size)
		buffer_add_format(text, ": \"%s\"", buffer_text(&thread->name).at);
	buffer_add_char(text, '\n');
	for (size_t i = 0; i < sampled->count; i++) {
		struct text name = dump->names->names[sampled->names[i]];
		buffer_add_string(text, "    ");
		buffer_add(text, name.at, name.size);
		buffer_add_char(text, '\n');
	}
}

void dump_take(const struct sampled *sampled, void *context)
{
	struct dump *dump = context;
	const struct member_thread *thread = roster_find(dump->roster, dump->target, sampled);
	if (!thread->wanted)
		return;
	if (dump->form == DUMP_PYSPY) {
		keep_text(dump, thread, sampled);
		return;
	}
	put_head(dump, thread, sampled->active, sampled->holds_gil);
	for (size_t i = 0; i < sampled->count; i++) {
		struct text name = dump->names->names[sampled->names[i]];
		if (dump->form == DUMP_JSON) {
			if (i)
				sink_string(dump->sink, ", ");
			put_json_frame(dump, name);
			continue;
		}
		sink_write(dump->sink, name.at, name.size);
		sink_char(dump->sink, '\n');
	}
	if (dump->form == DUMP_JSON)
		sink_string(dump->sink, "], \"process_info\": null}");
	else if (!sampled->count)
		sink_format(dump->sink, "(no Python frames, %s)\n", sampled->active ? "running" : "waiting");
	dump->threads++;
}
