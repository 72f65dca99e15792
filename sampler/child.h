/* The command that is launched to be sampled. */
#ifndef SAMPLER_CHILD_H
#define SAMPLER_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

/* Where its standard output goes. */
enum child_output {
	CHILD_AS_IT_IS,
	CHILD_TO_STDERR, /* ours is for the profile */
	CHILD_SILENT,    /* nowhere, and its standard error, too, and it gets no input: the terminal is ours */
};

/* Starts argv. Ends the program with a message if it cannot be started. The command is ended with the program, if not
 * by child_end before. */
pid_t child_start(char **argv, enum child_output output);
/* Asks it to end with the signal, waits two seconds, then kills it. */
void child_end(pid_t child, int signal);

#endif
