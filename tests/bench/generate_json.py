#!/usr/bin/env python3
"""generate_json.py --kind cpuprofile|firefox|safari|speedscope --size MB [--stacks N] [--seed N]: profiles, for measuring converters.

Each stack is a walk of 5 to 40 calls through a graph of 20,000 functions. Without --stacks nearly all are different;
with it the samples are drawn from N, some of them far more often than others.
"""
import argparse, json, random, sys

p = argparse.ArgumentParser()
p.add_argument("--kind", choices=("cpuprofile", "firefox", "safari", "speedscope"), required=True)
p.add_argument("--size", type=float, default=50)
p.add_argument("--stacks", type=int, default=0)
p.add_argument("--seed", type=int, default=1)
a = p.parse_args()
r = random.Random(a.seed)
N = 20000
names = ["%s_%d" % (r.choice(("open", "doWork", "handleRequest", "lookup", "Foo.prototype.bar")), i) for i in range(N)]
limit = a.size * 1e6


def text(value):
    return json.dumps(value, separators=(",", ":"))


def walk():
    f, out = r.randrange(50), []
    for _ in range(r.randint(5, 40)):
        out.append(f)
        f = (f * 31 + r.randrange(3) * 1717 + 7) % N
    return out


walks = [walk() for _ in range(a.stacks)]


def stack():
    return walks[int(len(walks) * r.random() ** 3)] if walks else walk()


class Tree:
    """Stacks as (parent, function); the parent of roots is -1."""

    def __init__(self):
        self.known, self.nodes = {}, []

    def add(self, stack):
        parent = -1
        for f in stack:
            if (parent, f) not in self.known:
                self.known[parent, f] = len(self.nodes)
                self.nodes.append((parent, f))
            parent = self.known[parent, f]
        return parent


def tree_of(bytes_of_node, bytes_of_sample):
    tree, samples = Tree(), []
    while len(tree.nodes) * bytes_of_node + len(samples) * bytes_of_sample < limit:
        samples.append(tree.add(stack()))
    return tree, samples


def stacks(frame, share):
    """The elements of an array, one stack each."""
    out, size = [], 0
    while size < limit * share:
        out.append(text(frame(stack(), len(out))))
        size += len(out[-1]) + 1
    return out


def cpuprofile():
    tree, samples = tree_of(150, 14)
    children = {}
    for i, (parent, f) in enumerate(tree.nodes):
        children.setdefault(parent, []).append(i + 2)
    nodes = [{"id": 1, "callFrame": {"functionName": "(root)", "scriptId": "0", "url": "", "lineNumber": -1, "columnNumber": -1},
              "hitCount": 0, "children": children.get(-1, [])}]
    for i, (parent, f) in enumerate(tree.nodes):
        nodes.append({"id": i + 2, "callFrame": {"functionName": names[f], "scriptId": str(f % 90), "url": "file:///home/u/p/%s.js" % names[f % 90],
                                                 "lineNumber": f % 999, "columnNumber": f % 80}, "hitCount": 1, "children": children.get(i, [])})
    return text({"nodes": nodes, "startTime": 1, "endTime": 10**9, "samples": [s + 2 for s in samples], "timeDeltas": [r.randint(90, 300) for _ in samples]})


def firefox():
    tree, samples = tree_of(22, 20)
    count = len(tree.nodes)
    none = [None] * N
    return text({"meta": {"version": 27, "interval": 1, "preprocessedProfileVersion": 44}, "libs": [], "threads": [{
        "name": "GeckoMain", "pid": "1", "tid": 1,
        "samples": {"length": len(samples), "stack": samples, "time": [i * 1.0 for i in range(len(samples))], "weight": None, "weightType": "samples"},
        "stackTable": {"length": count, "prefix": [None if q < 0 else q for q, f in tree.nodes], "frame": [f for q, f in tree.nodes], "category": [0] * count},
        "frameTable": {"length": N, "func": list(range(N)), "line": none, "column": none},
        "funcTable": {"length": N, "name": list(range(N)), "fileName": none, "lineNumber": none},
        "stringArray": names}]})


def safari():
    def trace(stack, i):
        return {"timestamp": i * .001, "stackFrames": [{"sourceID": str(f % 90), "name": names[f], "line": f % 999, "column": f % 80,
                                                       "url": "file:///home/u/p/%s.js" % names[f % 90]} for f in stack[::-1]]}
    traces = stacks(trace, .98)
    return '{"version":1,"recording":{"displayName":"x","startTime":0,"endTime":9,"sampleStackTraces":[%s],"sampleDurations":[%s]}}' % (
        ",".join(traces), ",".join(["0.001"] * len(traces)))


def speedscope():
    samples = stacks(lambda stack, i: stack, .95)
    frames = [{"name": name, "file": "/a/%s.py" % name, "line": i % 300} for i, name in enumerate(names)]
    return ('{"$schema":"https://www.speedscope.app/file-format-schema.json","shared":{"frames":%s},"profiles":[{"type":"sampled","name":"t",'
            '"unit":"microseconds","startValue":0,"endValue":1,"samples":[%s],"weights":[%s]}]}' % (
                text(frames), ",".join(samples), ",".join(str(r.randint(1, 99)) for _ in samples)))


sys.stdout.write({"cpuprofile": cpuprofile, "firefox": firefox, "safari": safari, "speedscope": speedscope}[a.kind]())
