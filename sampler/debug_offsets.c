#include <string.h>

#include "sampler/layout.h"
#include "sampler/remote.h"

/* From 3.13 on _PyRuntime begins with _Py_DebugOffsets: the cookie "xdebugpy", the version (PY_VERSION_HEX), a flag for
 * free-threaded builds, then offsets, all 64-bit words. Where each stands in the table depends on the minor version. */
enum field {
	INTERPRETERS_HEAD,
	INTERPRETER_NEXT,
	THREADS_HEAD,
	CEVAL_GIL,
	GIL_STATE,
	GIL_LOCKED,
	GIL_HOLDER,
	THREAD_NEXT,
	THREAD_INTERPRETER,
	THREAD_FRAME,
	THREAD_ID,
	THREAD_NATIVE_ID,
	THREAD_CHUNK,
	THREAD_STATUS,
	THREAD_EXCEPTION,
	FRAME_SIZE,
	FRAME_PREVIOUS,
	FRAME_CODE,
	FRAME_POSITION,
	FRAME_OWNER,
	FRAME_COPY,
	CODE_SIZE,
	CODE_FILENAME,
	CODE_NAME,
	CODE_QUALNAME,
	CODE_LINE_TABLE,
	CODE_FIRST_LINE,
	CODE_BYTECODE,
	CODE_COPIES,
	OBJECT_TYPE,
	TYPE_NAME,
	BYTES_SIZE,
	BYTES_DATA,
	TEXT_STATE,
	TEXT_LENGTH,
	TEXT_ASCII,
	MODULES,
	INTERPRETER_GC,
	GC_COLLECTING,
	GC_FRAME,
	FIELDS
};

/* Byte positions in the table, 0 for what it does not have. A version that is not known is read like the newest one
 * that is. */
static const struct {
	unsigned minor;
	uint32_t state; /* of tstate->state, from the status on: the table does not have it */
	uint16_t position[FIELDS];
} tables[] = {
	{13, 8,
		{40, 64, 72, 112, 120, 136, 144, 168, 176, 184, 192, 200, 208, 216, 0, 224, 232, 240, 248, 264, 0, 272,
			280, 288, 296, 304, 312, 344, 0, 360, 376, 520, 528, 544, 552, 560, 88, 80, 576, 0}},
	{14, 12,
		{40, 64, 72, 120, 128, 144, 152, 192, 200, 208, 216, 224, 232, 240, 0, 248, 256, 264, 272, 288, 304,
			312, 320, 328, 336, 344, 352, 384, 392, 408, 424, 600, 608, 624, 632, 640, 96, 88, 656, 0}},
	{15, 16,
		{40, 64, 72, 120, 128, 144, 152, 192, 200, 208, 240, 248, 256, 264, 288, 312, 320, 328, 336, 352, 368,
			376, 384, 392, 400, 408, 416, 448, 456, 472, 488, 696, 704, 720, 728, 736, 96, 88, 760, 768}},
};
enum { TABLES = sizeof tables / sizeof *tables, TABLE_BYTES = 888, LARGEST = 1 << 22 };

static void set_layout(const uint32_t v[FIELDS], uint32_t state, struct layout *layout)
{
	layout->runtime.interpreters_head = v[INTERPRETERS_HEAD];
	layout->interpreter.next = v[INTERPRETER_NEXT];
	layout->interpreter.threads_head = v[THREADS_HEAD];
	layout->interpreter.gil = v[CEVAL_GIL];
	layout->interpreter.modules = v[MODULES];
	layout->gil_state.locked = v[GIL_LOCKED] - v[GIL_STATE];
	layout->gil_state.last_holder = v[GIL_HOLDER] - v[GIL_STATE];
	layout->gil_state.switches = layout->gil_state.locked + 8;
	layout->gc.collecting = v[GC_COLLECTING] ? v[INTERPRETER_GC] + v[GC_COLLECTING] : 0;
	layout->gc.frame = v[GC_FRAME] ? v[INTERPRETER_GC] + v[GC_FRAME] : 0;
	layout->thread.next = v[THREAD_NEXT];
	layout->thread.interpreter = v[THREAD_INTERPRETER];
	layout->thread.frame = v[THREAD_FRAME];
	layout->thread.thread_id = v[THREAD_ID];
	layout->thread.native_id = v[THREAD_NATIVE_ID];
	layout->thread.chunk = v[THREAD_CHUNK];
	layout->thread.top = v[THREAD_CHUNK] + 8;
	layout->thread.used = v[THREAD_CHUNK] + 16;
	layout->thread.state = v[THREAD_STATUS] + state;
	layout->exception.raised = v[THREAD_EXCEPTION] ? v[THREAD_EXCEPTION] : v[THREAD_FRAME] + 40;
	layout->exception.handled = layout->exception.raised + 8; /* exc_info follows in all of them */
	layout->exception.previous = 8;
	layout->frame.size = v[FRAME_SIZE];
	layout->frame.previous = v[FRAME_PREVIOUS];
	layout->frame.code = v[FRAME_CODE];
	layout->frame.position = v[FRAME_POSITION];
	layout->frame.owner = v[FRAME_OWNER];
	layout->frame.copy_number = v[FRAME_COPY];
	layout->code.size = v[CODE_SIZE];
	layout->code.filename = v[CODE_FILENAME];
	layout->code.name = v[CODE_NAME];
	layout->code.qualname = v[CODE_QUALNAME];
	layout->code.line_table = v[CODE_LINE_TABLE];
	layout->code.first_line = v[CODE_FIRST_LINE];
	layout->code.bytecode = v[CODE_BYTECODE];
	layout->code.copies = v[CODE_COPIES];
	layout->code.flags = layout->free_threaded ? 64 : 48; /* not in the table; the same since 3.11 */
	layout->object.type = v[OBJECT_TYPE];
	layout->object.type_name = v[TYPE_NAME];
	layout->bytes.size = v[BYTES_SIZE];
	layout->bytes.data = v[BYTES_DATA];
	layout->text.state = v[TEXT_STATE];
	layout->text.length = v[TEXT_LENGTH];
	layout->text.ascii = v[TEXT_ASCII];
	layout->text.compact = v[TEXT_ASCII] + 16; /* PyCompactUnicodeObject adds two words */
}

/* Every offset that is used must lie inside what will be read of the structure. */
static bool is_sane(const struct layout *layout)
{
	const uint32_t frame = layout->frame.size, code = layout->code.size;
	return frame >= 32 && frame <= 1024 && code >= 100 && code <= 4096 && layout->thread.used <= THREAD_BYTES &&
	       layout->thread.state + 4 <= layout->thread.used &&
	       layout->exception.handled + 8 <= layout->thread.used && layout->frame.previous + 8 <= frame &&
	       layout->frame.code + 8 <= frame && layout->frame.position + 8 <= frame &&
	       layout->frame.owner + 1 <= frame && layout->frame.copy_number + 4 <= frame &&
	       layout->code.filename + 8 <= code && layout->code.name + 8 <= code &&
	       layout->code.qualname + 8 <= code && layout->code.line_table + 8 <= code &&
	       layout->code.first_line + 4 <= code && layout->code.bytecode <= code &&
	       layout->code.copies + 8 <= code && layout->object.type + 8 <= code && layout->thread.next < 4096 &&
	       layout->thread.interpreter < 4096 && layout->thread.frame < 4096 && layout->thread.thread_id < 4096 &&
	       layout->thread.native_id < 4096 && layout->gil_state.locked < 256 &&
	       layout->gil_state.last_holder < 256 && layout->text.ascii <= 256 &&
	       layout->text.state + 4 <= layout->text.ascii && layout->text.length + 8 <= layout->text.ascii &&
	       layout->bytes.size + 8 <= layout->bytes.data && layout->bytes.data <= 256;
}

bool layout_from_process(pid_t pid, uint64_t runtime, struct layout *layout)
{
	unsigned char table[TABLE_BYTES];
	uint32_t values[FIELDS];
	if (!remote_read(pid, runtime, table, sizeof table) || memcmp(table, "xdebugpy", 8) != 0)
		return false;
	uint64_t version = word_at(table, 8);
	unsigned minor = version >> 16 & 0xFF;
	if (version >> 24 != 3 || minor < 13)
		return false;
	size_t which = 0;
	while (which + 1 < TABLES && tables[which].minor < minor)
		which++;
	for (int i = 0; i < FIELDS; i++) {
		uint16_t position = tables[which].position[i];
		uint64_t value = position ? word_at(table, position) : 0;
		if (value > LARGEST)
			return false;
		values[i] = (uint32_t)value;
	}
	*layout = (struct layout){.minor = minor,
		.frames = FRAME_IN_THREAD,
		.lines = LINES_LOCATIONS,
		.gil = GIL_INTERPRETER,
		.free_threaded = word_at(table, 16) != 0};
	set_layout(values, tables[which].state, layout);
	return is_sane(layout);
}
