#!/usr/bin/env python3
"""generate_perf.py --kind repeated|many|unique|deep --size MB [--seed N]: text as `perf script` prints it.

repeated: 2,000 different stacks, byte by byte; many: 12,000 for each 100 MB; unique: each stack a walk of its own through a call tree of 5,000 functions, with
other addresses every time; deep: 200 different stacks of 500 to 2,000 frames.
"""
import argparse, random, sys

p = argparse.ArgumentParser()
p.add_argument("--kind", choices=("repeated", "many", "unique", "deep"), default="repeated")
p.add_argument("--size", type=float, default=100)
p.add_argument("--seed", type=int, default=1)
a = p.parse_args()

r = random.Random(a.seed)
modules = ["/usr/lib/x86_64-linux-gnu/libc.so.6", "/usr/bin/server", "[kernel.kallsyms]", "/opt/app/lib/libapp.so"]
functions = []
for i in range(5000):
    name = r.choice(["do_work_%d", "app::Worker<int>::run_%d(int, char const*)", "std::vector<Item>::push_back_%d", "handle_request_%d"])
    functions.append((name % i, r.choice(modules), r.randrange(1 << 20, 1 << 44)))


def frame(f):
    name, module, address = functions[f]
    offset = r.randrange(0, 256)
    return "\t%16x %s+0x%x (%s)\n" % (address + offset, name, offset, module)


def walk(low, high):
    depth, f, lines = r.randint(low, high), r.randrange(50), []
    for _ in range(depth):
        lines.append(f)
        f = (f * 31 + r.randrange(6) * 17 + 7) % len(functions)
    return "".join(frame(x) for x in reversed(lines))


fixed = None
if a.kind != "unique":
    low, high, count = {"repeated": (5, 40, 2000), "many": (5, 40, int(a.size * 120)), "deep": (500, 2000, 200)}[a.kind]
    fixed = [walk(low, high) for _ in range(count)]
written, time, limit = 0, 1000.0, a.size * 1e6
while written < limit:
    time += 0.0101
    body = r.choice(fixed) if fixed else walk(5, 40)
    tid = r.randrange(100, 104)
    text = "server %5d/%d [%03d] %12.6f:   10101010 cpu-clock:uhppp: \n%s\n" % (100, tid, tid % 4, time, body)
    sys.stdout.write(text)
    written += len(text)
