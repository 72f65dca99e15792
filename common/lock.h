/* Locks that are held for some microseconds only: to sleep and be woken would take longer. */
#ifndef COMMON_LOCK_H
#define COMMON_LOCK_H

#include <pthread.h>
#include <sched.h>

static inline void lock_take(pthread_mutex_t *lock)
{
	enum { TRIES = 200 };
	for (int i = 0; i < TRIES; i++) {
		if (pthread_mutex_trylock(lock) == 0)
			return;
		sched_yield();
	}
	pthread_mutex_lock(lock);
}

#endif
