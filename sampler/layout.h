/* Where things are inside CPython's structures, by version. */
#ifndef SAMPLER_LAYOUT_H
#define SAMPLER_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* How the frames of a thread are found. */
enum frame_kind {
	FRAME_OBJECTS,   /* up to 3.10: PyFrameObject, linked by f_back, on the heap */
	FRAME_CFRAME,    /* 3.11, 3.12: _PyInterpreterFrame, found through tstate->cframe */
	FRAME_IN_THREAD, /* 3.13 and on: tstate->current_frame */
};

/* How the number of a frame's instruction becomes a line. */
enum line_kind {
	LINES_LNOTAB,   /* 3.6 to 3.9: pairs of byte and line steps */
	LINES_UNSIGNED, /* 2.7: the same, lines only go up */
	LINES_RANGES,   /* 3.10: pairs of length and line step */
	LINES_LOCATIONS /* 3.11 and on: the location table */
};

/* Where the holder of the GIL is noted. */
enum gil_kind {
	GIL_CURRENT,     /* 3.7 to 3.11: _PyRuntime.gilstate.tstate_current */
	GIL_INTERPRETER, /* 3.12 and on: interp->ceval.gil -> {last_holder, locked} */
	GIL_VARIABLE,    /* up to 3.6: _PyThreadState_Current */
};

/* Most bytes of a thread state that are used. */
enum { THREAD_BYTES = 4096 };

/* Offsets in bytes; 0 where the version does not have the field, unless 0 is its place. Computed by offsetof from each
 * version's own headers (3.13 and on: read from the process's table), see docs/adding-a-python.md. */
struct layout {
	unsigned minor; /* 3.minor; 0: 2.7 */
	enum frame_kind frames;
	enum line_kind lines;
	enum gil_kind gil;
	bool free_threaded;
	bool byte_strings; /* 2.7: names are byte strings, not str objects */
	struct {
		uint32_t interpreters_head, current_thread;
	} runtime;
	struct {
		uint32_t next, threads_head, gil; /* gil: pointer to {?, last_holder, locked} */
		uint32_t modules;                 /* sys.modules */
	} interpreter;
	struct {
		uint32_t last_holder, locked, switches; /* switches: how often another thread than before took it */
	} gil_state;
	struct {
		uint32_t collecting; /* in the interpreter (up to 3.8 in _PyRuntime): garbage is being collected; 0:
					unknown */
		uint32_t frame;      /* in the interpreter, 3.15 and on: the frame that it interrupted */
	} gc;
	struct {
		uint32_t next, interpreter, frame, thread_id, native_id, chunk,
			top;    /* frame: frame, cframe or current_frame */
		uint32_t state; /* free-threaded builds: 1 while it is attached */
		uint32_t used;  /* bytes of the structure that hold all of these */
	} thread;
	struct {
		uint32_t raised, handled; /* in the thread state */
		uint32_t previous;        /* 3.7 and on: `handled` is a pointer to _PyErr_StackItem, that has the
					     exception first and the next item there; 0: it is the exception */
		bool raises_class, handles_class; /* not exceptions stand there, but their classes */
	} exception;
	uint32_t cframe_current, cframe_previous; /* in _PyCFrame */
	struct {
		uint32_t previous, code, position, owner, size, first_local; /* up to 3.10 */
		uint32_t copy_number; /* free-threaded builds from 3.14 on: of the bytecode's copy (tlbc_index) */
	} frame;
	struct {
		uint32_t filename, name, qualname, first_line, line_table, flags, size;
		uint32_t bytecode;                       /* pointer to bytes (up to 3.10), or the first instruction */
		uint32_t copies;                         /* co_tlbc, with copy_number */
		uint32_t argument_count, variable_names; /* up to 3.10 */
	} code;
	struct {
		uint32_t type, type_name; /* ob_type; tp_name in the type */
	} object;
	struct {
		uint32_t length, state, ascii,
			compact; /* ascii, compact: where the characters are; compact + 0: pointer if not compact */
	} text;
	struct {
		uint32_t size, data;
	} bytes;
};

/* The layout of 3.minor, 6 to 12, or of 2.7 (minor 0); NULL if it is not known. */
const struct layout *layout_find(unsigned minor);
/* 3.13 and on: from the table at the start of _PyRuntime. False if there is none, or it makes no sense. */
bool layout_from_process(pid_t pid, uint64_t runtime, struct layout *layout);

#endif
