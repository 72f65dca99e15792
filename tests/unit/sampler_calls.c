/* sampler/calls: what was seen for certain three times is known, nothing else is. */
#include "check.h"
#include "sampler/calls.h"

/* main at 10 calls work at 20 calls leaf; leaf first. */
static struct frame_ref frames[] = {{.address = 3, .code = 300, .position = 1},
	{.address = 2, .code = 200, .position = 20}, {.address = 1, .code = 100, .position = 10}};
static const struct pystack stack = {.frames = frames, .count = 3, .complete = true};

static void learned(void)
{
	struct calls calls = {0};
	CHECK(!calls_knows(&calls, &stack, 0), "nothing is known at first");
	calls_learn(&calls, &stack, 0);
	calls_learn(&calls, &stack, 0);
	CHECK(!calls_knows(&calls, &stack, 0), "twice is not known");
	calls_learn(&calls, &stack, 0);
	CHECK(calls_knows(&calls, &stack, 0), "three times is");
	CHECK(!calls_knows(&calls, &stack, 1), "its caller's call is another");
	for (int i = 0; i < 3; i++)
		calls_learn(&calls, &stack, 2);
	CHECK(calls_knows(&calls, &stack, 2), "the root is known");
	frames[0].position = 2; /* where the leaf is matters not */
	CHECK(calls_knows(&calls, &stack, 0), "the leaf's own instruction is no matter");
	frames[1].position = 21; /* where its caller is does */
	CHECK(!calls_knows(&calls, &stack, 0), "the caller's is");
	frames[1].position = 20;
	frames[2].code = 101; /* another root */
	CHECK(!calls_knows(&calls, &stack, 2), "another root");
	frames[2].code = 100;
	calls_forget(&calls);
	CHECK(!calls_knows(&calls, &stack, 0), "all is forgotten");
	calls_free(&calls);
}

static void many(void)
{
	struct calls calls = {0};
	for (uint64_t position = 0; position < 5000; position++)
		for (int i = 0; i < 3; i++) {
			frames[1].position = position;
			calls_learn(&calls, &stack, 0);
		}
	for (uint64_t position = 0; position < 6000; position++) {
		frames[1].position = position;
		CHECK(calls_knows(&calls, &stack, 0) == (position < 5000), "known as learned");
	}
	for (uint64_t position = 0; position < 1000000; position++) { /* they are forgotten, not kept for ever */
		frames[1].position = position;
		calls_learn(&calls, &stack, 0);
	}
	CHECK(calls.slots <= 1 << 18, "the table is bounded");
	calls_free(&calls);
}

int main(void)
{
	learned();
	many();
	return check_end();
}
