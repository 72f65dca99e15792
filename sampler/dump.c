#include "sampler/dump.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "common/frame_parts.h"
#include "common/json_text.h"
#include "sampler/threads.h"

/* The process's command line with blanks between its words, and the program's path. */
static void put_process(const struct dump *dump)
{
	char path[64], line[4096], program[4096];
	snprintf(path, sizeof path, "/proc/%d/cmdline", (int)dump->pid);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t size = file < 0 ? 0 : read(file, line, sizeof line);
	if (file >= 0)
		close(file);
	size = size < 0 ? 0 : size;
	while (size && !line[size - 1])
		size--;
	for (ssize_t i = 0; i < size; i++)
		if ((unsigned char)line[i] < ' ')
			line[i] = ' ';
	snprintf(path, sizeof path, "/proc/%d/exe", (int)dump->pid);
	ssize_t length = readlink(path, program, sizeof program);
	sink_format(dump->sink, "Process %d: %.*s\n", (int)dump->pid, (int)size, line);
	sink_format(dump->sink, "Python v%s%u (%.*s)\n\n", dump->minor ? "3." : "2.", dump->minor ? dump->minor : 7,
		(int)(length > 0 ? length : 0), program);
}

void dump_begin(const struct dump *dump)
{
	if (dump->form == DUMP_PYSPY)
		put_process(dump);
	else if (dump->form == DUMP_JSON)
		sink_char(dump->sink, '[');
}

void dump_end(const struct dump *dump)
{
	if (dump->form == DUMP_JSON)
		sink_string(dump->sink, "]\n");
}

static void put_json_frame(const struct dump *dump, struct text name)
{
	struct frame_parts parts = frame_parts(name);
	sink_string(dump->sink, "{\"name\": ");
	sink_json(dump->sink, parts.function);
	sink_string(dump->sink, ", \"filename\": ");
	sink_json(dump->sink, parts.file);
	sink_format(dump->sink, ", \"line\": %llu}", (unsigned long long)parts.line);
}

static void put_head(const struct dump *dump, const struct sampled *sampled, bool active)
{
	switch (dump->form) {
	case DUMP_PYFLAME:
		sink_format(dump->sink, "%s%d%s:\n", dump->threads ? "\n" : "", (int)sampled->tid,
			sampled->holds_gil ? "*" : "");
		break;
	case DUMP_PYSPY:
		sink_format(dump->sink, "Thread %d (%s%s)%s\n", (int)sampled->tid, active ? "active" : "idle",
			sampled->holds_gil ? "+gil" : "", sampled->tid == dump->pid ? ": \"MainThread\"" : "");
		break;
	case DUMP_JSON:
		sink_format(dump->sink,
			"%s\n {\"pid\": %d, \"os_thread_id\": %d, \"active\": %s, \"owns_gil\": %s, \"frames\": [",
			dump->threads ? "," : "", (int)dump->pid, (int)sampled->tid, active ? "true" : "false",
			sampled->holds_gil ? "true" : "false");
		break;
	}
}

void dump_take(const struct sampled *sampled, void *context)
{
	struct dump *dump = context;
	bool active = sampled->holds_gil || threads_state(dump->pid, sampled->tid) == 'R';
	put_head(dump, sampled, active);
	for (size_t i = 0; i < sampled->count; i++) {
		struct text name = dump->names->names[sampled->names[i]];
		if (dump->form == DUMP_JSON) {
			if (i)
				sink_string(dump->sink, ", ");
			put_json_frame(dump, name);
			continue;
		}
		if (dump->form == DUMP_PYSPY)
			sink_string(dump->sink, "    ");
		sink_write(dump->sink, name.at, name.size);
		sink_char(dump->sink, '\n');
	}
	if (dump->form == DUMP_JSON)
		sink_string(dump->sink, "]}");
	dump->threads++;
}
