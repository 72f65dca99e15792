/* The command that is launched to be sampled. */
#ifndef SAMPLER_CHILD_H
#define SAMPLER_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

/* Starts argv. With `away` its standard output goes to our standard error, because ours is for the profile. Ends the
 * program with a message if it cannot be started. */
pid_t child_start(char **argv, bool away);
/* Asks it to end with the signal, waits two seconds, then kills it. */
void child_end(pid_t child, int signal);

#endif
