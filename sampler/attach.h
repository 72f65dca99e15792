/* Finds the interpreter in the program that is to be sampled, or ends pysample with a message that says why not. */
#ifndef SAMPLER_ATTACH_H
#define SAMPLER_ATTACH_H

#include "sampler/target.h"

/* target->pid is a command that child_start launched: waits for the interpreter to be there, because the command may be
 * a shell that starts it by exec. Ends the command if there is none. */
void attach_child(struct target *target);
/* target->pid is a process that runs. With `any` it need not be Python: what it starts is. */
void attach_process(struct target *target, bool any);
/* The process cannot be read any more: true if it becomes another Python program (and `target` is filled again) before
 * the time of clock_now is over. If not false, with a message unless it has ended. `process`: of proc_start_time. */
bool attach_again(struct target *target, uint64_t process, double until);
/* An image (image.h) stands for the process. */
void attach_image(struct target *target);

#endif
