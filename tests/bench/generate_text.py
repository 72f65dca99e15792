#!/usr/bin/env python3
"""generate_text.py --kind dtrace|sample|vtune|trace-event --size MB [--seed N]: what those programs print, for measuring converters."""
import argparse, random, sys

p = argparse.ArgumentParser()
p.add_argument("--kind", choices=("dtrace", "sample", "vtune", "trace-event"), required=True)
p.add_argument("--size", type=float, default=50)
p.add_argument("--seed", type=int, default=1)
a = p.parse_args()
r = random.Random(a.seed)
functions = [(r.choice(("libc.so.1", "genunix", "app", "libapp.so")), "%s_%d" % (r.choice(("open", "do_work", "handle_request", "lookup")), i)) for i in range(800)]
write, limit, written = sys.stdout.write, a.size * 1e6, 0


def walk(depth):
    f, out = r.randrange(20), []
    for _ in range(depth):
        out.append(functions[f])
        f = (f * 31 + r.randrange(4) * 17 + 7) % len(functions)
    return out


def dtrace():
    return "".join("              %s`%s+0x%x\n" % (m, f, len(f)) for m, f in reversed(walk(r.randint(5, 30)))) + "%17d\n\n" % r.randint(1, 99)


def sample():
    rows, count = [], r.randint(100, 900)
    for depth, (m, f) in enumerate(walk(r.randint(5, 30))):
        rows.append("    %s%d %s  (in %s) + %d  [0x%x]\n" % ("+ " * depth, count, f, m, r.randrange(500), r.randrange(1 << 44)))
        count -= r.randrange(3)
    return "".join(rows)


def vtune():
    return "".join("%s%s,%.3f,%s\n" % (" " * (d + 1), f, r.random(), m) for d, (m, f) in enumerate(walk(r.randint(5, 30))))


time = 0


def event():
    global time
    time += r.randrange(1, 50)
    m, f = r.choice(functions)
    return '{"pid": 7, "tid": %d, "ts": %d.%03d, "dur": %d, "name": "%s (/home/user/project/%s.py:%d)", "ph": "X", "cat": "FEE"},\n' % (
        r.randrange(3), time, r.randrange(1000), r.randrange(1, 400), f, m, len(f))


head, body, tail = {
    "dtrace": ("CPU     ID                    FUNCTION:NAME\n  0  64091                        :tick-60s\n\n\n", dtrace, ""),
    "sample": ("Analysis of sampling app (pid 7) every 1 millisecond\n\nCall graph:\n", sample, "\nTotal number in stack (recursive counted multiple, when >=5):\n"),
    "vtune": ("Function Stack,CPU Time:Self,Module\nTotal,0.0,[Unknown]\n", vtune, ""),
    "trace-event": ('{"traceEvents": [\n', event, "{}]}\n"),
}[a.kind]
known = [body() for _ in range(5000)] if a.kind != "trace-event" else None
write(head)
while written < limit:
    text = r.choice(known) if known else body()
    write(text)
    written += len(text)
write(tail)
