#!/usr/bin/env python3
"""generate_folded.py STACKS [--depth LOW HIGH] [--names N] [--unsorted] [--seed N]: folded text with that many unique stacks.

A random walk over a call tree: each stack keeps a part of the one before, so that stacks share prefixes as real ones do.
"""
import argparse, random, sys

p = argparse.ArgumentParser()
p.add_argument("stacks", type=int)
p.add_argument("--depth", type=int, nargs=2, default=(5, 80))
p.add_argument("--names", type=int, default=4000)
p.add_argument("--unsorted", action="store_true")
p.add_argument("--seed", type=int, default=1)
a = p.parse_args()

r = random.Random(a.seed)
low, high = a.depth
names = ["%s%d" % (r.choice(("f", "g", "m_", "op", "x")), i) for i in range(a.names)]
stack, seen, lines = ["main"], set(), []
while len(lines) < a.stacks:
    depth = r.randint(low, high)
    keep = min(max(1, len(stack) - int(r.expovariate(1 / 6)) - 1), depth - 1)
    stack = stack[:keep] + r.choices(names, k=min(depth - keep, 1 + int(r.expovariate(1 / 6))))
    while len(stack) < low:
        stack.append(r.choice(names))
    text = ";".join(stack)
    key = hash(text)
    if key not in seen:
        seen.add(key)
        lines.append("%s %d\n" % (text, r.randint(1, 50)))
if a.unsorted:
    r.shuffle(lines)
else:
    lines.sort(key=lambda line: line.encode())
sys.stdout.writelines(lines)
