#!/usr/bin/env python3
"""brute.py make SEED: random folded text with recursion.
brute.py edit FILE [thread=NAME] [reverse] [hide=NAME] [only=NAME] ...: the folded text after these steps, the plain way."""
import random
import sys


def make(seed):
    r = random.Random(seed)
    for stack in sorted({";".join(r.choices("abcdef", k=r.randint(1, 9))) for _ in range(300)}):
        print(stack, r.randint(1, 9))


def step(frames, kind, name):
    if kind == "thread":
        return frames if frames[:1] == [name] else None
    if kind == "reverse":
        return frames[::-1]
    if kind == "hide":
        return [f for f in frames if f != name]
    return frames[frames.index(name):] if name in frames else None


def edit(path, steps):
    sums = {}
    for line in open(path):
        stack, count = line.rsplit(" ", 1)
        frames = stack.split(";")
        for s in steps:
            kind, _, name = s.partition("=")
            frames = step(frames, kind, name)
            if frames is None:
                break
        else:
            key = ";".join(frames)
            sums[key] = sums.get(key, 0) + int(count)
    for key in sorted(sums, key=str.encode):
        print(key, sums[key])


make(int(sys.argv[2])) if sys.argv[1] == "make" else edit(sys.argv[2], sys.argv[3:])
