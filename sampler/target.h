/* A Python process and what is known of it. */
#ifndef SAMPLER_TARGET_H
#define SAMPLER_TARGET_H

#include "sampler/layout.h"

struct target {
	pid_t pid;
	struct layout layout;
	uint64_t runtime;        /* address of _PyRuntime; up to 3.6 of interp_head's place */
	uint64_t current_thread; /* address of _PyThreadState_Current (GIL_VARIABLE) */
	uint64_t code_type;      /* address of PyCode_Type, once seen */
	uint32_t tid_offset;     /* of the kernel's thread number in glibc's struct pthread, once found (up to 3.10) */
};

enum located {
	LOCATED,
	LOCATE_NOT_PYTHON,  /* no interpreter in it (yet) */
	LOCATE_GONE,        /* the process has ended */
	LOCATE_FORBIDDEN,   /* its memory may not be read */
	LOCATE_UNSUPPORTED, /* an interpreter that is not known: `why` says which */
};
/* Finds the interpreter of target->pid and fills the rest. */
enum located target_locate(struct target *target, char why[200]);

/* The interpreter states, newest first; at most `most`. Returns their number. */
size_t target_interpreters(const struct target *target, uint64_t *list, size_t most);
/* The thread states of an interpreter, newest first; at most `most`. */
size_t target_threads(const struct target *target, uint64_t interpreter, uint64_t *list, size_t most);

#endif
