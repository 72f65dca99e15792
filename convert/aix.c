/* Backtraces of AIX's procstack, one after the other; each stack counts 1. */
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/lines.h"

struct aix {
	struct stacks *stacks;
	struct skipped *skipped;
	struct buffer process;
	struct frame_list frames; /* leaf first */
};

/*
 * 5243134: /usr/bin/db -a
 * ---------- tid# 9568459 (pthread ID: 1) ----------
 * 0x090000000058d6d4  select(??, ??, ??) + 0xfc
 * 0x0000000100001234  Pool::wait(unsigned long)(??, ??) + 0x1c
 * 0x00000000000fa5ba  [no symbol] ...
 */

static void end_stack(struct aix *aix)
{
	if (!aix->frames.count)
		return;
	uint32_t root = frame_child(aix->stacks, 0, buffer_text(&aix->process));
	stacks_add(aix->stacks, frame_list_down(&aix->frames, aix->stacks, root), 1);
}

/* "select(??, ??) + 0xfc": select; the address where there is no name. */
static void add_frame(struct aix *aix, struct text line)
{
	struct text address = cut_word(&line), name = text_before(line, '(');
	const char *plus = text_find(name, " + 0x");
	if (plus)
		name.size = (size_t)(plus - name.at);
	name = text_trim(name);
	frame_list_add(&aix->frames, frame_name(aix->stacks, !name.size || text_starts(name, "[") ? address : name));
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct aix *aix = state;
	struct text rest = line;
	uint64_t number;
	if (text_starts(line, "0x")) {
		add_frame(aix, line);
	} else if (text_starts(line, "---------- tid# ")) {
		end_stack(aix);
	} else if (cut_integer(&rest, &number) && cut_start(&rest, ":")) {
		end_stack(aix);
		cut_blanks(&rest);
		struct text process = cut_word(&rest);
		buffer_clear(&aix->process);
		buffer_add(&aix->process, process.at, process.size);
	} else if (text_trim(line).size) {
		skip_record(aix->skipped, chunk, line.at, "neither a process, a thread nor a frame: %.*s",
			line.size > 60 ? 60 : (int)line.size, line.at);
	}
}

static void end_file(void *state, const struct chunk *chunk)
{
	struct aix *aix = state;
	(void)chunk;
	end_stack(aix);
	buffer_clear(&aix->process);
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct aix aix = {.stacks = stacks, .skipped = &run->skipped};
	lines_read(source, take_line, end_file, &aix);
	buffer_free(&aix.process);
	frame_list_free(&aix.frames);
	return true;
}

static bool is_thread(struct text line)
{
	return text_starts(line, "---------- tid# ");
}

static int detect(struct text head)
{
	return lines_any(head, is_thread) ? 80 : 0;
}

const struct converter aix_converter = {
	.name = "aix",
	.summary = "Converts backtraces of AIX's procstack to folded stacks.",
	.examples = "  for i in $(seq 100); do procstack PID; done | stackcollapse-aix | flamerender > out.svg\n",
	.detect = detect,
	.read = read,
};
