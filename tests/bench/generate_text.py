#!/usr/bin/env python3
"""generate_text.py --kind dtrace|sample|vtune|xctrace|trace-event --size MB [--seed N]: what those programs print, for measuring converters."""
import argparse, random, sys

p = argparse.ArgumentParser()
p.add_argument("--kind", choices=("dtrace", "sample", "vtune", "xctrace", "trace-event"), required=True)
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


ids, frame_ids, last_backtrace, walks = 100, {}, 10, []


def frame(f):
    """Each call site is there once with all it says, then by its id."""
    global ids
    site = (f, r.randrange(4))
    if site in frame_ids:
        return '<frame ref="%d"/>' % frame_ids[site]
    ids += 1
    if r.random() < 0.1:
        frame_ids[site] = ids
    return '<frame id="%d" name="%s" addr="0x%x"><binary ref="12"/></frame>' % (ids, f[1], r.randrange(1 << 44))


def row():
    """Of four rows one refers to a backtrace that was there; of the frames in the others about one in ten is new."""
    global time, ids, last_backtrace
    if not walks:
        walks.extend(walk(r.randint(5, 30))[::-1] for _ in range(5000))
    time += 1000000
    ids += 1
    head = ('<row><sample-time id="%d" fmt="00:%02d.%03d.248">%d</sample-time><thread ref="2"/><process ref="4"/><core ref="7"/>'
            '<thread-state ref="8"/><weight ref="9"/>' % (ids, time // 10**9 % 60, time // 10**6 % 1000, time))
    if r.random() < 0.25:
        return head + '<backtrace ref="%d"/></row>\n' % last_backtrace
    ids += 1
    last_backtrace = ids
    return head + '<backtrace id="%d">%s</backtrace></row>\n' % (last_backtrace, "".join(map(frame, r.choice(walks))))


head, body, tail = {
    "dtrace": ("CPU     ID                    FUNCTION:NAME\n  0  64091                        :tick-60s\n\n\n", dtrace, ""),
    "sample": ("Analysis of sampling app (pid 7) every 1 millisecond\n\nCall graph:\n", sample, "\nTotal number in stack (recursive counted multiple, when >=5):\n"),
    "vtune": ("Function Stack,CPU Time:Self,Module\nTotal,0.0,[Unknown]\n", vtune, ""),
    "xctrace": ('<?xml version="1.0"?>\n<trace-query-result>\n<node xpath=\'//trace-toc[1]/run[1]/data[1]/table[1]\'><row><sample-time id="1" fmt="00:00.000.001">1</sample-time>'
                '<thread id="2" fmt="main  0x8480c1 (app, pid: 49374)"><tid id="3" fmt="0x8480c1">8683713</tid><process id="4" fmt="app (49374)">'
                '<pid id="5" fmt="49374">49374</pid></process></thread><process ref="4"/><core id="7" fmt="CPU 4">4</core><thread-state id="8" fmt="Running">Running'
                '</thread-state><weight id="9" fmt="1.00 ms">1000000</weight><backtrace id="10"><frame id="11" name="main" addr="0x1"><binary id="12" name="app" '
                'UUID="82B6" arch="arm64" load-addr="0x100" path="/bin/app"/></frame></backtrace></row>\n', row, "</node></trace-query-result>\n"),
    "trace-event": ('{"traceEvents": [\n', event, "{}]}\n"),
}[a.kind]
known = [body() for _ in range(5000)] if a.kind not in ("trace-event", "xctrace") else None
write(head)
while written < limit:
    text = r.choice(known) if known else body()
    write(text)
    written += len(text)
write(tail)
