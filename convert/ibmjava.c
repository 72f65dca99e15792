/* The thread dumps (javacores) of IBM's and Eclipse's J9 virtual machine. Each thread counts 1. */
#include "convert/converter.h"
#include "convert/cut.h"
#include "convert/frame.h"
#include "convert/java.h"
#include "convert/lines.h"

struct ibmjava {
	struct stacks *stacks;
	struct skipped *skipped;
	bool inside; /* of a thread's record */
	struct buffer thread;
	struct frame_list frames; /* leaf first */
};

/*
 * 3XMTHREADINFO      "Default-thread-1" J9VMThread:0x8132B00, j9thread_t:0x1A81, java/lang/Thread:0x7, state:R, prio=5
 * 3XMTHREADINFO1            (native thread ID:0x3158, native priority:0x5, native policy:UNKNOWN, vmstate:R)
 * 3XMTHREADINFO3           Java callstack:
 * 4XESTACKTRACE                at java/net/SocketInputStream.read(SocketInputStream.java:182(Compiled Code))
 * 4XESTACKTRACE                at java/lang/Thread.run(Thread.java:785(Compiled Code))
 * 3XMTHREADINFO3           Native callstack:
 * 4XENATIVESTACK               ZwWaitForSingleObject+0xa (0x0000000077629DFA [ntdll+0x9dfa])
 */

static void end_thread(struct ibmjava *ibmjava)
{
	if (!ibmjava->inside)
		return;
	uint32_t node = java_dump.omit_name ? 0 : frame_child(ibmjava->stacks, 0, buffer_text(&ibmjava->thread));
	node = frame_list_down(&ibmjava->frames, ibmjava->stacks, node);
	if (node)
		stacks_add(ibmjava->stacks, node, 1);
	ibmjava->inside = false;
}

/* "Default-thread-1" J9VMThread:0x8132B00, ...; or Anonymous native thread. */
static void begin_thread(struct ibmjava *ibmjava, struct text rest)
{
	end_thread(ibmjava);
	ibmjava->inside = true;
	ibmjava->frames.count = 0;
	cut_blanks(&rest);
	struct text name = cut_start(&rest, "\"") ? text_before(rest, '"') : text_trim(rest);
	buffer_clear(&ibmjava->thread);
	buffer_add(&ibmjava->thread, name.at, name.size);
}

/*            (native thread ID:0x3158, native priority:0x5 */
static void add_number(struct ibmjava *ibmjava, struct text rest)
{
	struct text before;
	if (!java_dump.include_number || !cut_until(&rest, "(native thread ID:", &before))
		return;
	struct text number = text_before(rest, ',');
	buffer_add_char(&ibmjava->thread, '-');
	buffer_add(&ibmjava->thread, number.at, number.size);
}

static void take_line(void *state, const struct chunk *chunk, struct text line)
{
	struct ibmjava *ibmjava = state;
	struct text method, number, rest = line;
	if (cut_start(&rest, "3XMTHREADINFO "))
		begin_thread(ibmjava, rest);
	else if (!ibmjava->inside)
		return;
	else if (cut_start(&rest, "3XMTHREADINFO1 "))
		add_number(ibmjava, rest);
	else if (cut_start(&rest, "3XMTHREADINFO3 ") && text_find(rest, "Native callstack"))
		end_thread(ibmjava);
	else if (cut_start(&rest, "4XESTACKTRACE ") && java_frame_cut(rest, &method, &number))
		frame_list_add(&ibmjava->frames, java_frame_name(ibmjava->stacks, method, number, &java_dump.naming));
	else if (text_starts(line, "4XESTACKTRACE"))
		skip_record(ibmjava->skipped, chunk, line.at, "a stack line that is not 'at METHOD(PLACE)'");
}

static void end_file(void *state, const struct chunk *chunk)
{
	(void)chunk;
	end_thread(state);
}

static bool read(struct source *source, struct stacks *stacks, struct run *run)
{
	struct ibmjava ibmjava = {.stacks = stacks, .skipped = &run->skipped};
	lines_read(source, take_line, end_file, &ibmjava);
	buffer_free(&ibmjava.thread);
	frame_list_free(&ibmjava.frames);
	return true;
}

static bool is_thread(struct text line)
{
	return text_starts(line, "3XMTHREADINFO") || text_starts(line, "1TISIGINFO") || text_starts(line, "1XMTHDINFO");
}

static int detect(struct text head)
{
	return lines_any(head, is_thread) ? 100 : 0;
}

const struct converter ibmjava_converter = {
	.name = "ibmjava",
	.summary = "Converts thread dumps of IBM's Java (javacores) to folded stacks.",
	.examples = "  stackcollapse-ibmjava javacore.*.txt | flamerender > out.svg\n",
	.options = java_dump_options,
	.detect = detect,
	.read = read,
};
