/* What threads know in common of blocks, while the table grows, is emptied, and is looked into by those who have an
 * older one. */
#include <pthread.h>

#include "check.h"
#include "convert/blocks.h"
#include "convert/converter.h"

const struct converter *const converters[] = {NULL};

enum { MANY = 3 << 20, STACKS = 1000, THREADS = 3, ROUNDS = 30000 };

static struct hash128 key_of(uint32_t number)
{
	return (struct hash128){hash_mix(number, 1), hash_mix(number, 2)};
}

static void test_growth(void)
{
	struct stacks *stacks = stacks_new(false);
	struct blocks_shared *shared = blocks_share(stacks);
	struct blocks one, other;
	blocks_join(&one, shared);
	blocks_join(&other, shared);
	for (uint32_t i = 0; i < MANY; i++)
		blocks_know(&one, key_of(i), i);
	uint32_t lost = 0, wrong = 0;
	for (uint32_t i = 0; i < MANY; i++) {
		int64_t found = blocks_find(&other, key_of(i));
		lost += found < 0;
		wrong += found >= 0 && found != i;
		lost += i + 1000 >= MANY && found < 0 ? MANY : 0; /* the newest are known */
	}
	CHECK(wrong == 0, "another number was found");
	CHECK(lost > 0 && lost < MANY, "the older ones are forgotten, not the newest");
	blocks_leave(&one);
	blocks_leave(&other);
	blocks_share_free(shared);
	stacks_free(stacks);
}

static uint32_t number_of(uint32_t round)
{
	return (uint32_t)hash_mix(round, 3) % STACKS;
}

struct job {
	struct blocks blocks;
	uint32_t wrong;
};

/* Finds or adds the stacks as a format does: number -> a stack of one frame of that name. */
static void *work(void *argument)
{
	struct job *job = argument;
	for (uint32_t i = 0; i < ROUNDS; i++) {
		uint32_t number = number_of(i);
		struct hash128 key = key_of(number);
		int64_t known = blocks_find(&job->blocks, key);
		if (known < 0) {
			char name[16];
			int size = snprintf(name, sizeof name, "%u", number);
			uint32_t frame = blocks_name(&job->blocks, name, (size_t)size);
			known = blocks_stack(&job->blocks, &frame, 1, &key);
		}
		blocks_weigh(&job->blocks, (uint32_t)known, number);
	}
	return NULL;
}

static void test_threads(void)
{
	static struct job jobs[THREADS];
	pthread_t ids[THREADS];
	struct stacks *stacks = stacks_new(false);
	struct blocks_shared *shared = blocks_share(stacks);
	for (int i = 0; i < THREADS; i++)
		blocks_join(&jobs[i].blocks, shared);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&ids[i], NULL, work, &jobs[i]);
	for (int i = 0; i < THREADS; i++)
		pthread_join(ids[i], NULL);
	for (int i = 0; i < THREADS; i++)
		blocks_leave(&jobs[i].blocks);
	blocks_share_free(shared);
	double expected[STACKS] = {0};
	for (uint32_t i = 0; i < ROUNDS; i++)
		expected[number_of(i)] += (double)number_of(i) * THREADS;
	uint32_t wrong = 0;
	for (size_t i = 0; i < stacks->whole.count; i++) {
		double number = -1;
		text_number(stacks->names.names[stacks->whole.stacks[i].names[0]], false, &number);
		wrong += number < 0 || stacks->whole.stacks[i].weight != expected[(size_t)number];
	}
	CHECK(stacks->whole.count == STACKS, "stacks of all threads");
	CHECK(wrong == 0, "weights of all threads");
	stacks_free(stacks);
}

int main(void)
{
	test_growth();
	test_threads();
	return check_end();
}
