/* Lines of Java stack traces. */
#ifndef CONVERT_JAVA_H
#define CONVERT_JAVA_H

#include "common/opt.h"
#include "common/stacks.h"

/* How frames are named. */
struct java_naming {
	bool shorten; /* packages by their initials: j.l.Thread.run */
	bool bare;    /* no packages: Thread.run */
	bool lines;   /* with line numbers: java.lang.Thread.run:840 */
};

/* Takes a line "	at java.lang.Thread.run(Thread.java:840)" apart; false if it is none. `number` is empty if no
 * line is known. */
bool java_frame_cut(struct text line, struct text *method, struct text *number);
/* The number of the frame's name. */
uint32_t java_frame_name(
	struct stacks *stacks, struct text method, struct text number, const struct java_naming *naming);

/* The options of thread dumps, and what they ask for. */
extern const struct opt java_dump_options[];
struct java_dump {
	bool include_name, omit_name;     /* the first frame is the thread's name, unless omit_name */
	bool include_number, omit_number; /* with its number, if include_number */
	bool no_shorten;
	struct java_naming naming;
};
extern struct java_dump java_dump;

/* The name of a thread for a root frame: a number at its end ("pool-1-thread-7") is left out unless `with_number`. */
struct text java_thread_name(struct text name, bool with_number);

#endif
