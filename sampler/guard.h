/* The target must not stand because we do: neither in the moment in which we have stopped it, nor because a signal that
 * it gets waits for its tracer. So we let go of it before we are stopped (SIGTSTP, SIGTTIN, SIGTTOU). SIGSTOP cannot be
 * caught: a process of its own looks whether we are stopped, wakes us by SIGCONT, and then we let go and stop again. */
#ifndef SAMPLER_GUARD_H
#define SAMPLER_GUARD_H

/* To be called before the first thread is seized, once trace_begin was. */
void guard_begin(void);
/* Signals as they were, and the guard ends. It does, too, when we do. */
void guard_end(void);

#endif
